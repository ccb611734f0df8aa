"""What a look found <-> the same as JSON: what the command prints, and what is kept of each day.

In: either. Out: the other.
Not here: looking (looking), keeping it (telling), how pages show it (api).
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from math import nan
from typing import Any

from triage.insight.drift import Drift, Moved, Part, Span, Verdict
from triage.outcomes.intervals import Share
from triage.records import Target
from triage.watching.daily import Card
from triage.watching.looking import Watched, summary
from triage.watching.moments import date_of, day_number

_SHARE = ("value", "low", "high", "asks", "persons")


def said(watched: Watched) -> dict[str, Any]:
    """Return what was found as JSON takes it, with the worst verdict of each part."""
    return {
        "model_version": watched.model_version,
        "references": {
            part.value: {"from": _day(span.first), "to": _day(span.end - 1)}
            for part, span in watched.references
        },
        "verdicts": {part.value: verdict.value for part, verdict in summary(watched).items()},
        "drifts": [{**asdict(one), "since": _day(one.since)} for one in watched.drifts],
        "cards": [_card(card) for card in watched.cards],
    }


def heard(told: Mapping[str, Any]) -> Watched:
    """Return what was found from what `said` made of it; how far shares vary is not kept."""
    return Watched(
        told["model_version"],
        tuple(_drift_of(one) for one in told["drifts"]),
        tuple(_card_of(one) for one in told["cards"]),
        tuple(
            (Part(part), Span(_number(span["from"]), _number(span["to"]) + 1))
            for part, span in told["references"].items()
        ),
    )


def _card(card: Card) -> dict[str, Any]:
    return {
        "day": None if card.day is None else card.day.isoformat(),
        "target": card.target.value,
        "asks": card.asks,
        "judged": card.judged,
        "coverage": _share(card.coverage),
        "precision": _share(card.precision),
    }


def _share(share: Share | None) -> dict[str, Any] | None:
    return None if share is None else {name: getattr(share, name) for name in _SHARE}


def _drift_of(told: Mapping[str, Any]) -> Drift:
    return Drift(
        **{
            **told,
            "part": Part(told["part"]),
            "verdict": Verdict(told["verdict"]),
            "since": None if told["since"] is None else _number(told["since"]),
            "what": tuple(Moved(**moved) for moved in told["what"]),
        }
    )


def _card_of(told: Mapping[str, Any]) -> Card:
    return Card(
        None if told["day"] is None else date.fromisoformat(told["day"]),
        Target(told["target"]),
        told["asks"],
        _share_of(told["coverage"]),
        told["judged"],
        _share_of(told["precision"]),
    )


def _share_of(told: Mapping[str, Any] | None) -> Share | None:
    return None if told is None else Share(**told, standard_error=nan)


def _day(number: int | None) -> str | None:
    return None if number is None else date_of(number).isoformat()


def _number(day: str) -> int:
    return day_number(date.fromisoformat(day))
