"""What leaves the house as the log of acts is whole, or that is found out."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.forum import INSTALLATION_KEY, SmallForum, small_forum
from triage.audit.acting import Acting
from triage.audit.export import check_export, export_lines, still_holds
from triage.crypto.signing import audit_signer, bundle_signer
from triage.errors import BadFile
from triage.records import Act, Actor, ActorKind
from triage.store import iter_acts, last_act, note_act

SIGNER = audit_signer(INSTALLATION_KEY.encode())
ACTS = 520
ANNA = Actor(ActorKind.COMMAND, "anna")
Lines = list[bytes]


@contextmanager
def forum_with(acts: int, folder: Path) -> Iterator[SmallForum]:
    with small_forum(folder, threads=()) as made:
        with made.database.write() as c:
            acting = Acting(made.forum.id, ANNA)
            for n in range(acts):
                acting.note(c, "thread.put", f"t{n}", after={"groups": ["å", n]})
        yield made


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallForum]:
    with forum_with(12, tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallForum]:
    """More acts than are read at once."""
    with forum_with(ACTS, tmp_path_factory.mktemp("audit")) as made:
        yield made


def exported(small: SmallForum, folder: Path) -> Path:
    file = folder / "audit.jsonl"
    with small.database.read() as c:
        last = last_act(c, small.forum.id)
    lines = export_lines(small.database, small.forum.id, "demo", last, SIGNER)
    file.write_text("".join(lines), encoding="utf-8")
    return file


def test_an_export_is_whole_and_still_holds(large: SmallForum, tmp_path: Path) -> None:
    file = exported(large, tmp_path)
    with large.database.write() as c:
        note_act(c, large.forum.id, Act(datetime.now(UTC), ANNA, "key.create", "sk_1"))
    found = check_export(file, SIGNER)
    assert (found.forum, found.acts) == ("demo", ACTS)
    with large.database.read() as c:
        assert still_holds(c, large.forum.id, found)


def altered(lines: Lines) -> Lines:
    return [line.replace(b'"anna"', b'"bert"') if n == 7 else line for n, line in enumerate(lines)]


def forged(lines: Lines) -> Lines:
    end = json.loads(lines[-1])
    return [*lines[:9], json.dumps({**end, "acts": 9}).encode() + b"\n"]


CHANGES: list[Callable[[Lines], Lines]] = [
    altered,
    forged,
    lambda lines: lines[1:],
    lambda lines: [*lines[:3], *lines[4:]],
    lambda lines: lines[:-1],
    lambda lines: [*lines[:-1], lines[0], lines[-1]],
    lambda lines: [lines[1], lines[0], *lines[2:]],
    lambda lines: [],
    lambda lines: [b"\xff\n"],
    lambda lines: [b"[]\n"],
]


@pytest.mark.parametrize("change", CHANGES)
def test_an_export_that_was_touched_is_refused(
    small: SmallForum, tmp_path: Path, change: Callable[[Lines], Lines]
) -> None:
    file = exported(small, tmp_path)
    file.write_bytes(b"".join(change(file.read_bytes().splitlines(keepends=True))))
    with pytest.raises(BadFile):
        check_export(file, SIGNER)


def test_another_installations_export_is_refused(small: SmallForum, tmp_path: Path) -> None:
    file = exported(small, tmp_path)
    for signer in (audit_signer(b"x" * 32), bundle_signer(INSTALLATION_KEY.encode())):
        with pytest.raises(BadFile, match="signed"):
            check_export(file, signer)


def test_a_store_whose_log_was_made_anew_no_longer_holds(small: SmallForum, tmp_path: Path) -> None:
    found = check_export(exported(small, tmp_path), SIGNER)
    with small.database.write() as c:
        rows = [row.act for row in iter_acts(c, small.forum.id)]
        c.execute(text("DROP TRIGGER audit_no_delete"))
        c.execute(text("DELETE FROM audit"))
        for act in rows[:5] + rows[6:]:
            note_act(c, small.forum.id, act)
        assert not still_holds(c, small.forum.id, found)


def test_what_somebody_writes_as_a_reason_is_redacted(small: SmallForum) -> None:
    with small.database.write() as c:
        said = "my password: Tr0ub4dor-q7zx"
        Acting(small.forum.id, ANNA).note(c, "train.start", "job", after={"force": said, "x": None})
        *_, row = iter_acts(c, small.forum.id)
    assert row.act.after == {"force": "my password: [PASSWORD]"}
