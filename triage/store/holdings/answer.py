"""What the tables of answers hold of people.

In: nothing. Out: their rows among the holdings.
Not here: every other table (register), the tables themselves (tables.answer).
"""

from triage.store.holdings.holding import Fate, Holding, Link

_PERSON = (Link("person"),)

ANSWER_HOLDINGS: tuple[Holding, ...] = (
    Holding(
        "proposals",
        "cases with an answer that might become threads, and what was decided",
        Fate.DELETED,
        persons=("person",),
        plain=("id", "case_id", "content", "state", "thread_id"),
        of=_PERSON,
        key="thread_id",
        exported=True,
    ),
    Holding(
        "answer_votes",
        "what a person said of an answer: that it helps, or is outdated",
        Fate.DELETED,
        persons=("person",),
        plain=("thread_id", "answer_id", "word"),
        of=_PERSON,
        exported=True,
    ),
    Holding(
        "answer_reviews",
        "what staff said of an answer, and for which versions it is right",
        Fate.NOTHING,
        plain=("thread_id", "answer_id", "word", "valid_versions"),
    ),
    Holding(
        "profiles",
        "names under which people chose to be known to others",
        Fate.DELETED,
        persons=("person",),
        texts=("display_name", "name_key"),
        plain=("id",),
        of=_PERSON,
        exported=True,
    ),
)
