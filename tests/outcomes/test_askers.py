"""The simulated askers, and that the report finds in them what is true."""

from dataclasses import replace

import pytest

from benchmarks.askers import World, month_of, true_lift
from benchmarks.deflection_proof import judge, table
from tests.outcomes.told import gathered
from triage.outcomes import Wanted, asks_of, report_of

SMALL = World("a small forum", persons=120)


def told(world: World, seed: int) -> dict[str, object]:
    gathering = gathered(dict(row) for row in month_of(world, seed).rows)
    return report_of(asks_of(gathering.log()), Wanted(world.holdout))


def test_the_same_seed_gives_the_same_month() -> None:
    assert month_of(SMALL, 1) == month_of(SMALL, 1)
    assert month_of(SMALL, 1) != month_of(SMALL, 2)


def test_the_true_lift_is_posters_who_are_offered_and_settled() -> None:
    _, lift = true_lift(SMALL)
    assert lift[-1] == pytest.approx(0.4 * 0.7 * 0.4, abs=0.002)


def test_without_an_effect_the_true_lift_is_nothing_on_every_day() -> None:
    _, lift = true_lift(replace(SMALL, settles=0, helps=0, returns=0.3))
    assert not lift.any()


def test_bots_are_found_whether_they_say_so_or_not() -> None:
    found = told(SMALL, 3)
    assert isinstance(found["excluded"], dict)
    assert (found["excluded"]["bots"], found["excluded"]["bursts"]) == (40, 40)


def test_a_few_months_are_judged() -> None:
    verdict = judge(SMALL, 3)
    assert verdict.contained == 1
    assert abs(verdict.lift - verdict.truth) < 0.3
    assert any("a small forum" in line for line in table([verdict]))
    assert list(replace(verdict, covered=0.9, misled=0.06, contained=0.5).broken())
    assert not list(replace(verdict, covered=0.95, lift=verdict.truth).broken())
