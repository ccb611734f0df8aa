"""Which labels a head takes for which -> a table of heat, and the commonest mistakes.

In: what a version keeps of a head. Out: rows of labels as filed, columns of labels as said; of many
labels those that are mixed up most.
Not here: counting (learn.evaluation), colours (static/lead.css).
"""

from collections import Counter
from dataclasses import dataclass

from triage.api.pages.lead.here import Here
from triage.api.pages.lead.model_known import Known
from triage.api.pages.lead.model_naming import head_of, label_of
from triage.api.pages.showing import Cell, Head, Shown

_MOST_LABELS = 16
_MOST_MISTAKES = 8
_LEVELS = 10


@dataclass(frozen=True, slots=True)
class HeatCell:
    """How many cases, and how deep its colour: their share of the row in tenths."""

    text: str
    said: str
    level: int
    right: bool


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One label as filed: its number in the table, its name, how many cases, its cells."""

    number: int
    name: str
    cases: str
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """The table of one version. `mistakes` are the commonest, `more` labels are left out."""

    version: str
    caption: str
    rows: tuple[HeatRow, ...]
    mistakes: Shown
    more: int


def confusion(here: Here, head: str, one: Known) -> Heat | None:
    """Return the table of a version; None where it keeps none."""
    measures = one.measures(head)
    if measures is None:
        return None
    counts = {(cell.truth, cell.said): cell.n for cell in measures.confusion}
    filed: Counter[str] = Counter()
    mixed: Counter[str] = Counter()
    for (truth, said), n in counts.items():
        filed[truth] += n
        if truth != said:
            mixed.update({truth: n, said: n})
    most = sorted(measures.labels, key=lambda label: (-mixed[label], label))[:_MOST_LABELS]
    labels = [label for label in measures.labels if label in most]
    rows = tuple(
        _row(here, head, number, truth, labels, counts, filed[truth])
        for number, truth in enumerate(labels, 1)
    )
    caption = here.part("confusion_of", head=head_of(here, head), version=one.name)
    left_out = len(measures.labels) - len(labels)
    return Heat(one.name, caption, rows, _mistakes(here, head, one), left_out)


def _row(
    here: Here,
    head: str,
    number: int,
    truth: str,
    labels: list[str],
    counts: dict[tuple[str, str], int],
    whole: int,
) -> HeatRow:
    cells = []
    for said in labels:
        n = counts.get((truth, said), 0)
        share = n / whole if whole else 0.0
        told = here.part(
            "cell_said",
            truth=label_of(here, head, truth),
            said=label_of(here, head, said),
            share=here.numbers.share(share),
        )
        text = here.numbers.count(n) if n else ""
        cells.append(HeatCell(text, told, round(_LEVELS * share), truth == said))
    return HeatRow(number, label_of(here, head, truth), here.numbers.count(whole), tuple(cells))


def _mistakes(here: Here, head: str, one: Known) -> Shown:
    measures = one.measures(head)
    cells = measures.confusion if measures is not None else ()
    wrong = sorted(
        (cell for cell in cells if cell.truth != cell.said),
        key=lambda cell: (-cell.n, -cell.surely, cell.truth, cell.said),
    )
    numbers = here.numbers
    rows = tuple(
        (
            Cell(label_of(here, head, cell.truth)),
            Cell(label_of(here, head, cell.said)),
            Cell(numbers.count(cell.n), number=True),
            Cell(numbers.count(cell.surely), number=True),
        )
        for cell in wrong[:_MOST_MISTAKES]
    )
    names = (("filed", False), ("guessed", False), ("cases", True), ("surely", True))
    heads = tuple(Head(name, here.part(f"col_{name}"), number) for name, number in names)
    caption = here.part("mistakes_of", version=one.name)
    return Shown("mistakes", caption, heads, rows)
