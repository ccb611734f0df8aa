"""Two versions of the model beside each other: each head, and one of them in full.

In: what the page stands on, two versions, the head that is looked at. Out: the values of the page.
Not here: one version (model), drawing (model_figures).
"""

from collections.abc import Mapping
from typing import Any

from triage import registry
from triage.api.pages.lead.here import Here, href
from triage.api.pages.lead.model import head_choice, known_of
from triage.api.pages.lead.model_confusion import confusion
from triage.api.pages.lead.model_figures import (
    difference_cell,
    forest,
    reliability,
    thresholds,
)
from triage.api.pages.lead.model_known import Known, apart_of
from triage.api.pages.lead.model_naming import ALL, head_of
from triage.api.pages.lead.models import TAB, choice_of
from triage.api.pages.showing import Cell, Head, Shown
from triage.registry import Registry

_NUMBERS = ("data", "metrics", "gate", "adaptation", "answer_quality")


def compared_values(here: Here, versions: Registry, a: str, b: str, head: str) -> Mapping[str, Any]:
    """Return the values of the page. Raises NoVersion, and BundleRefused for spoilt files."""
    first, second = known_of(versions, a), known_of(versions, b)
    both = [first, second]
    head, heads = head_choice(both, head)
    apart = apart_of(first, second, head)
    charts = (
        forest(here, head, apart),
        reliability(here, head, both),
        thresholds(here, head, both),
    )
    found = registry.list_versions(versions)
    return {
        "a": a,
        "b": b,
        "both": [one.shown.version for one in (both if a != b else both[:1])],
        "options": [(one.version, choice_of(here, one)) for one in found],
        "live": next((one.version for one in found if one.live), ""),
        "head": head,
        "heads": [(one, head_of(here, one)) for one in heads],
        "shown": _heads_table(here, first, second),
        "paired": bool(apart) and apart[0].paired,
        "drawn": [chart for chart in charts if chart is not None],
        "heats": [heat for one in both if (heat := confusion(here, head, one)) is not None],
        "not_kept": [one.name for one in both if one.evaluation is None],
        "against": _against(first, second),
        "numbers": _numbers(here, versions, a, b),
        "href": href,
    }


def _against(first: Known, second: Known) -> str | None:
    """Return which of the two was judged against the other when it was trained."""
    for one, other in ((second, first), (first, second)):
        if one.shown.manifest.get("verdict", {}).get("champion") == other.name:
            return one.name
    return None


def _heads_table(here: Here, first: Known, second: Known) -> Shown:
    """Return each head of both, and how much better the second is."""
    numbers = here.numbers
    rows = []
    for head in head_choice([first, second], "")[1]:
        one, other = first.metrics.get(head, {}), second.metrics.get(head, {})
        whole = [row for row in apart_of(first, second, head) if row.slice == ALL]
        cells = [
            Cell(head_of(here, head), href=href(TAB, "compare", **_query(first, second, head)))
        ]
        for name in ("accuracy", "coverage", "precision"):
            cells += [Cell(numbers.share(of.get(name)), number=True) for of in (one, other)]
            if name == "accuracy":
                cells.append(difference_cell(here, whole[0]) if whole else Cell("–", number=True))
        rows.append(tuple(cells))
    names = (
        *("right_a", "right_b", "difference", "said_a", "said_b"),
        *("right_of_it_a", "right_of_it_b"),
    )
    heads = (
        Head("head", here.part("col_head")),
        *(Head(name, here.part(f"col_{name}"), number=True) for name in names),
    )
    return Shown("compared", here.part("every_head"), heads, tuple(rows))


def _query(first: Known, second: Known, head: str) -> dict[str, str]:
    return {"a": first.name, "b": second.name, "head": head}


def _numbers(here: Here, versions: Registry, a: str, b: str) -> Shown:
    """Return all else in which the two differ, by the names that the manifest has for it."""
    found = [
        one
        for one in registry.compare(versions, a, b)
        if one.left != one.right and one.name.split(".")[0] in _NUMBERS
    ]
    rows = tuple(
        (Cell(one.name, lang="en"), _told(here, one.left), _told(here, one.right)) for one in found
    )
    heads = (Head("name", here.part("col_name")), Head("a", a, True), Head("b", b, True))
    return Shown("numbers", here.part("all_numbers"), heads, rows)


def _told(here: Here, value: object) -> Cell:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Cell("–" if value is None else str(value), number=True)
    whole = isinstance(value, int)
    said = here.numbers.count(value) if whole else here.numbers.number(value, 4)
    return Cell(said, number=True)
