"""A posted question loses its words and persons in time, and is gone in the end."""

from datetime import timedelta

import numpy as np

from triage import store
from triage.lifecycle import State, Who, Why
from triage.questions import Asked
from triage.retention import Retention

from .kept import HOUR, MONDAY, Forum, answer

DAY = timedelta(days=1)
KEPT = Retention(
    {
        **dict.fromkeys(("originals", "idempotency", "sign_ins", "cases", "messages"), 1),
        "sessions": 10,
        "asks": 100,
        "events": 200,
    }
)


def test_words_and_persons_go_first_and_the_row_later(forum: Forum) -> None:
    old = forum.post(person="p", session="s", product="Portal").row.question_id
    forum.keep(old, answer(words="Oil it.", note="Easy."))
    closed = Asked(State.CONFIRMED_SOLVED, Who.CUSTOMER, "s", Why.OTHER)
    forum.keep(old, closed, MONDAY + HOUR)
    fresh = forum.post(at=MONDAY + 95 * DAY, person="q").row.question_id
    vector = np.ones(2, np.float32)
    with forum.database.write() as c:
        store.put_question_vectors(c, forum.id, "e", {old: vector, fresh: vector})

    def age(days: int) -> tuple[dict[str, int], dict[str, int]]:
        now = MONDAY + days * DAY
        with forum.database.write() as c:
            blanked = store.blank_too_old(c, forum.id, KEPT, now)
            return blanked, store.drop_too_old(c, forum.id, KEPT, now)

    assert age(9) == ({}, {})
    assert age(11) == ({"sessions": 1}, {})
    assert forum.read(old).row.person == "p"
    with forum.database.read() as c:
        counted = store.blank_too_old(c, forum.id, KEPT, MONDAY + 101 * DAY, dry_run=True)
    assert counted == {"questions": 1, "question_changes": 1, "question_vectors": 1}
    assert age(101) == (counted, {})
    told = forum.read(old)
    with forum.database.read() as c:
        # Words could be guessed from it.
        assert store.question_ids_with_vector(c, forum.id, "e") == {fresh}
    assert (told.row.person, told.row.product, told.row.question["body"]) == (None, None, "")
    assert [(row.words, row.note) for row in told.changes] == [(None, None)] * 4
    # What measures count stays as it was.
    assert told.row.first_answer_at == MONDAY
    assert told.question.state is State.CONFIRMED_SOLVED
    assert age(201) == ({"questions": 1, "question_vectors": 1}, {"questions": 1, "notices": 1})
    with forum.database.read() as c:
        assert store.get_question(c, forum.id, old) is None
        assert store.changes_of_question(c, forum.id, old) == []
        assert store.get_question(c, forum.id, fresh) is not None
