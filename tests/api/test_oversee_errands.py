"""The server keeps in mind when each of its works last went well, and hears what is silent."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.overseeing.busy import NOW, fill
from tests.reports.months import Kept
from triage.api.errands.background import Background
from triage.api.errands.kinds import Errand
from triage.api.errands.marks import Marks
from triage.api.errands.overseeing import Silent, oversee_round
from triage.api.errands.rounds import Round, Rounds
from triage.api.pages.lead.alive import is_late
from triage.errors import StoreUnavailable
from triage.records import Forum
from triage.store import Database, Stream

from .conftest import World

MINUTE = timedelta(minutes=1)


def gone(world: World, work: Round) -> Marks:
    """Go one round in every forum; return its marks."""
    marks = Marks()
    rounds = Rounds(lambda: world.database, [work], marks)
    rounds._go(work)
    return marks


def test_what_went_well_and_what_did_not_is_kept_by_forum(empty: World) -> None:
    def work(database: Database, forum: Forum, now: datetime) -> None:
        if forum.name == "boats":
            raise StoreUnavailable("the disk is full")

    marks = gone(empty, Round("sweep", 30.0, work))
    (bikes,), (boats,) = marks.of("bikes"), marks.of("boats")
    assert bikes.well_at is not None
    assert (bikes.code, bikes.every_seconds) == ("", 30.0)
    assert boats.well_at is None
    assert boats.code == "store_unavailable"
    marks.well("sweep", "boats")
    assert marks.of("boats")[0].code == ""


def test_a_fault_is_named_by_its_class_alone(empty: World) -> None:
    def work(database: Database, forum: Forum, now: datetime) -> None:
        raise ValueError("somebody's words")

    assert gone(empty, Round("watch", 15.0, work)).of("bikes")[0].code == "ValueError"


def test_work_that_does_not_come_any_more_is_late() -> None:
    marks, now = Marks(), datetime.now(UTC)
    marks.due("sweep", 30.0)
    (mark,) = marks.of("bikes")
    assert not is_late(mark, now, now - MINUTE)
    assert is_late(mark, now, now - 5 * MINUTE)
    marks.well("sweep", "bikes")
    (mark,) = marks.of("bikes")
    assert not is_late(mark, now, now - 5 * MINUTE)
    assert is_late(mark, now + 5 * MINUTE, now)


@pytest.mark.parametrize(("code", "said"), [(0, ""), (1, "exit_1")])
def test_the_process_beside_the_server_is_kept_in_mind_too(code: int, said: str) -> None:
    class Beside:
        def run(self, arguments: object, is_unwanted: object) -> int:
            return code

        def stop(self) -> None:
            pass

    class Work:
        def due(self) -> Errand | None:
            return None

        def is_unwanted(self, errand: Errand) -> bool:
            return False

        def ended(self, errand: Errand, code: int, *, stopping: bool) -> None:
            pass

    marks, work = Marks(), Work()
    background = Background(Beside(), [work], marks)  # type: ignore[arg-type]
    background._do(work, Errand(1, "bikes", ("retain", "--forum", "bikes")))
    (mark,) = marks.of("bikes")
    assert (mark.name, mark.code) == ("retain", said)
    assert (mark.well_at is None) == bool(code)
    assert marks.of("boats") == []


def test_what_is_silent_is_kept_until_something_comes(empty: World) -> None:
    fill(Kept(empty.database, empty.forum().id), forum="bikes")
    silent: Silent = {}
    work = oversee_round(silent).work
    work(empty.database, empty.forum(), NOW + timedelta(days=30))
    assert {one.stream for one in silent[empty.forum().id]} == {
        Stream.ASKS,
        Stream.OFFERS,
        Stream.EVENTS,
    }
    work(empty.database, empty.forum(), NOW)
    assert silent[empty.forum().id] == ()
