"""What rises is told by persons, and counted again by the asks behind it; nothing quiet is told."""

from datetime import date
from itertools import chain

import numpy as np
import pytest

from tests.reports.months import Kept
from triage.analytics.behind import asks_behind
from triage.analytics.candidates import issue_rows
from triage.analytics.trends import RISING_COLUMNS, rising_rows

from .asking import asks_of, context, named, put

LAST = "2026-04-05"


@pytest.fixture
def risen(empty: Kept) -> Kept:
    """Thirteen weeks of three usual topics, and one that is new in the last week."""
    usual = [asks_of(f"usual {n}", 130, topic=f"usual-{n}", offered=True) for n in range(3)]
    new = asks_of("lock", 12, day=lambda n: 85 + n * 0.4, topic="locks", words="frozen lock")
    put(empty, [*chain(*usual), *new])
    return empty


def test_what_is_new_is_told_first_as_topic_and_as_group(risen: Kept) -> None:
    with context(risen, until=LAST) as c:
        rows = [named(RISING_COLUMNS, row) for row in rising_rows(c)]
    told = [row for row in rows if row["rising"]]
    assert [row["kind"] for row in told] == ["topic", "group"]
    assert told[0]["name"] == "locks"
    assert set(str(told[1]["terms"]).split()) == {"frozen", "lock"}
    assert {row["persons"] for row in told} == {12}
    assert (told[0]["first_day"], told[0]["last_day"]) == (date(2026, 3, 30), date(2026, 4, 5))
    assert told[0]["weeks"] == 12


@pytest.mark.parametrize("since", ["2026-03-30", "2026-03-01", None])
def test_every_row_is_as_many_asks_as_there_are_behind_it(risen: Kept, since: str | None) -> None:
    # The weeks before are read whatever the view begins with.
    given = {"until": LAST, **({"since": since} if since else {})}
    with context(risen, **given) as c:
        rows = [named(RISING_COLUMNS, row) for row in rising_rows(c)]
        assert next(row["name"] for row in rows if row["rising"]) == "locks"
        for row in rows:
            behind = asks_behind(c, str(row["behind"]))
            assert int(behind.sum()) == row["asks"]
            assert len(np.unique(c.view.who[behind])) == row["persons"]


def test_what_is_mostly_no_bug_and_names_no_error_is_no_candidate(risen: Kept) -> None:
    with context(risen, until=LAST) as c:
        assert list(issue_rows(c)) == []


def test_an_error_that_three_persons_name_makes_a_candidate(empty: Kept) -> None:
    usual = [asks_of(f"usual {n}", 130, topic=f"usual-{n}", offered=True) for n in range(2)]
    new = asks_of("lock", 12, day=lambda n: 85 + n * 0.4, words="error KV-7731 frozen lock")
    put(empty, [*chain(*usual), *new])
    with context(empty, until=LAST) as c:
        (row,) = issue_rows(c)
    assert row[2] == 12
    assert row[7] == "kv-7731"


def test_a_forum_that_is_young_or_empty_tells_nothing(empty: Kept) -> None:
    with context(empty) as c:
        assert list(rising_rows(c)) == list(issue_rows(c)) == []
    put(empty, asks_of("lock", 20))
    with context(empty, until="2026-01-18") as c:
        assert not [row for row in rising_rows(c) if row[8]]
