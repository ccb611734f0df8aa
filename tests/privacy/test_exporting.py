"""Whoever asks sees everything that is kept of them, in words."""

import json

from triage.privacy import export_person

from .conftest import ANNA, BO, KEY, WORDS, Full


def test_everything_that_they_wrote_is_in_it(full: Full) -> None:
    told = export_person(full.small.database, full.small.forum, ANNA, KEY)
    written = json.dumps(told, ensure_ascii=False)
    assert [name for name, word in WORDS.items() if word not in written] == []
    assert told["person"] == ANNA
    assert {name: len(rows) for name, rows in told["tables"].items()} == {
        "account_members": 1,
        "answers": 2,
        "asks": 2,
        "cases": 1,
        "events": 4,
        "originals": 1,
        "threads": 1,
        "triages": 2,
    }


def test_what_says_nothing_to_anyone_is_left_out(full: Full) -> None:
    told = export_person(full.small.database, full.small.forum, ANNA, KEY)
    names = {name for rows in told["tables"].values() for row in rows for name in row}
    assert not names & {"forum_id", "digest", "text_digest", "sealed", "key_id", "receipt"}


def test_nobody_elses_words_are_in_it(full: Full) -> None:
    told = export_person(full.small.database, full.small.forum, BO, KEY)
    written = json.dumps(told, ensure_ascii=False)
    assert [word for word in WORDS.values() if word in written] == []


def test_what_no_key_of_ours_opens_does_not_hold_the_rest_back(full: Full) -> None:
    other = b"another installation key"
    told = export_person(full.small.database, full.small.forum, ANNA, other)
    (original,) = told["tables"]["originals"]
    assert original["fields"] is None
    assert told["tables"]["asks"]
