"""/lead/taxonomy: the labels of questions, how often each is used, how well it is learnt.

In: how a page speaks, a target, an order. Out: values for templates.
Not here: counting (taxonomy), one label by itself (taxonomy_label).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from triage.api.pages.lead.here import Here, href
from triage.api.pages.lead.taxonomy_reading import TARGETS, read_taxonomy
from triage.api.pages.showing import Cell, Charted, Head, Shown
from triage.errors import BadField
from triage.records import LANGUAGES, Target
from triage.taxonomy import (
    WINDOW,
    Alike,
    LabelCount,
    Standing,
    Taxonomy,
    alike,
)
from triage.web import Chart, ChartKind, Series, Unit
from triage.web.figures import UNKNOWN

_MARKS: Mapping[Standing, str] = {
    Standing.LEARNT: "good",
    Standing.SILENT: "soon",
    Standing.RARE: "soon",
    Standing.NEW: "plain",
    Standing.GONE: "bad",
    Standing.UNUSED: "plain",
    Standing.NO_MODEL: "plain",
}
_LAST = 2.0
_MOST_ROWS, _MOST_CHARTED, _MOST_ALIKE = 300, 30, 12
_ORDERS: Mapping[str, Callable[[LabelCount], Any]] = {
    "asked": lambda one: (-one.said - one.unsure, -one.cases, one.label),
    "cases": lambda one: (-one.cases, one.label),
    "precision": lambda one: (_precision(one), one.label),
    "label": lambda one: one.label.casefold(),
}
_HEADS = ("label", "cases", "langs", "asked", "share", "precision", "coverage", "standing")
_SORTED = {"label": "label", "cases": "cases", "asked": "asked", "precision": "precision"}
_NUMBERS = frozenset({"cases", "langs", "asked", "share", "precision", "coverage"})


@dataclass(frozen=True, slots=True)
class Look:
    """Something that wants a look: what it is, and the labels that it is about."""

    said: str
    about: str
    labels: tuple[tuple[str, str], ...]


def target_of(given: str) -> Target:
    """Return the target of an address. Raises BadField for one that is not shown."""
    if given not in set(map(str, TARGETS)):
        raise BadField("target", f"is none of {', '.join(map(str, TARGETS))}")
    return Target(given)


def overview(here: Here, target: Target, order: str) -> Mapping[str, Any]:
    """Return what the page shows of a target. Raises BadField for an order that there is not."""
    if order not in _ORDERS:
        raise BadField("sort", f"is none of {', '.join(_ORDERS)}")
    found = read_taxonomy(here, target)
    labels = sorted(found.labels, key=_ORDERS[order])
    return {
        "target": str(target),
        "targets": [
            (here.part(f"target_{one}"), href("taxonomy", target=str(one)), one is target)
            for one in TARGETS
        ],
        "sentences": _sentences(here, found),
        "table": _table(here, found, labels),
        "sorts": {
            head: href("taxonomy", target=str(target), sort=name) for head, name in _SORTED.items()
        },
        "sort": next(head for head, name in _SORTED.items() if name == order),
        "looks": _looks(here, found),
        "alike": [
            _pair(here, target, one)
            for one in alike(row.label for row in found.labels if row.cases)[:_MOST_ALIKE]
        ]
        if target is Target.TOPIC
        else [],
        "precision": _chart(here, target, found.labels),
    }


def label_said(here: Here, target: Target, label: str) -> str:
    """Return what a label is called; topics are called what the forum calls them."""
    key = f"lead_taxonomy.{target}_{label}"
    return here.say(key) if target is not Target.TOPIC and here.has(key) else label


def label_href(target: Target, label: str) -> str:
    """Return the address of a label's page."""
    return href("taxonomy", str(target), label)


def standing_cell(here: Here, one: LabelCount) -> Cell:
    """Return how a label stands, as a badge."""
    return Cell(here.part(f"standing_{one.standing}"), mark=_MARKS[one.standing])


def precision_cell(here: Here, one: LabelCount) -> Cell:
    """Return how often the label is right where it is surely said, with its interval."""
    learnt = one.learnt
    if learnt is None or learnt.precision is None:
        return Cell(UNKNOWN, number=True)
    span = here.numbers.span(learnt.low, learnt.high)
    return Cell(here.numbers.share(learnt.precision), hint=span, number=True)


def _sentences(here: Here, found: Taxonomy) -> list[str]:
    count, share = here.numbers.count, here.numbers.share
    told = [
        here.part(
            f"sum_{found.target}",
            n=count(len([one for one in found.labels if one.cases])),
            cases=count(sum(one.cases for one in found.labels)),
        )
    ]
    if found.unlabelled:
        told.append(here.counted("lead_taxonomy.unlabelled", found.unlabelled))
    if found.asks:
        told.append(
            here.part(
                "asked_lately",
                asks=count(found.asks),
                days=count(WINDOW.days),
                unsure=share(found.unsure / found.asks),
            )
        )
    else:
        told.append(here.part("nobody_asked", days=count(WINDOW.days)))
    told.append(
        here.part("no_model") if found.model is None else here.part("measured", model=found.model)
    )
    return told


def _table(here: Here, found: Taxonomy, labels: list[LabelCount]) -> Shown:
    heads = tuple(Head(name, here.part(f"head_{name}"), name in _NUMBERS) for name in _HEADS)
    rows = tuple(_row(here, found, one) for one in labels[:_MOST_ROWS])
    caption = here.part(f"target_{found.target}")
    return Shown("taxonomy", caption, heads, rows, max(0, len(labels) - _MOST_ROWS))


def _row(here: Here, found: Taxonomy, one: LabelCount) -> tuple[Cell, ...]:
    count, share = here.numbers.count, here.numbers.share
    asked = one.said + one.unsure
    spelt = len(one.spellings)
    return (
        Cell(
            label_said(here, found.target, one.label),
            hint=here.part("spellings_n", n=count(spelt)) if spelt > 1 else "",
            href=label_href(found.target, one.label),
        ),
        Cell(count(one.cases), number=True),
        Cell(f"{len([lang for lang in one.langs if lang])}/{len(LANGUAGES)}", number=True),
        Cell(
            count(asked),
            hint=here.part("unsure_n", n=count(one.unsure)) if one.unsure else "",
            number=True,
        ),
        Cell(share(asked / found.asks) if found.asks else UNKNOWN, number=True),
        precision_cell(here, one),
        Cell(UNKNOWN if one.learnt is None else share(one.learnt.coverage), number=True),
        standing_cell(here, one),
    )


def _looks(here: Here, found: Taxonomy) -> list[Look]:
    """Return what wants a look, each with its labels; nothing that has none."""
    asked_lately = found.asks > 0
    groups = {
        "silent": [one for one in found.labels if one.standing is Standing.SILENT],
        "rare": [one for one in found.labels if one.standing is Standing.RARE],
        "new": [one for one in found.labels if one.standing is Standing.NEW],
        "gone": [one for one in found.labels if one.standing is Standing.GONE],
        "unused": [one for one in found.labels if one.cases and asked_lately and not one.asked],
        "spelt": [one for one in found.labels if len(one.spellings) > 1],
    }
    return [
        Look(
            here.counted(f"lead_taxonomy.look_{name}", len(rows)),
            here.part(f"look_{name}_is"),
            tuple(
                (label_said(here, found.target, one.label), label_href(found.target, one.label))
                for one in rows[:_MOST_CHARTED]
            ),
        )
        for name, rows in groups.items()
        if rows
    ]


def _pair(here: Here, target: Target, one: Alike) -> Mapping[str, str]:
    return {
        "one": one.one,
        "one_href": label_href(target, one.one),
        "other": one.other,
        "other_href": label_href(target, one.other),
    }


def _precision(one: LabelCount) -> float:
    learnt = one.learnt
    return _LAST if learnt is None or learnt.precision is None else learnt.precision


def _chart(here: Here, target: Target, labels: tuple[LabelCount, ...]) -> Charted | None:
    """Return how precise each label is, the least first, or None where nothing was measured."""
    known = sorted((one for one in labels if _precision(one) < _LAST), key=_precision)
    if not known:
        return None
    some = known[:_MOST_CHARTED]
    names = [label_said(here, target, one.label) for one in some]
    learnt = [one.learnt for one in some if one.learnt is not None]
    about = here.part("chart_precision")
    series = Series(
        here.part("head_precision"),
        [one.precision for one in learnt],
        [
            f"{here.numbers.share(one.precision)} ({here.numbers.span(one.low, one.high)})"
            for one in learnt
        ],
        [one.low for one in learnt],
        [one.high for one in learnt],
        tone=0,
    )
    chart = Chart(
        about=about,
        told=here.part("chart_precision_is"),
        kind=ChartKind.INTERVALS,
        unit=Unit.SHARE,
        names=names,
        series=[series],
        separators=here.numbers.separators,
    )
    heads = tuple(
        Head(name, here.part(f"head_{name}"), name != "label")
        for name in ("label", "precision", "spoken")
    )
    rows = tuple(
        (
            Cell(name, href=label_href(target, one.label)),
            precision_cell(here, one),
            Cell(here.numbers.count(one.learnt.spoken if one.learnt else None), number=True),
        )
        for name, one in zip(names, some, strict=True)
    )
    return Charted(chart, Shown("precision", about, heads, rows, len(known) - len(some)))
