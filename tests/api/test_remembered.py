"""What takes long to find: found beside whoever asks, once, and told again while it is fresh."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from triage.api.problems import Problem
from triage.api.remembered import Remembered

_HOUR = timedelta(hours=1)
_AT_ONCE = 10.0


class Slow:
    """Finds a number more each time, as soon as it may."""

    def __init__(self) -> None:
        self.may, self.found = threading.Event(), 0

    def find(self) -> int:
        assert self.may.wait(_AT_ONCE)
        self.found += 1
        return self.found


@contextmanager
def remembering(
    fresh: timedelta = _HOUR, stale: timedelta = _HOUR
) -> Iterator[tuple[Remembered[int], Slow]]:
    known: Remembered[int] = Remembered(fresh, stale)
    slow = Slow()
    try:
        yield known, slow
    finally:
        slow.may.set()
        known.close()


def test_nobody_waits_for_what_is_being_found_and_it_is_found_once() -> None:
    with remembering() as (known, slow):
        assert known.get("a", slow.find) is None
        assert known.get("a", slow.find) is None
        slow.may.set()
        found = known.get("a", slow.find, _AT_ONCE)
        assert found is not None
        assert known.get("a", slow.find) == found
        assert (found.value, slow.found) == (1, 1)


def test_what_is_old_is_told_until_it_is_found_anew() -> None:
    with remembering(fresh=timedelta(0)) as (known, slow):
        slow.may.set()
        assert known.get("a", slow.find, _AT_ONCE)
        slow.may.clear()
        old = known.get("a", slow.find)
        assert old is not None
        assert old.value == 1
        slow.may.set()
        while (now := known.get("a", slow.find, _AT_ONCE)) is None or now.value == 1:
            pass
        assert now.at > old.at


def test_what_is_too_old_is_told_no_more() -> None:
    with remembering(fresh=timedelta(0), stale=timedelta(0)) as (known, slow):
        slow.may.set()
        assert known.get("a", slow.find, _AT_ONCE)
        slow.may.clear()
        assert known.get("a", slow.find) is None


def test_what_fails_beside_is_said_once_and_tried_again() -> None:
    tried = threading.Semaphore(0)

    def fail() -> int:
        tried.release()
        raise LookupError("nothing there")

    with remembering() as (known, slow):
        slow.may.set()
        with pytest.raises(LookupError):
            known.get("a", fail, _AT_ONCE)
        assert known.get("b", fail) is None
        assert tried.acquire(timeout=_AT_ONCE)
        # Somebody asks later, when it has failed already.
        assert known.get("c", slow.find, _AT_ONCE)
        with pytest.raises(LookupError):
            known.get("b", fail)
        found = known.get("a", slow.find, _AT_ONCE)
        assert found is not None


def test_one_is_sought_at_a_time_and_not_too_many_wait() -> None:
    with remembering() as (known, slow):
        for name in range(8):
            assert known.get(name, slow.find) is None
        with pytest.raises(Problem) as refused:
            known.get("one more", slow.find)
        assert refused.value.code == "too_busy"
        slow.may.set()
        found = [known.get(name, slow.find, _AT_ONCE) for name in range(8)]
        assert [one.value for one in found if one is not None] == [*range(1, 9)]
