"""Items and a way to find what is sensitive -> recall and precision by type.

In: items, a finder. Out: tallies and, for tuning, what went wrong.
Not here: drawing the items (items), printing (__main__).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks.redaction.items import Item, Span

Finder = Callable[[str], Sequence[Span]]

# A key that is taken for a password is as safe as one that is taken for a key.
_DOORS = frozenset({"password", "key", "licence"})


@dataclass(slots=True)
class Tally:
    """Counts of one type: `whole` were found from end to end under their own name, `covered` under
    any name; `right` of the `found` findings overlap something sensitive of their kind.
    """

    expected: int = 0
    whole: int = 0
    covered: int = 0
    found: int = 0
    right: int = 0

    @property
    def recall(self) -> float:
        """Share of what is there that is found, whole and under its own name."""
        return self.whole / self.expected if self.expected else 1.0

    @property
    def safe(self) -> float:
        """Share of what is there of which no character is left, whatever it is called."""
        return self.covered / self.expected if self.expected else 1.0

    @property
    def precision(self) -> float:
        """Share of the findings that are right."""
        return self.right / self.found if self.found else 1.0


@dataclass(slots=True)
class Measured:
    """Tallies by type, the harmless texts in which anything was found, and every fault."""

    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    harmless: int = 0
    alarms: int = 0
    faults: list[str] = field(default_factory=list)


def measure(items: Iterable[Item], find: Finder) -> Measured:
    """Judge a finder on items."""
    measured = Measured()
    for item in items:
        found = find(item.text)
        _expect(measured, item, found)
        _judge(measured, item, found)
        if not item.spans:
            measured.harmless += 1
            measured.alarms += bool(found)
    return measured


def _expect(measured: Measured, item: Item, found: Sequence[Span]) -> None:
    for span in item.spans:
        tally = measured.tallies[span.type]
        tally.expected += 1
        whole = any(_same(f, span) and f.start <= span.start and f.end >= span.end for f in found)
        tally.whole += whole
        hidden = {i for f in found for i in range(f.start, f.end)}
        tally.covered += hidden.issuperset(range(span.start, span.end))
        if not whole:
            value = item.text[span.start : span.end]
            measured.faults.append(f"missed {span.type} {value!r} in {item.id}: {item.text!r}")


def _judge(measured: Measured, item: Item, found: Sequence[Span]) -> None:
    for one in found:
        tally = measured.tallies[one.type]
        tally.found += 1
        right = any(
            (_same(one, s) or {one.type, s.type} <= _DOORS)
            and one.start < s.end
            and s.start < one.end
            for s in item.spans
        )
        tally.right += right
        if not right:
            value = item.text[one.start : one.end]
            measured.faults.append(f"wrong {one.type} {value!r} in {item.id}: {item.text!r}")


def _same(one: Span, other: Span) -> bool:
    return one.type == other.type
