"""Pages of posted questions, each with no more than its caller may see.

In: what is looked for, by whom, the last question of the page before. Out: a page and one more, and
where the next one begins.
Not here: how much of a question somebody may see (question_rights), SQL (store).
"""

from triage import store
from triage.api.access import Caller
from triage.api.problems import FieldProblem, Problem, bad_request
from triage.api.question_rights import sight_of

# What a filter finds, it tells: these are nobody's to read but the staff's.
_STAFFS = ("owner", "kind", "topic", "account")
# Whose a list is. What else is looked for may have changed since the page before.
_WHOSE = ("person", "account", "external_id")
# So many questions of one name are looked through for those that somebody may see.
_OF_ONE_NAME = 1000


def page_of(
    c: store.Connection,
    forum_id: int,
    wanted: store.QuestionsWanted,
    after: str | None,
    limit: int,
) -> list[store.QuestionRow]:
    """Return a page, and one more that tells whether there is a next one. Raises Problem."""
    last = None if after is None else store.get_question(c, forum_id, after)
    if after is not None and (last is None or not _is_of(last, wanted)):
        raise _no_page()
    return store.list_questions(c, forum_id, wanted, after=last, limit=limit + 1)


def seen_page_of(
    c: store.Connection,
    caller: Caller,
    wanted: store.QuestionsWanted,
    after: str | None,
    limit: int,
) -> list[store.QuestionRow]:
    """Return such a page of what the caller may see: others do not even tell pages apart.

    Raises Problem for what only staff may look for.
    """
    if caller.reads_all:
        return page_of(c, caller.forum.id, wanted, after, limit)
    if wanted.external_id is None:
        raise bad_request([FieldProblem("external_id", "is needed; only staff see all questions")])
    for name in _STAFFS:
        if getattr(wanted, name) is not None:
            raise bad_request([FieldProblem(name, "is for staff to look for")])
    every = store.list_questions(c, caller.forum.id, wanted, limit=_OF_ONE_NAME)
    seen = [row for row in every if sight_of(caller, row) is not None]
    if after is None:
        return seen[: limit + 1]
    place = next((i for i, row in enumerate(seen, 1) if row.question_id == after), None)
    if place is None:
        raise _no_page()
    return seen[place : place + limit + 1]


def next_of(found: list[store.QuestionRow], limit: int) -> str | None:
    """Return where the next page begins, if there is one."""
    return found[limit - 1].question_id if len(found) > limit else None


def _is_of(row: store.QuestionRow, wanted: store.QuestionsWanted) -> bool:
    return all(getattr(wanted, name) in (None, getattr(row, name)) for name in _WHOSE)


def _no_page() -> Problem:
    return bad_request([FieldProblem("after", "is no `next_after` of a page before")])
