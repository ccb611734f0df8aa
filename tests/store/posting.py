"""A posted question, and everything that reads or changes it."""

from datetime import datetime
from typing import Any

from triage.records import ApiKey
from triage.store import (
    AlertRow,
    ChangeRow,
    Connection,
    QuestionRow,
    QuestionRules,
    QuestionsWanted,
    Standing,
    add_alert,
    add_change,
    asked_by_account,
    asker_of,
    case_waits,
    changes_of_question,
    count_questions,
    due_question,
    due_questions,
    events_of_ask,
    expert_queue,
    get_alert,
    get_question,
    get_question_rules,
    get_questions,
    is_any_due,
    is_posted,
    issues_of_account,
    issues_of_questions,
    iter_open_questions,
    iter_question_changes,
    iter_questions,
    iter_unended_questions,
    last_alert_at,
    list_alerts,
    list_questions,
    look_again,
    name_question,
    note_learned_waits,
    put_question,
    put_question_rules,
    question_lacks,
    question_waits,
    questions_by_external_id,
    replies_of_ask,
    see_alert,
    stand_question,
)

from .samples import NOON


def standing(**fields: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "destination": "expert",
        "state": "with_expert",
        "owner": "tora",
        "revision": 1,
        "shareable": False,
        "in_community": False,
        "asked": (),
        "moved": False,
        "since": NOON,
        "changed_at": NOON,
        "due_at": NOON,
        "owner_acted_at": None,
        "first_person_at": NOON,
        "first_answer_at": None,
        "solved_at": None,
        "reroutes": 0,
        **fields,
    }


def question_row(question_id: str = "q1", **fields: Any) -> QuestionRow:  # noqa: ANN401
    values: dict[str, Any] = {
        "question_id": question_id,
        "external_id": "x",
        "triage_id": "r1",
        "ask_id": "a1",
        "key_id": None,
        "test": False,
        "person": "p",
        "session": "s",
        "account": "acme",
        "groups": frozenset(),
        "lang": "en",
        "product": None,
        "version": None,
        "visibility": "private",
        "question": {"title": "t", "body": "b"},
        "decision": {},
        "labels": {},
        "kind": None,
        "topic": None,
        "severity": None,
        "customer_severity": None,
        "lacks": ("version",),
        "decided_to": "expert",
        "received_at": NOON,
        **standing(),
        **fields,
    }
    return QuestionRow(**values)


def post(c: Connection, forum_id: int, mark: str) -> None:
    """Post a question of the ask that there is, under the same ids everywhere."""
    assert put_question(c, forum_id, question_row(question={"title": mark, "body": mark}))
    change = ChangeRow(
        question_id="q1",
        revision=1,
        change_id="received",
        before=None,
        after="received",
        who="customer",
        at=NOON,
        words=mark,
    )
    add_change(c, forum_id, change)
    add_alert(c, forum_id, AlertRow("alert", "q1", mark, "complaint", NOON))
    put_question_rules(c, forum_id, QuestionRules({"forum": mark}, {}, {}))


def posted(c: Connection, forum_id: int) -> dict[str, Any]:
    """Read all of it."""
    late = datetime(2040, 1, 1, tzinfo=NOON.tzinfo)
    wanted = QuestionsWanted(test=None)
    first = get_question(c, forum_id, "q1")
    return {
        "questions": (
            first,
            get_questions(c, forum_id, ["q1", "none"]),
            list_questions(c, forum_id, wanted),
            questions_by_external_id(c, forum_id, "x"),
            due_questions(c, forum_id, late),
            list(iter_questions(c, forum_id)),
            list(iter_open_questions(c, forum_id)),
            list(iter_unended_questions(c, forum_id)),
            list(asked_by_account(c, forum_id, "acme", NOON)),
            issues_of_account(c, forum_id, "acme", NOON),
            issues_of_questions(c, forum_id, ["q1"]),
        ),
        "question_changes": (
            changes_of_question(c, forum_id, "q1"),
            list(iter_question_changes(c, forum_id)),
        ),
        "alerts": (list_alerts(c, forum_id), get_alert(c, forum_id, "alert")),
        "question_rules": get_question_rules(c, forum_id),
        "story": (replies_of_ask(c, forum_id, "a1"), events_of_ask(c, forum_id, "a1")),
        "posted": (
            asker_of(c, forum_id, "a1"),
            is_posted(c, forum_id, "a1"),
            is_any_due(c, forum_id, late),
            count_questions(c, forum_id, wanted),
            expert_queue(c, forum_id),
            list(question_waits(c, forum_id, now=late)),
            list(case_waits(c, forum_id, now=late)),
            question_lacks(c, forum_id),
            last_alert_at(c, forum_id, "q1"),
            list_questions(c, forum_id, wanted, after=first) if first else [],
        ),
    }


def change_posted(c: Connection, key: ApiKey) -> None:
    """Do all that changes it."""
    forum_id = key.forum.id
    stand_question(c, forum_id, "q1", Standing(**standing(state="closed", due_at=NOON)))
    due_question(c, forum_id, "q1", NOON)
    name_question(c, forum_id, "q1", "new")
    look_again(c, forum_id, NOON)
    see_alert(c, forum_id, "alert", "me", NOON)
    note_learned_waits(c, forum_id, {"api": 1.0}, NOON)
