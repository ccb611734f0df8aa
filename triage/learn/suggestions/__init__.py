"""Questions whose right threads are known -> ranker, gate, adaptation, quality of answers.

In: a forum's own links and confirmations, or judged queries. Out: fitted parts of a bundle.
Not here: ranking at serving time (rank), showing (decide), labels (heads).
"""
