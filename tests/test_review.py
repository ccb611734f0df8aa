"""What a person says of a doubtful label holds, whatever is ingested later."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.forum import SmallForum, small_forum
from triage import store
from triage.crypto.persons import person_hasher
from triage.errors import BadField
from triage.intake import Ingested, ingest_cases
from triage.records import Case, Target
from triage.review import settle

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HASH = person_hasher(b"0123456789abcdef", "demo")
ROW = {"id": "c1", "title": "Dark theme please", "kind": "bug", "severity": 2, "escalated": True}


def ingest(small: SmallForum, folder: Path, **changes: object) -> Ingested:
    path = folder / "cases.jsonl"
    path.write_text(json.dumps({**ROW, **changes}) + "\n", encoding="utf-8")
    return ingest_cases(small.database, small.forum.id, path, HASH, False, lambda _: None)


def case_of(small: SmallForum) -> Case:
    with small.database.read() as c:
        return store.get_cases(c, small.forum.id, ["c1"])["c1"]


def doubt(small: SmallForum, target: Target, label: str, likelier: str) -> None:
    row = store.DoubtRow("c1", target, label, likelier, 0.9, "unlikely", NOON)
    with small.database.write() as c:
        store.replace_open_doubts(c, small.forum.id, [row])


def say(small: SmallForum, target: Target, label: str | None) -> store.DoubtRow:
    return settle(small.database, small.forum.id, "c1", target, label, NOON)


def open_doubts(small: SmallForum) -> list[store.DoubtRow]:
    with small.database.read() as c:
        rows = store.list_doubts(c, small.forum.id)
    return [d for d in rows if d.state == store.DoubtState.OPEN]


def test_a_changed_label_stays_when_its_file_comes_again(tmp_path: Path) -> None:
    with small_forum(tmp_path, ()) as small:
        ingest(small, tmp_path)
        doubt(small, Target.KIND, "bug", "request")
        row = say(small, Target.KIND, "request")
        assert (row.state, row.decided, row.decided_at) == ("changed", "request", NOON)
        assert case_of(small).kind == "request"
        assert ingest(small, tmp_path).counts.unchanged == 1
        assert case_of(small).kind == "request"
        assert ingest(small, tmp_path, kind="problem").counts.updated == 1
        assert case_of(small).kind == "problem"


def test_a_label_that_was_kept_is_not_asked_about_again(tmp_path: Path) -> None:
    with small_forum(tmp_path, ()) as small:
        ingest(small, tmp_path)
        before = case_of(small)
        doubt(small, Target.KIND, "bug", "request")
        assert say(small, Target.KIND, None).state == "kept"
        assert case_of(small) == before
        doubt(small, Target.KIND, "bug", "request")
        assert open_doubts(small) == []
        doubt(small, Target.KIND, "problem", "request")
        assert [d.label for d in open_doubts(small)] == ["problem"]


def test_a_changed_label_is_not_in_doubt_for_the_one_it_got(tmp_path: Path) -> None:
    with small_forum(tmp_path, ()) as small:
        ingest(small, tmp_path)
        doubt(small, Target.KIND, "bug", "request")
        say(small, Target.KIND, "request")
        doubt(small, Target.KIND, "request", "bug")
        assert open_doubts(small) == []


def test_severity_and_destination_can_be_changed(tmp_path: Path) -> None:
    with small_forum(tmp_path, ()) as small:
        ingest(small, tmp_path)
        doubt(small, Target.SEVERITY, "2", "4")
        say(small, Target.SEVERITY, "4")
        doubt(small, Target.DESTINATION, "expert", "community")
        say(small, Target.DESTINATION, "community")
        ingest(small, tmp_path)
        found = case_of(small)
        assert (found.severity, found.destination, found.escalated) == (4, "community", True)


@pytest.mark.parametrize(
    ("target", "label"),
    [(Target.KIND, "todo"), (Target.SEVERITY, "9"), (Target.TOPIC, "x"), (Target.TOPIC, None)],
)
def test_what_cannot_be_settled_is_refused(
    tmp_path: Path, target: Target, label: str | None
) -> None:
    with small_forum(tmp_path, ()) as small:
        ingest(small, tmp_path)
        doubt(small, Target.KIND, "bug", "request")
        before = case_of(small)
        with pytest.raises(BadField):
            say(small, target, label)
        assert case_of(small) == before
        assert replace(before, kind="bug") == before
