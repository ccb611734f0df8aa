"""What only an expert may read is there for a time, whenever the rows themselves go."""

from datetime import timedelta

from triage.records import Forum
from triage.store import Database, get_original

from .filling import fill
from .samples import NOON

_LATER = NOON + timedelta(days=3)


def test_a_box_is_given_until_its_time_has_run_out(
    database: Database, forum: Forum, other_forum: Forum
) -> None:
    with database.write() as c:
        fill(c, forum.id, "person-anna", _LATER, mark="anna")
    triage_id = "anna-triages"
    with database.read() as c:
        moments = (_LATER - timedelta(seconds=1), _LATER, _LATER + timedelta(days=1))
        found = [get_original(c, forum.id, triage_id, at) is not None for at in moments]
        assert found == [True, False, False]
        assert get_original(c, other_forum.id, triage_id, NOON) is None
        assert get_original(c, forum.id, "another", NOON) is None
