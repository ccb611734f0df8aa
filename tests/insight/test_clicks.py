"""What a place does is known from lots alone, and taken out of what is said of threads."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.clicks import LOOKS, World, drawn, find
from triage.insight.clicks import Showings, looked_at, rates_of, repeated

WORLDS = 30


def test_the_model_finds_the_true_order_where_plain_shares_do_not() -> None:
    found = [one for seed in range(WORLDS) if (one := find(World(), seed))]
    assert len(found) == WORLDS
    assert np.mean([one.order for one in found]) > 0.75
    assert np.mean([one.plain_order for one in found]) < 0.65
    assert all(one.order > one.plain_order for one in found)


def test_places_are_looked_at_as_often_as_is_true() -> None:
    found = [one for seed in range(WORLDS) if (one := find(World(), seed))]
    mean = np.mean([one.looked.share for one in found], axis=0)
    assert mean == pytest.approx(LOOKS, abs=0.03)
    assert np.mean([one.held_places[1:] for one in found]) >= 0.85
    assert np.mean([one.held_threads for one in found]) >= 0.9


def test_where_places_do_nothing_nothing_is_corrected() -> None:
    world = World(asks=6_000, looks=(1.0, 1.0, 1.0), ranked=0.5)
    found = [one for seed in range(10) if (one := find(world, seed))]
    assert np.mean([one.looked.share for one in found], axis=0) == pytest.approx([1] * 3, abs=0.06)


def test_without_lots_nothing_is_known() -> None:
    shown, _ = drawn(World(swaps=0.0), 0)
    assert looked_at(shown) is None
    # A few lots are not enough either.
    few, _ = drawn(World(asks=40), 0)
    assert looked_at(few) is None
    nobody = Showings(
        *(np.empty(0, dtype=np.int64) for _ in range(5)), np.empty(0), np.empty(0, bool)
    )
    assert looked_at(nobody) is None


def test_a_place_of_which_nobody_knows_how_likely_it_was_says_nothing_of_places() -> None:
    shown, _ = drawn(World(), 1)
    unknown = np.random.default_rng(0).random(len(shown.ask)) < 0.3
    mixed = replace(shown, propensity=np.where(unknown, np.nan, shown.propensity))
    some, every = looked_at(mixed), looked_at(shown)
    assert some is not None
    assert every is not None
    assert some.drawn.sum() < every.drawn.sum()
    assert some.share == pytest.approx(every.share, abs=0.2)


def test_the_order_of_the_rows_does_not_matter() -> None:
    shown, _ = drawn(World(), 2)
    mixed = np.random.default_rng(0).permutation(len(shown.ask))
    other = Showings(*(getattr(shown, name)[mixed] for name in Showings.__slots__))
    one, two = looked_at(shown), looked_at(other)
    assert one is not None
    assert two is not None
    assert two.share == pytest.approx(one.share)
    ours, theirs = rates_of(shown, shown.opened, one), rates_of(other, other.opened, two)
    assert theirs.rate == pytest.approx(ours.rate)


def test_a_thread_shown_to_few_is_drawn_towards_the_others() -> None:
    shown, _ = drawn(World(), 3)
    looked = looked_at(shown)
    assert looked is not None
    new = int(shown.thread.max()) + 1
    row = Showings(
        *(np.append(getattr(shown, name), value) for name, value in _opened_once(shown, new))
    )
    rates = rates_of(row, row.opened, looked)
    plain = shown.opened.mean()
    # Opened in the only look it ever had, and yet nobody says always.
    assert plain < rates.rate[new] < 0.6
    assert rates.high[new] - rates.low[new] > np.median(rates.high - rates.low)


def _opened_once(shown: Showings, thread: int) -> list[tuple[str, float]]:
    values = (int(shown.ask.max()) + 1, thread, int(shown.who.max()) + 1, 1, 1, 1.0, True)
    return list(zip(Showings.__slots__, values, strict=True))


def test_clicks_of_one_person_are_not_those_of_many() -> None:
    random = np.random.default_rng(4)
    shown, _ = drawn(World(), 4)
    looked = looked_at(shown)
    assert looked is not None
    most = int(np.bincount(shown.thread).argmax())
    mine = shown.thread == most
    alone = replace(shown, who=np.where(mine, 0, shown.who))
    many, one = (rates_of(each, each.opened, looked) for each in (shown, alone))
    assert one.high[most] - one.low[most] > 2 * (many.high[most] - many.low[most])
    assert repeated(alone.thread, alone.who, 60)[most] == mine.sum()
    who = random.integers(0, 50, len(shown.who))
    assert (repeated(shown.thread, who, 60) >= 1).all()


def test_rates_are_shares() -> None:
    shown, _ = drawn(World(asks=800), 5)
    looked = looked_at(shown)
    assert looked is not None
    for hit in (shown.opened, np.zeros_like(shown.opened), np.ones_like(shown.opened)):
        rates = rates_of(shown, hit, looked)
        assert ((rates.low >= 0) & (rates.low <= rates.rate)).all()
        assert ((rates.rate <= rates.high) & (rates.high <= 1)).all()
