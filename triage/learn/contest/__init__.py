"""A new model against the one that is live -> a verdict, per slice.

In: both models and cases that neither has seen. Out: whether the new one may replace the old.
Not here: fitting (heads), making it live (publishing).
"""
