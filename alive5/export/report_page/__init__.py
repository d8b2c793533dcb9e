"""
An export as one page to look at: figures, charts and, where asked for, transcripts.

Law: it knows figures and rows, not where they came from; the page loads
nothing, and what a stranger wrote is text in it, never markup.
"""
