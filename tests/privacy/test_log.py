"""The log of erasures is on the disk first, signed, and read by nobody else's hand."""

import fcntl
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from triage.crypto.signing import erasure_signer
from triage.errors import ErasuresAltered
from triage.privacy import Entry, ErasureLog

OURS, THEIRS = erasure_signer(b"k" * 32), erasure_signer(b"x" * 32)
ONE = Entry("e1", "demo", "p" * 32, datetime(2026, 3, 2, tzinfo=UTC))
TWO = Entry("e2", "demo", "q" * 32, datetime(2026, 3, 3, tzinfo=UTC), keep_staff_answers=True)


@pytest.fixture
def log(tmp_path: Path) -> ErasureLog:
    found = ErasureLog(tmp_path / "data" / "erasures.jsonl", OURS)
    assert found.read() == []
    found.append(ONE)
    found.append(TWO)
    return found


def test_entries_are_read_as_they_were_written(log: ErasureLog) -> None:
    assert log.read() == [ONE, TWO]
    assert log.path.stat().st_mode & 0o077 == 0


def test_a_line_that_a_crash_left_unfinished_says_nothing(log: ErasureLog) -> None:
    with log.path.open("ab") as file:
        file.write(b'{"id": "e3", "for')
    assert log.read() == [ONE, TWO]
    log.append(Entry("e4", "demo", "r", ONE.asked_at))
    assert [entry.id for entry in log.read()] == ["e1", "e2", "e4"]


@pytest.mark.parametrize("line", [b"nonsense\n", b"[]\n", b"{}\n", b'{"signature": null}\n'])
def test_a_line_of_another_hand_is_refused(log: ErasureLog, line: bytes) -> None:
    with log.path.open("ab") as file:
        file.write(line)
    with pytest.raises(ErasuresAltered, match="Line 3"):
        log.read()


def test_an_altered_line_is_refused(log: ErasureLog) -> None:
    log.path.write_bytes(log.path.read_bytes().replace(b"p" * 32, b"z" * 32))
    with pytest.raises(ErasuresAltered, match="Line 1"):
        log.read()


def test_with_another_key_the_lines_can_be_signed_anew(log: ErasureLog) -> None:
    changed = ErasureLog(log.path, THEIRS)
    with pytest.raises(ErasuresAltered):
        changed.read()
    assert changed.sign_anew() == 2
    assert changed.read() == [ONE, TWO]


def test_what_is_appended_while_the_lines_are_signed_anew_is_not_lost(log: ErasureLog) -> None:
    three = Entry("e3", "demo", "r" * 32, ONE.asked_at)
    with ThreadPoolExecutor(1) as pool:
        with log.path.open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            waiting = pool.submit(log.append, three)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.3)
            # As signing anew does it, while the other one waits for the file that was there.
            fresh = log.path.with_suffix(".signing")
            fresh.write_bytes(log.path.read_bytes())
            fresh.replace(log.path)
        waiting.result(timeout=10)
    assert log.read() == [ONE, TWO, three]


def test_signing_anew_waits_for_whoever_appends(log: ErasureLog) -> None:
    with ThreadPoolExecutor(1) as pool:
        with log.path.open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            waiting = pool.submit(log.sign_anew)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.3)
        assert waiting.result(timeout=10) == 2


def test_without_a_log_there_is_nothing_to_sign_anew(tmp_path: Path) -> None:
    missing = ErasureLog(tmp_path / "erasures.jsonl", OURS)
    assert missing.sign_anew() == 0
    assert not missing.path.exists()
