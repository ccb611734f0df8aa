"""One version of the model: what it learnt from, what the gate said, how good each head is.

In: what the page stands on, a version, the head that is looked at. Out: the values of the page.
Not here: all versions (models), two of them (models_compared).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from triage import registry
from triage.api.pages.lead.here import Here, href
from triage.api.pages.lead.model_confusion import confusion
from triage.api.pages.lead.model_figures import reliability, slices, thresholds
from triage.api.pages.lead.model_known import Known
from triage.api.pages.lead.model_naming import (
    COST,
    head_of,
    label_of,
    moment,
    outcome_of,
    slice_of,
    tone_of,
    verdict_of,
)
from triage.api.pages.lead.models import history_table, standing
from triage.api.pages.showing import Cell, Head, Shown
from triage.registry import Registry
from triage.registry.evaluation import read_evaluation

# The head that is shown unless somebody chooses another one.
_FIRST = ("topic", "kind", "severity", "destination", "tone", "difficulty")
_BASES = ("time", "folds")


def known_of(versions: Registry, version: str) -> Known:
    """Return a version and what it keeps. Raises NoVersion, and BundleRefused for spoilt files."""
    shown = registry.show(versions, version)
    return Known(shown, read_evaluation(versions.folder / version, shown.manifest))


def head_choice(known: Sequence[Known], wanted: str) -> tuple[str, list[str]]:
    """Return the head to show, and those that any of the versions has."""
    there = [head for head in _FIRST if any(head in one.metrics for one in known)]
    return (wanted if wanted in there else (there or [""])[0]), there


def version_values(here: Here, versions: Registry, version: str, head: str) -> Mapping[str, Any]:
    """Return the values of a version's page. Raises NoVersion and BundleRefused."""
    known = known_of(versions, version)
    head, heads = head_choice([known], head)
    found = registry.list_versions(versions)
    verdict = known.shown.version.verdict
    return {
        "known": known,
        "version": known.shown.version,
        "standing": standing(here, found, known.shown.history),
        "verdict": verdict,
        "verdict_word": verdict_of(here, verdict),
        "verdict_tone": tone_of(verdict),
        "outcome_said": outcome_of(here, verdict),
        "outcome": known.shown.manifest.get("verdict", {}),
        "facts": _facts(here, known),
        "tables": [
            shown for basis in _BASES if (shown := verdict_table(here, known, basis)) is not None
        ],
        "heads_table": heads_table(here, known),
        "head": head,
        "heads": [(one, head_of(here, one)) for one in heads],
        "labels": labels_table(here, known, head),
        "drawn": _drawn(here, known, head),
        "heat": confusion(here, head, known),
        "history": history_table(here, known.shown.history),
        "href": href,
    }


def _drawn(here: Here, known: Known, head: str) -> list[Any]:
    one = [known]
    charts = (slices(here, head, known), reliability(here, head, one), thresholds(here, head, one))
    return [chart for chart in charts if chart is not None]


def _facts(here: Here, known: Known) -> list[tuple[str, str]]:
    manifest, version, count = known.shown.manifest, known.shown.version, here.numbers.count
    data = manifest.get("data", {})
    days = f"{data['first_day']} – {data['last_day']}" if data.get("first_day") else "–"
    size = here.numbers.number(version.size_bytes / 2**20, 1)
    missing = ", ".join(head_of(here, head) for head in manifest.get("abstaining", {})) or "–"
    return [
        (here.part("trained_at"), moment(version.created)),
        (here.part("learnt_from"), here.counted("lead_models.cases", version.cases or 0)),
        (here.part("days"), days),
        (here.part("doubts"), count(manifest.get("doubts"))),
        (here.part("no_head"), missing),
        (here.part("encoder"), version.encoder or "–"),
        (here.part("size"), f"{size} MiB"),
    ]


def heads_table(here: Here, known: Known) -> Shown:
    """Return what each head is worth on cases that it had not seen."""
    numbers = here.numbers
    rows = []
    for head in _FIRST:
        found = known.metrics.get(head)
        if found is None:
            continue
        rows.append(
            (
                Cell(head_of(here, head)),
                Cell(numbers.count(found.get("n")), number=True),
                Cell(numbers.count(found.get("classes")), number=True),
                Cell(numbers.share(found.get("accuracy")), number=True),
                Cell(numbers.share(found.get("coverage")), number=True),
                Cell(numbers.share(found.get("precision")), number=True),
                Cell(numbers.share(found.get("precision_wanted")), number=True),
                Cell(numbers.number(found.get("ece"), 3), number=True),
            )
        )
    names = ("head", "cases", "labels", "right", "said", "right_of_it", "wanted", "ece")
    heads = tuple(Head(name, here.part(f"col_{name}"), name != "head") for name in names)
    return Shown("heads", here.part("heads"), heads, tuple(rows))


def labels_table(here: Here, known: Known, head: str) -> Shown | None:
    """Return what each label of a head is worth; None of a head without labels of its own."""
    found = known.metrics.get(head, {}).get("per_class")
    if not found:
        return None
    numbers = here.numbers
    rows = tuple(
        (
            Cell(label_of(here, head, label)),
            Cell(numbers.count(row.get("n")), number=True),
            Cell(numbers.share(row.get("precision")), number=True),
            Cell(numbers.share(row.get("recall")), number=True),
            Cell(here.part(f"shown_{row['shown']}") if "shown" in row else "–"),
            Cell(numbers.share(row.get("coverage")), number=True),
            Cell(numbers.share(row.get("precision_spoken")), number=True),
        )
        for label, row in found.items()
    )
    names = ("label", "cases", "precision", "recall", "speaks", "said", "right_of_it")
    words = {"label", "speaks"}
    heads = tuple(Head(name, here.part(f"col_{name}"), name not in words) for name in names)
    return Shown("labels", here.part("labels_of", head=head_of(here, head)), heads, rows)


def verdict_table(here: Here, known: Known, basis: str) -> Shown | None:
    """Return what the gate compared on one basis: a row a slice, a column a measure."""
    verdict = known.shown.manifest.get("verdict", {})
    tried = [row for row in verdict.get("slices", ()) if row["basis"] == basis]
    if not tried:
        return None
    measures = list(dict.fromkeys(row["measure"] for row in tried))
    cells = {(row["slice"], row["measure"]): row for row in tried}
    rows = []
    for name in dict.fromkeys(row["slice"] for row in tried):
        of_slice = [cells.get((name, measure)) for measure in measures]
        most = max(row["n"] for row in of_slice if row is not None)
        told = [_tried(here, row) for row in of_slice]
        rows.append(
            (Cell(slice_of(here, name)), Cell(here.numbers.count(most), number=True), *told)
        )
    heads = [Head("slice", here.part("col_slice")), Head("cases", here.part("col_cases"), True)]
    heads += [Head(one, head_of(here, one), True) for one in measures]
    caption = here.part(f"basis_{basis}", n=here.numbers.count(verdict["judged"][basis]["n"]))
    return Shown(f"verdict_{basis}", caption, tuple(heads), tuple(rows))


def _tried(here: Here, row: Mapping[str, Any] | None) -> Cell:
    if row is None:
        return Cell("–", number=True)
    said = here.numbers.number if row["measure"] == COST else here.numbers.share
    hint = here.part("undecided") if row["standing"] == "undecided" else ""
    worse = row["standing"] == "worse"
    return Cell(f"{said(row['before'])} → {said(row['after'])}", hint, number=True, warn=worse)
