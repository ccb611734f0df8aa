"""Resolved cases -> a fitted, measured and published bundle; and the evaluations.

In: cases and judged questions. Out: bundles, tables of numbers.
Not here: serving. Serving code never imports this room.
"""
