"""How much of each tab waits for somebody, as it stands beside the tab.

In: a connection, a forum. Out: numbers by tab; a tab without one is not named.
Not here: the counts themselves (store), what is shown of them (here).
"""

from collections.abc import Mapping

from triage import store
from triage.records import Forum, JobKind


def opened(c: store.Connection, forum: Forum) -> Mapping[str, int]:
    """Return how much is open, by tab."""
    return {
        "review": sum(store.count_open_reviews(c, forum.id).values()),
        "drift": store.count_unseen_alerts(c, forum.id),
        "training": store.count_running_jobs(c, forum.id, JobKind.TRAIN),
        "issues": store.count_proposed_issues(c, forum.id) + store.count_open_bursts(c, forum.id),
        "questions": store.count_unseen_question_alerts(c, forum.id),
        "deliveries": store.count_dead_deliveries(c, forum.id),
    }
