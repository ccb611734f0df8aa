"""A proposal -> the threads that the forum has already for the same question.

In: a proposal as it is shown, what a request works with. Out: threads with the probability that
each settles the question of the case, likeliest first.
Not here: what a thread would say (proposing), deciding (publishing).
"""

from collections.abc import Collection

from triage.answers.publishing import Shown
from triage.pipeline import Parts, gather, order
from triage.records import Match, Question, Thread

SIMILAR = 3


def similar_threads(
    parts: Parts, shown: Shown, groups: Collection[str], most: int = SIMILAR
) -> list[tuple[Match, Thread]]:
    """Return the threads that may answer the same; `groups` are those whose threads count, too.

    Without the thread that was made of the case itself.
    """
    drafted, case = shown.drafted, shown.case
    question = Question(
        title=drafted.title,
        body=drafted.body,
        lang=drafted.lang or "",
        product=drafted.product,
        version=case.version,
        groups=frozenset(groups),
    )
    hits, threads = gather(parts, question)
    matches = order(parts, question, hits, threads)
    others = [match for match in matches if match.thread_id != shown.row.thread_id]
    return [(match, threads[match.thread_id]) for match in others[:most]]
