from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import hypergeom

from tests.insight.made import LANGS, item, sameness
from triage.insight import Item, Watching, bursts
from triage.insight.bursting import allowed_by_chance, chance

DAY = 86_400.0
NOW = 40 * DAY


def quiet(count: int, meanings: int, since: float, until: float, seed: int = 0) -> list[Item]:
    """Return asks of many meanings at random times."""
    rng = np.random.default_rng(seed)
    at = np.sort(rng.uniform(since, until, size=count))
    chosen = rng.integers(meanings, size=count)
    return [
        item(f"quiet {seed} {n}", f"usual {chosen[n]}", LANGS[n % 3], at=float(at[n]))
        for n in range(count)
    ]


PAST = quiet(1200, 40, NOW - 28 * DAY, NOW - DAY / 2)
RECENT = quiet(30, 40, NOW - DAY / 2, NOW, seed=1)


def outage(count: int, meaning: str = "all is down") -> list[Item]:
    return [
        item(f"down {n}", meaning, LANGS[n % 3], at=NOW - 600 + 60 * n, person=f"p{n}")
        for n in range(count)
    ]


def test_a_burst_across_languages_is_told_within_minutes() -> None:
    (found,) = bursts([*RECENT, *outage(5)], PAST, sameness(), since=NOW - 600, now=NOW)
    assert found.persons == 5
    assert found.langs == ("en", "fi", "sv")
    assert found.members == tuple(f"down {n}" for n in range(5))
    assert found.minutes == 10
    assert found.expected == 0
    assert (found.first_at, found.last_at) == (NOW - 600, NOW - 360)


def test_quiet_weeks_tell_nothing() -> None:
    assert bursts(RECENT, PAST, sameness(), since=NOW - DAY / 2, now=NOW) == ()


def test_one_person_who_asks_again_and_again_is_no_burst() -> None:
    same = [replace(ask, person="one") for ask in outage(8)]
    assert bursts([*RECENT, *same], PAST, sameness(), since=NOW - 600, now=NOW) == ()


def test_what_is_asked_every_day_is_no_burst_of_four() -> None:
    often = [
        replace(ask, vector=item(ask.id, "all is down", ask.lang).vector) if n % 4 == 0 else ask
        for n, ask in enumerate(PAST)
    ]
    assert bursts([*RECENT, *outage(4)], often, sameness(), since=NOW - 600, now=NOW) == ()
    assert bursts([*RECENT, *outage(4)], PAST, sameness(), since=NOW - 600, now=NOW) != ()


def test_a_burst_is_told_by_new_asks_alone_and_not_before_they_come() -> None:
    asks = [*RECENT, *outage(5)]
    assert bursts(asks, PAST, sameness(), since=NOW - 300, now=NOW) == ()
    assert bursts(asks, PAST, sameness(), since=NOW - 601, now=NOW - 500) == ()


def test_two_bursts_at_once_are_two() -> None:
    other = [replace(ask, id=f"x{n}") for n, ask in enumerate(outage(6, "invoices are empty"))]
    found = bursts([*RECENT, *outage(5), *other], PAST, sameness(), since=NOW - 601, now=NOW)
    assert sorted(one.persons for one in found) == [5, 6]


def test_without_a_past_nothing_is_unusual() -> None:
    assert bursts(outage(9), [], sameness(), since=0, now=NOW) == ()
    assert bursts([], PAST, sameness(), since=0, now=NOW) == ()


@pytest.mark.parametrize(
    ("like", "others", "before_like", "before"), [(3, 10, 2, 500), (1, 1, 0, 9)]
)
def test_the_chance_is_that_of_the_fourfold_table(
    like: int, others: int, before_like: int, before: int
) -> None:
    exact = hypergeom(others + before, like + before_like, others).sf(like - 1)
    assert chance(like, others, before_like, before) == pytest.approx(float(exact))


def test_more_asks_a_week_allow_each_less() -> None:
    at = np.array([ask.at for ask in PAST])
    few, many = (allowed_by_chance(times, NOW, Watching()) for times in (at[::10], at))
    assert few == pytest.approx(10 * many, rel=0.05)
