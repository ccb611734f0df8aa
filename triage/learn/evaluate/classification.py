"""Labelled cases -> how well a head labels cases that it has not seen.

In: cases to learn from and, unless they are folded, cases to test on. Out: the keys of
`evaluate classify`, ready for JSON. The head is fitted by the very code that trains a bundle.
Not here: fitting (heads), the measures (scores), reading files (store, connect).
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.classify import EASY, HARD, HARD_FROM, facts_of, label_key
from triage.errors import BadField, NotEnoughData
from triage.learn.heads.fitting import FitOptions, Progress, fit_classifier
from triage.learn.heads.labels import labels_of
from triage.learn.heads.sayings import Sayings, sayings_in
from triage.learn.statistics.folds import assign_folds
from triage.learn.statistics.noise import calibration_floor
from triage.learn.statistics.scores import (
    accuracy,
    expected_calibration_error,
    macro_f1,
    outside_recall,
    per_class,
    separation,
    told_surely,
)
from triage.records import Case, Label, Labels, Novelty, Target
from triage.text import prepare_case

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
Results = dict[str, Any]

OUT_OF_SCOPE = "oos"
_DEFAULT_FOLDS = 5
_MEANS = ("accuracy", "macro_f1", "oos_auroc", "oos_recall_at_4")


@dataclass(frozen=True, slots=True)
class _Row:
    """A case with its label and its encoder row."""

    case: Case
    label: str
    vector: NDArray[np.float32] | None


@dataclass(frozen=True, slots=True)
class _Guess:
    """What a head said of one row, and how likely it is that the cases know what it is about."""

    truth: str
    label: str
    confidence: float
    spoken: bool
    known: float


def evaluate_cases(
    train: Sequence[Case],
    test: Sequence[Case] | None,
    folds: int | None,
    target: Target,
    encode: Encode | None,
    per: str | None = None,
    hold_out_topics: float | None = None,
    seed: int = 0,
    where: Mapping[str, str] | None = None,
    progress: Progress = lambda _: None,
    options: FitOptions | None = None,
) -> Results:
    """Train on `train` and test on `test`, or on each of `folds` of `train` where `test` is None.

    `encode` turns texts into the encoder's rows. `where` keeps the rows whose fields have these
    values; `per` makes one model for each value of a field. `hold_out_topics` is the share of the
    classes that is never trained on; cases of these, and test cases of topic `oos`, are scored as
    out of scope: by the classifier's scope, or where it has none by the head's confidence. Raises
    NotEnoughData where no head can be fitted, BadField for an unknown field.
    """
    began = time.perf_counter()
    chosen = replace(options or FitOptions(), seed=seed, targets=(target,))
    learnt, learnt_blank = _label_rows(_keep(train, where or {}), target)
    tested, tested_blank = _label_rows(_keep(test, where or {}), target) if test else ([], 0)
    progress(f"{len(learnt)} cases to learn from, {len(tested)} to test on")
    learnt, tested = _encode_rows(learnt, tested, encode, progress)
    held_out = _choose_outside(learnt, hold_out_topics, seed)
    languages = {row.case.lang for row in learnt}
    sayings = None if encode is None else sayings_in(languages, encode, {target})
    trial = _Trial(chosen, folds or _DEFAULT_FOLDS, test is None, held_out, progress, sayings)
    if per is None:
        results = _judge(*trial.guess(learnt, tested))
    else:
        results = _run_per(trial, learnt, tested, per)
    results["unlabelled"] = learnt_blank if test is None else tested_blank
    results["seconds"] = time.perf_counter() - began
    return results


@dataclass(frozen=True, slots=True)
class _Trial:
    """How rows are split, learnt from and judged."""

    options: FitOptions
    folds: int
    folded: bool
    held_out: frozenset[str]
    progress: Progress
    sayings: Sayings | None

    def guess(
        self, learnt: Sequence[_Row], tested: Sequence[_Row]
    ) -> tuple[list[_Guess], list[_Guess]]:
        """Guess every tested row (every learnt one where folded) once, all folds pooled."""
        if not self.folded:
            return self._guess(learnt, tested)
        groups = [row.case.group or f"\0{i}" for i, row in enumerate(learnt)]
        fold_of = assign_folds([row.label for row in learnt], groups, self.folds, self.options.seed)
        guesses: list[_Guess] = []
        outside: list[_Guess] = []
        for fold in sorted(set(fold_of.tolist())):
            self.progress(f"fold {fold + 1} of {self.folds}")
            kept = [row for row, f in zip(learnt, fold_of, strict=True) if f != fold]
            left = [row for row, f in zip(learnt, fold_of, strict=True) if f == fold]
            known, unknown = self._guess(kept, left)
            guesses += known
            outside += unknown
        return guesses, outside

    def _guess(
        self, learnt: Sequence[_Row], tested: Sequence[_Row]
    ) -> tuple[list[_Guess], list[_Guess]]:
        """Learn and guess; return the guesses of known classes and of those out of scope."""
        inside = [row for row in learnt if not self._is_outside(row)]
        target = self.options.targets[0]
        options = replace(self.options, scope=any(self._is_outside(row) for row in tested))
        told = None, options, self.progress, None, self.sayings
        report = fit_classifier([row.case for row in inside], _stack(inside), *told)
        if target in report.missing:
            raise NotEnoughData(report.missing[target])
        labels = report.classifier.predict(
            [row.case.title for row in tested],
            [row.case.body for row in tested],
            _stack(tested),
            [facts_of(row.case, None, row.case.created) for row in tested],
        )
        spelt = {label_key(name): name for name in report.classifier.heads[target].classes}
        guesses = [
            _Guess(
                spelt.get(label_key(row.label), row.label),
                *_read_label(label[target]),
                _read_known(label, target),
            )
            for row, label in zip(tested, labels, strict=True)
        ]
        known = [not self._is_outside(row) for row in tested]
        return (
            [g for g, is_known in zip(guesses, known, strict=True) if is_known],
            [g for g, is_known in zip(guesses, known, strict=True) if not is_known],
        )

    def _is_outside(self, row: _Row) -> bool:
        return label_key(row.label) in self.held_out


def _run_per(trial: _Trial, learnt: Sequence[_Row], tested: Sequence[_Row], per: str) -> Results:
    judged = learnt if trial.folded else tested
    parts: dict[str, Results] = {}
    pooled: list[_Guess] = []
    for value in sorted({_field(row.case, per) for row in judged}):
        trial.progress(f"{per} {value}")
        guesses, outside = trial.guess(
            [row for row in learnt if _field(row.case, per) == value],
            [row for row in tested if _field(row.case, per) == value],
        )
        parts[value] = _judge(guesses, outside)
        pooled += guesses
    if not parts:
        raise NotEnoughData("No case is left to evaluate.")
    tables = [part["per_class"] for part in parts.values()]
    return {
        "n": sum(part["n"] for part in parts.values()),
        **{
            key: float(np.mean([part[key] for part in parts.values() if key in part]))
            for key in _MEANS
            if any(key in part for part in parts.values())
        },
        # Pooled: the mean of small parts' errors would be mostly noise.
        **_calibration(pooled),
        "per_class": {name: _mean_class(name, tables) for name in sorted(set().union(*tables))},
        "per": parts,
    }


def _mean_class(name: str, tables: Sequence[Mapping[str, Results]]) -> Results:
    rows = [table[name] for table in tables if name in table]
    means = {key: float(np.mean([r[key] for r in rows])) for key in ("precision", "recall", "f1")}
    return {**means, "n": sum(r["n"] for r in rows)}


def _judge(guesses: Sequence[_Guess], outside: Sequence[_Guess]) -> Results:
    if not guesses:
        raise NotEnoughData("No case is left to evaluate.")
    truth, labels = [g.truth for g in guesses], [g.label for g in guesses]
    table = per_class(truth, labels)
    results: Results = {
        "n": len(guesses),
        "accuracy": accuracy(truth, labels),
        "macro_f1": macro_f1(table),
        **_calibration(guesses),
        "per_class": table,
    }
    if outside:
        known, unknown = (np.array([g.known for g in part]) for part in (guesses, outside))
        results["oos_auroc"] = separation(known, unknown)
        results["oos_recall_at_4"] = outside_recall(known, unknown)
    return results


def _calibration(guesses: Sequence[_Guess]) -> Results:
    confidence = np.array([g.confidence for g in guesses])
    right = np.array([g.truth == g.label for g in guesses])
    said = [g for g in guesses if g.spoken]
    return {
        "ece": expected_calibration_error(confidence, right),
        "ece_floor": calibration_floor(confidence),
        **told_surely([g.truth for g in said], [g.label for g in said], len(guesses)),
    }


def _read_label(label: Label) -> tuple[str, float, bool]:
    """Return a label's class, its probability and whether it speaks."""
    value = label.value
    if isinstance(value, float):
        value = HARD if value >= HARD_FROM else EASY
    return str(value), label.probability or 0.0, not label.abstained


def _read_known(labels: Labels, target: Target) -> float:
    """Return how likely it is that the cases know of this."""
    scope = labels[Target.SCOPE]
    if target is not Target.TOPIC or scope.probability is None:
        return labels[target].probability or 0.0
    return scope.probability if scope.value == Novelty.KNOWN else 1 - scope.probability


def _keep(cases: Sequence[Case], where: Mapping[str, str]) -> list[Case]:
    return [c for c in cases if all(_field(c, name) == value for name, value in where.items())]


def _field(case: Case, name: str) -> str:
    if name not in Case.__dataclass_fields__:
        raise BadField(name, "is not a field of cases")
    value = getattr(case, name)
    return "" if value is None else str(value)


def _label_rows(cases: Sequence[Case], target: Target) -> tuple[list[_Row], int]:
    labels = labels_of(cases, target)
    rows = [
        # Redacted as when it is served and trained on.
        _Row(prepare_case(case), label, None)
        for case, label in zip(cases, labels, strict=True)
        if label is not None
    ]
    return rows, len(cases) - len(rows)


def _encode_rows(
    learnt: list[_Row], tested: list[_Row], encode: Encode | None, progress: Progress
) -> tuple[list[_Row], list[_Row]]:
    """Encode every different text once."""
    if encode is None or not learnt:
        return learnt, tested
    texts = list(dict.fromkeys(row.case.text for row in (*learnt, *tested)))
    progress(f"encoding {len(texts)} texts")
    vectors = dict(zip(texts, encode(texts), strict=True))
    return (
        [replace(row, vector=vectors[row.case.text]) for row in learnt],
        [replace(row, vector=vectors[row.case.text]) for row in tested],
    )


def _stack(rows: Sequence[_Row]) -> NDArray[np.float32] | None:
    found = [row.vector for row in rows if row.vector is not None]
    return np.stack(found) if found else None


def _choose_outside(rows: Sequence[_Row], share: float | None, seed: int) -> frozenset[str]:
    """Choose the classes that are never trained on: `oos`, and a share of the others."""
    classes = sorted({label_key(row.label) for row in rows} - {OUT_OF_SCOPE})
    if not share or not classes:
        return frozenset({OUT_OF_SCOPE})
    count = max(1, round(share * len(classes)))
    chosen = np.random.default_rng(seed).permutation(len(classes))[:count]
    return frozenset({OUT_OF_SCOPE, *(classes[i] for i in chosen)})
