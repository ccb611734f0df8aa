"""How long a silence is: by what usually comes, not by the clock."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from triage.overseeing.rhythm import WEEK_HOURS, rhythm_of
from triage.overseeing.silence import Speech, judged
from triage.store import Stream

START = 490_000 - 490_000 % WEEK_HOURS
WEEKS = 60


def at_work(hour: int) -> float:
    """Say how busy an hour is: an office's days, next to nothing at night and on weekends."""
    weekday, of_day = (hour // 24 + 3) % 7, hour % 24
    if weekday > 4:
        return 0.005
    return 1.0 if 8 <= of_day < 17 else 0.05


SHAPE = np.array([at_work(hour) for hour in range(WEEK_HOURS)])


def hours(rng: np.random.Generator, a_week: float, *, together: float = 1.0) -> NDArray[np.int64]:
    """Make counts by the hour; `together` is how many come on one occasion on average."""
    rates = np.tile(SHAPE / SHAPE.sum() * a_week / together, WEEKS)
    occasions = rng.poisson(rates)
    return np.array([rng.geometric(1 / together, n).sum() if n else 0 for n in occasions])


def arrivals(counts: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.float64]:
    at = np.repeat(np.arange(len(counts)), counts) + rng.random(int(counts.sum()))
    return START + np.sort(at)


def silences(counts: NDArray[np.int64], rng: np.random.Generator) -> Iterator[bool]:
    """Say of the gap before each arrival of the last year whether it was called a silence."""
    told = {START + hour: int(n) for hour, n in enumerate(counts) if n}
    moments = arrivals(counts, rng)
    first = START + 8 * WEEK_HOURS
    rhythm, known = None, -1
    for before, after in pairwise(moments):
        if before < first:
            continue
        # As often anew as makes no difference.
        if rhythm is None or before - known > 24:
            rhythm, known = rhythm_of(told, int(before) + 1), before
        yield rhythm is not None and rhythm.expected(before, after) > rhythm.limit


@pytest.mark.parametrize(("a_week", "together"), [(10, 1), (40, 2), (400, 1), (400, 8)])
def test_usual_years_are_hardly_ever_called_silent(a_week: float, together: float) -> None:
    years, called = 0.0, 0
    for seed in range(3):
        rng = np.random.default_rng(seed)
        called += sum(silences(hours(rng, a_week, together=together), rng))
        years += (WEEKS - 8) / 52
    assert called / years <= 1.0


@pytest.mark.parametrize("a_week", [40, 400])
def test_what_stops_is_called_silent_within_days(a_week: float) -> None:
    late = []
    for seed in range(8):
        rng = np.random.default_rng(100 + seed)
        counts = hours(rng, a_week)
        told = {START + hour: int(n) for hour, n in enumerate(counts) if n}
        last = max(told)
        rhythm = rhythm_of(told, last + 1)
        assert rhythm is not None
        late.append(rhythm.reached(float(last), rhythm.limit) - last)
    # Forty a week are eight on a working day.
    assert max(late) <= (6 * 24 if a_week == 40 else 4 * 24)


def test_a_night_and_a_weekend_are_no_silence() -> None:
    counts = hours(np.random.default_rng(1), 400)
    told = {START + hour: int(n) for hour, n in enumerate(counts) if n}
    rhythm = rhythm_of(told, START + len(counts))
    assert rhythm is not None
    friday = START + 24 + 17
    assert rhythm.expected(friday, friday + 63) < rhythm.limit
    assert rhythm.expected(friday, friday + 63 + 9) > rhythm.limit


def test_what_is_expected_and_when_it_is_reached_agree() -> None:
    counts = hours(np.random.default_rng(2), 100)
    rhythm = rhythm_of({START + h: int(n) for h, n in enumerate(counts) if n}, START + len(counts))
    assert rhythm is not None
    begin = START + 1234.3
    for wanted in (0.2, 3.0, 99.0, 512.5):
        assert rhythm.expected(begin, rhythm.reached(begin, wanted)) == pytest.approx(wanted)
    a_week = rhythm.expected(begin, begin + WEEK_HOURS)
    assert a_week == pytest.approx(sum(rhythm.rates))


def test_too_little_has_no_rhythm() -> None:
    assert rhythm_of({}, START) is None
    assert rhythm_of({START: 500}, START + 1) is None
    sparse = dict.fromkeys(range(START, START + 9 * WEEK_HOURS, 48), 1)
    assert rhythm_of(sparse, START + 9 * WEEK_HOURS) is None


def test_a_week_that_was_dead_does_not_hide_the_next_one() -> None:
    counts = hours(np.random.default_rng(3), 400)[: 8 * WEEK_HOURS]
    counts[3 * WEEK_HOURS : 5 * WEEK_HOURS] = 0
    told = {START + hour: int(n) for hour, n in enumerate(counts) if n}
    rhythm = rhythm_of(told, START + len(counts))
    assert rhythm is not None
    assert rhythm.limit <= 400 / 2


def test_after_months_it_is_silent_still() -> None:
    counts = hours(np.random.default_rng(4), 400)
    told = {START + hour: int(n) for hour, n in enumerate(counts) if n}
    last = datetime.fromtimestamp((max(told) + 0.5) * 3600, UTC)
    for days in (10, 100, 1000):
        heard = judged(Stream.ASKS, told, last, last + timedelta(days=days))
        assert heard.speech is Speech.SILENT
        assert heard.begins_at is not None
        assert heard.begins_at < last + timedelta(days=4)


def test_of_a_thin_stream_two_weeks_without_anything_are_told() -> None:
    last = datetime(2026, 3, 2, 9, tzinfo=UTC)
    for days, speech in ((13, Speech.THIN), (15, Speech.UNHEARD)):
        assert judged(Stream.POSTED, {}, last, last + timedelta(days=days)).speech is speech
