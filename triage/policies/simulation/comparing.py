"""Two policies on the same asks -> what each would have done, and the difference, with intervals.

Whoever asks often counts as one: intervals come of drawing persons anew, both policies by the same
draws. A share's own interval is Wilson's, at the number of asks that these persons are worth.
Not here: deciding (replaying), answer times (waiting).
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from triage.errors import NotEnoughData
from triage.policies.simulation.asks import Asks, Bools, Floats
from triage.policies.simulation.moving import Counts, Move, Tried, counted, moves
from triage.policies.simulation.replaying import Replayed, replay
from triage.policies.simulation.waiting import AnswerTimes, Waits, cell_of, waits_of
from triage.policy import Policy
from triage.records import Destination

_Z = 1.959963984540054
SHARES = ("coverage", "wrong_public")
SUMS = ("expert_questions", "expert_hours", "expert_per_day")
WAITS = ("wait_median_hours", "wait_ninth_decile_hours")
MEASURES = (*SHARES, *SUMS, *WAITS)


@dataclass(frozen=True, slots=True)
class Options:
    """How it is simulated. `hours_per_question` stands in where an expert's time is not known."""

    times: AnswerTimes = field(default_factory=AnswerTimes)
    hours_per_question: float = 1.0
    days: float = 30.0
    draws: int = 400
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Measured:
    """A number with its 95 % interval; None where nothing is known of it."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every measure by both policies, and the draft's less the current one's.

    `moved_to_expert` and `moved_to_community` count the asks that the draft sends elsewhere,
    `moves` are some of them. `decided` counts the asks by what decided about them.
    """

    asks: int
    persons: int
    known: int
    days: float
    draft: Mapping[str, Measured]
    current: Mapping[str, Measured]
    difference: Mapping[str, Measured]
    moved_to_expert: int
    moved_to_community: int
    decided: Mapping[str, Counts] = field(default_factory=dict)
    moves: tuple[Move, ...] = ()


def compared_row(found: Comparison) -> dict[str, Any]:
    """Return a comparison as plain values, for JSON, but for `moves`: places mean nothing there."""
    row = asdict(found)
    del row["moves"]
    return row


def simulate(
    asks: Asks, draft: Policy, current: Policy, options: Options | None = None
) -> Comparison:
    """Try a draft on past asks beside the current policy. Raises NotEnoughData without asks."""
    options = options or Options()
    if not len(asks):
        raise NotEnoughData("There is no ask to try a policy on.")
    drafted, was = replay(asks, draft), replay(asks, current)
    waits = waits_of(asks, options.times)
    sums = np.concatenate([_sums(asks, one, options) for one in (drafted, was)])
    persons = len(asks.person.values)
    by_person = _by_person(asks, sums)
    rng = np.random.default_rng(options.seed)
    drawn = []
    cells = [cell_of(asks, one.expert) for one in (drafted, was)]
    for _ in range(options.draws):
        weights = np.bincount(rng.integers(0, persons, persons), minlength=persons).astype(float)
        drawn.append(_both(weights @ by_person, weights[asks.person.codes], cells, waits, options))
    value = _both(by_person.sum(axis=0), np.ones(len(asks)), cells, waits, options)
    draws = np.array(drawn).reshape(options.draws, 2, len(MEASURES))
    return Comparison(
        asks=len(asks),
        persons=persons,
        known=int(_known(asks).sum()),
        days=options.days,
        draft=_measured(value[0], draws[:, 0], by_person[:, :_COLUMNS]),
        current=_measured(value[1], draws[:, 1], by_person[:, _COLUMNS:]),
        difference=_intervals(value[0] - value[1], draws[:, 0] - draws[:, 1]),
        moved_to_expert=int((drafted.expert & ~was.expert).sum()),
        moved_to_community=int((~drafted.expert & was.expert).sum()),
        decided=counted(Tried(draft, drafted), Tried(current, was)),
        moves=tuple(moves(asks, Tried(draft, drafted), Tried(current, was))),
    )


def _by_person(asks: Asks, sums: Floats) -> Floats:
    persons = len(asks.person.values)
    columns = [np.bincount(asks.person.codes, row, persons) for row in sums]
    return np.stack(columns, axis=1).astype(float)


# Of each ask, by the columns of `_sums`: one, by the community, truth known, of these wrong and
# public, by an expert, the expert's hours.
_COLUMNS = 6


def _known(asks: Asks) -> Bools:
    return asks.truth.where(one is not None for one in asks.truth.values)


def _sums(asks: Asks, replayed: Replayed, options: Options) -> Floats:
    needed = asks.truth.where(one is Destination.EXPERT for one in asks.truth.values)
    unknown = np.isnan(asks.expert_hours)
    hours = np.where(unknown, options.hours_per_question, asks.expert_hours)
    return np.array(
        [
            np.ones(len(asks)),
            ~replayed.expert,
            _known(asks),
            replayed.public & needed,
            replayed.expert,
            np.where(replayed.expert, hours, 0.0),
        ],
        float,
    )


def _both(
    sums: Floats, weights: Floats, cells: list[Any], waits: Waits, options: Options
) -> Floats:
    found = []
    for place, cell in enumerate(cells):
        asked, community, known, wrong, expert, hours = sums[_COLUMNS * place :][:_COLUMNS]
        waited = waits.quantiles(np.bincount(cell, weights, waits.cells).astype(float))
        wrong_share = wrong / known if known else math.nan
        covered = community / asked if asked else math.nan
        found.append([covered, wrong_share, expert, hours, expert / options.days, *waited])
    return np.array(found)


def _intervals(value: Floats, draws: Floats) -> dict[str, Measured]:
    found = {}
    for place, name in enumerate(MEASURES):
        drawn = draws[:, place][~np.isnan(draws[:, place])]
        if math.isnan(value[place]) or not len(drawn):
            found[name] = Measured(None)
            continue
        low, high = np.quantile(drawn, (0.025, 0.975))
        found[name] = Measured(float(value[place]), float(low), float(high))
    return found


def _measured(value: Floats, draws: Floats, by_person: Floats) -> dict[str, Measured]:
    found = _intervals(value, draws)
    for name, (many, part) in zip(SHARES, ((0, 1), (2, 3)), strict=True):
        if found[name].value is not None:
            found[name] = _wilson(by_person[:, part], by_person[:, many])
    return found


def _wilson(part: Floats, many: Floats) -> Measured:
    """Wilson's interval, at so many independent asks as would vary like these persons' do."""
    n = float(many.sum())
    share = float(part.sum()) / n
    spread = float(((part - share * many) ** 2).sum())
    even = n * share * (1 - share)
    worth = n / max(1.0, spread / even) if even else float((many > 0).sum())
    middle = (share + _Z**2 / (2 * worth)) / (1 + _Z**2 / worth)
    half = (
        _Z / (1 + _Z**2 / worth) * math.sqrt(share * (1 - share) / worth + _Z**2 / (4 * worth**2))
    )
    return Measured(share, max(0.0, middle - half), min(1.0, middle + half))
