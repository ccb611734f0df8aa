"""What the lot says of a look's model -> how often it is right of everything that is asked.

In: a look. Out: a table, how much of what was drawn is decided; None where nothing was drawn.
Not here: drawing and estimating (reviewing), precision on cases that people filed (drift_figures).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from triage.api.pages.lead.drift_look import ALL, Look
from triage.api.pages.lead.drift_naming import measure_of
from triage.api.pages.lead.here import Here, href
from triage.api.pages.showing import Cell, Head, Shown
from triage.outcomes.intervals import Share
from triage.reviewing import Estimate, Unbiased, estimate

_DAYS = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class ByLot:
    """What was drawn by lot in four weeks. `table` is None where none of it is decided."""

    state: str
    table: Shown | None
    review: str


def by_lot(here: Here, look: Look, promises: Mapping[str, float]) -> ByLot | None:
    """Return what the asks that were drawn by lot in the last four weeks say."""
    until = look.asked.day + timedelta(days=1)
    with here.database().read() as c:
        found = estimate(
            c,
            here.forum.id,
            until - _DAYS,
            until,
            model_version=look.watched.model_version,
            include_simulated=look.asked.asks == ALL,
        )
    if not found.drawn:
        return None
    count = here.numbers.count
    state = here.part(
        "lot_state", decided=count(found.decided), drawn=count(found.drawn), open=found.waiting
    )
    table = _table(here, found, promises) if found.decided else None
    return ByLot(state, table, href("review", reason="random"))


def _table(here: Here, found: Estimate, promises: Mapping[str, float]) -> Shown:
    names = ("head", "precision", "promised", "bounds", "judged", "coverage")
    heads = tuple(Head(name, here.part(f"h_{name}"), name != "head") for name in names)
    rows = tuple(
        (
            Cell(measure_of(here, target.value)),
            _share(here, one.precision),
            Cell(here.numbers.share(promises.get(target.value)), number=True),
            Cell(_bounds(here, one), number=True),
            Cell(here.numbers.count(one.judged), number=True),
            _share(here, one.coverage),
        )
        for target, one in found.heads.items()
        if one.coverage is not None
    )
    return Shown("drift_lot", here.part("lot_caption"), heads, rows)


def _bounds(here: Here, one: Unbiased) -> str:
    return here.numbers.span(one.lowest, one.highest) or here.numbers.share(None)


def _share(here: Here, share: Share | None) -> Cell:
    hint = "" if share is None else here.numbers.span(share.low, share.high)
    return Cell(here.numbers.share(None if share is None else share.value), hint, number=True)
