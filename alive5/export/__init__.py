"""
Bulk export: all conversations of a period on disk, provably, and again tomorrow.

``client.export(...)`` is the way in. ``run`` leads through a job; ``planner``,
``paging`` and ``grades`` are pure; ``store`` is where rows are kept.
"""
