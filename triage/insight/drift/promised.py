"""What a model said of judged cases, and what was promised -> whether each promise is kept.

In: per target, right or wrong with slices; the precision promised. Out: verdicts, with false ones
bounded over all targets and slices and over all the life of the model.
Not here: the betting (promising), reading cases (watching).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from triage.insight.drift.promising import bet_against, broken
from triage.insight.drift.values import (
    ALL,
    Drift,
    Flags,
    Judged,
    Looking,
    Moved,
    Part,
    Verdict,
)

_USUALLY = Looking()
# Who won so many times the stake may have been lucky; but it is worth a look.
_WORTH_A_LOOK = 5.0


def precise(
    judged: Mapping[str, Judged],
    promises: Mapping[str, float],
    start: int,
    looking: Looking = _USUALLY,
) -> tuple[Drift, ...]:
    """Say of each target's precision, promised on the day `start`, whether the promise is kept.

    Slices have the promise of all: that it holds on average alone is no comfort to one of them.
    """
    found: list[tuple[Drift, float]] = []
    for target, cases in judged.items():
        for name, chosen in _judged_slices(cases):
            found.append(
                (_bet(target, name, cases, chosen, promises[target], start), promises[target])
            )
    enough = [(d, p) for d, p in found if d.persons >= looking.judged]
    lost = broken([d.e_value or 0.0 for d, _ in enough], looking.wrong_promise)
    told = {d.key: _kept(d, p, bool(out)) for (d, p), out in zip(enough, lost, strict=True)}
    few = [replace(d, verdict=Verdict.TOO_FEW, since=None, e_value=None) for d, _ in found]
    # Of a slice that hardly anybody is in there is nothing to say, not even that.
    return tuple(told.get(d.key, d) for d in few if d.slice == ALL or d.key in told)


def _judged_slices(cases: Judged) -> Iterator[tuple[str, Flags]]:
    yield ALL, np.ones(len(cases.day), dtype=np.bool_)
    for kind, names in cases.slices.items():
        told = np.array(["" if name is None else name for name in names])
        for name in np.unique(told):
            if name and not (told == name).all():
                yield f"{kind}={name}", told == name


def _bet(target: str, name: str, cases: Judged, chosen: Flags, promise: float, start: int) -> Drift:
    day, who, right = cases.day[chosen], cases.who[chosen], cases.right[chosen]
    bet = bet_against(promise, day, who, right, start)
    share = float(right.mean()) if len(right) else None
    return Drift(
        Part.PRECISION,
        target,
        name,
        Verdict.STEADY,
        statistic=share,
        e_value=bet.e_value,
        persons=len(np.unique(who)),
        since=bet.since,
        what=(Moved(target, promise, share),),
    )


def _kept(drift: Drift, promise: float, lost: bool) -> Drift:
    if lost:
        return replace(drift, verdict=Verdict.DRIFTED)
    below = drift.statistic is not None and drift.statistic < promise
    if below and (drift.e_value or 0.0) >= _WORTH_A_LOOK:
        return replace(drift, verdict=Verdict.WATCH)
    return replace(drift, verdict=Verdict.STEADY, since=None)
