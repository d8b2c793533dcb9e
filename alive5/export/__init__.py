"""
Bulk export: all conversations of a period on disk, with proof of completeness, extended by each run.

``client.export(...)`` starts one. ``run`` is the sequence of its steps;
``planner``, ``paging`` and ``grades`` are pure; ``store`` keeps the rows.
"""
