"""Labels as filed, as said lately and as measured -> one row a label, with how it stands.

In: the store, a target, the metrics of the live model. Out: a `Taxonomy`.
Not here: SQL (store), what a label is called (api), which are alike (alike).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from triage import store
from triage.classify import label_key
from triage.outcomes.intervals import wilson
from triage.records import Kind, Target

WINDOW = timedelta(days=28)
_CLOSED: Mapping[Target, tuple[str, ...]] = {
    Target.KIND: tuple(map(str, Kind)),
    Target.SEVERITY: ("1", "2", "3", "4"),
}
_Z = 1.959963984540054


class Standing(StrEnum):
    """How a label stands: what the live model does with it, or why it does nothing."""

    LEARNT = "learnt"
    SILENT = "silent"
    RARE = "rare"
    NEW = "new"
    GONE = "gone"
    UNUSED = "unused"
    NO_MODEL = "no_model"


@dataclass(frozen=True, slots=True)
class Learnt:
    """How a label was measured, unseen: right of those it was surely said of, with its interval.

    `coverage` is of the times that it was the likeliest; `spoken` times it was surely said. `alone`
    says how it was shown that it may speak: `alone`, `together` or `silent`.
    """

    cases: int
    precision: float | None
    low: float | None
    high: float | None
    coverage: float
    spoken: int
    alone: str
    speaks_from: float | None


@dataclass(frozen=True, slots=True)
class LabelCount:
    """One label: how often it was filed, in which spellings and languages, and said lately.

    `said` asks were surely given it; of `unsure` ones it was likeliest, but not sure enough.
    """

    label: str
    standing: Standing
    cases: int = 0
    last: datetime | None = None
    spellings: Mapping[str, int] = field(default_factory=dict)
    langs: Mapping[str, int] = field(default_factory=dict)
    said: int = 0
    unsure: int = 0
    learnt: Learnt | None = None

    @property
    def asked(self) -> bool:
        """Whether anybody asked about it lately, as far as the model tells."""
        return self.said + self.unsure > 0


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All labels of one target; `unlabelled` cases have none, `unsure` asks were surely given none.

    `model` is the version that was measured, None without one that has such a head.
    """

    target: Target
    labels: tuple[LabelCount, ...]
    unlabelled: int
    asks: int
    unsure: int
    model: str | None

    def of(self, label: str) -> LabelCount | None:
        """Return one label, whatever its spelling; None where there is none."""
        key = label_key(label)
        return next((one for one in self.labels if label_key(one.label) == key), None)


def taxonomy_of(
    c: store.Connection,
    forum_id: int,
    target: Target,
    now: datetime,
    *,
    model: str | None = None,
    metrics: Mapping[str, Any] | None = None,
    said: Sequence[store.SaidLabel] | None = None,
    include_simulated: bool = False,
) -> Taxonomy:
    """Return the labels of a target, those asked about most first.

    `metrics` are those of the head, as the manifest of the `model` that is live has them; `said`
    what `said_lately` told of the target, for who has it already.
    """
    filed = store.filed_labels(c, forum_id, target)
    if said is None:
        told = said_lately(c, forum_id, now, (target,), include_simulated=include_simulated)
        said = told[target]
    per_class = {label_key(name): (name, row) for name, row in _classes(metrics).items()}
    dropped = {label_key(name) for name in (metrics or {}).get("dropped_classes", ())}
    by_key = _filed_by_key(filed)
    asked = _said_by_key(said)
    closed = {label_key(name): name for name in _CLOSED.get(target, ())}
    labels = []
    for key in {*by_key, *asked, *per_class, *closed}:
        rows = by_key.get(key, [])
        name = per_class[key][0] if key in per_class else _shown(key, rows, asked, closed)
        learnt = _learnt(per_class[key][1]) if key in per_class else None
        labels.append(
            _count(name, rows, asked.get(key, Counter()), learnt, key in dropped, metrics)
        )
    labels.sort(key=lambda one: (-one.said - one.unsure, -one.cases, one.label))
    return Taxonomy(
        target,
        tuple(labels),
        store.count_unlabelled(c, forum_id, target),
        sum(one.asks for one in said),
        sum(one.asks for one in said if one.abstained),
        model if metrics else None,
    )


def said_lately(
    c: store.Connection,
    forum_id: int,
    now: datetime,
    targets: Sequence[Target],
    *,
    include_simulated: bool = False,
) -> dict[Target, list[store.SaidLabel]]:
    """Return what the model has said of each target since the window began."""
    since = now - WINDOW
    return store.said_labels(c, forum_id, targets, since, include_simulated=include_simulated)


def _classes(metrics: Mapping[str, Any] | None) -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = (metrics or {}).get("per_class", {})
    return found


def _filed_by_key(filed: Iterable[store.FiledLabel]) -> dict[str, list[store.FiledLabel]]:
    found: dict[str, list[store.FiledLabel]] = defaultdict(list)
    for one in filed:
        if key := label_key(one.label):
            found[key].append(one)
    return found


def _said_by_key(said: Iterable[store.SaidLabel]) -> dict[str, Counter[bool]]:
    found: dict[str, Counter[bool]] = defaultdict(Counter)
    for one in said:
        found[label_key(one.label)][one.abstained] += one.asks
    return found


def _shown(
    key: str,
    rows: Iterable[store.FiledLabel],
    asked: Mapping[str, Counter[bool]],
    closed: Mapping[str, str],
) -> str:
    """Return the commonest spelling, as training takes it."""
    seen = _spellings(rows)
    return closed.get(key) or (min(seen, key=lambda s: (-seen[s], s)) if seen else key)


def _spellings(rows: Iterable[store.FiledLabel]) -> Counter[str]:
    seen: Counter[str] = Counter()
    for one in rows:
        seen[one.label] += one.cases
    return seen


def _count(
    name: str,
    rows: list[store.FiledLabel],
    asked: Counter[bool],
    learnt: Learnt | None,
    dropped: bool,
    metrics: Mapping[str, Any] | None,
) -> LabelCount:
    langs: Counter[str] = Counter()
    for one in rows:
        langs[one.lang or ""] += one.cases
    days = [one.last for one in rows if one.last is not None]
    cases = sum(one.cases for one in rows)
    return LabelCount(
        name,
        _standing(cases, learnt, metrics, asked=bool(asked), dropped=dropped),
        cases,
        max(days, default=None),
        dict(_spellings(rows).most_common()),
        dict(langs.most_common()),
        asked[False],
        asked[True],
        learnt,
    )


def _standing(
    cases: int,
    learnt: Learnt | None,
    metrics: Mapping[str, Any] | None,
    *,
    asked: bool,
    dropped: bool,
) -> Standing:
    if not metrics:
        return Standing.NO_MODEL
    if learnt is not None:
        if not cases:
            return Standing.GONE
        return Standing.SILENT if learnt.alone == "silent" else Standing.LEARNT
    if not cases:
        return Standing.GONE if asked else Standing.UNUSED
    return Standing.RARE if dropped or cases < 2 else Standing.NEW


def _learnt(row: Mapping[str, Any]) -> Learnt:
    # How often it was said at all, and in which share of these surely.
    spoken = round(row["said"] * row["coverage"])
    precision = row["precision_spoken"]
    low, high = (None, None) if precision is None else wilson(precision, spoken, _Z)
    above = row["abstain_below"]
    return Learnt(
        row["n"],
        precision,
        low,
        high,
        row["coverage"],
        spoken,
        row["shown"],
        above if above <= 1 else None,
    )
