"""
The asynchronous core: one call with its retries, and listings page after page.

Law: written once for both fronts; it reaches the world through a port only and holds no task between two items.
"""
