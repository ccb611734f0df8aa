"""Cases -> a Classifier, with what is missing and how good each head is.

In: redacted cases, their encoder rows (of `case.text`) and options. Out: a FitReport. Each head
learns from the cases that have its label; its probabilities, its threshold and its metrics come
from cases that the fold's model had not seen.
Not here: reading and saving (store, bundle), comparing with another classifier (classification).
"""

import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.svm import LinearSVC

from triage.classify import ABSTAIN_ALWAYS, Classifier, Head, fit_featuriser
from triage.learn.calibration import Calibration, fit_calibration
from triage.learn.folds import assign_folds
from triage.learn.labels import labels_of
from triage.learn.scores import (
    accuracy,
    expected_calibration_error,
    macro_f1,
    per_class,
    precision_threshold,
)
from triage.records import Case, Target

Progress = Callable[[str], None]
Metrics = dict[str, Any]

# Below this many (case, class) pairs starting worker processes costs more than it saves.
_WORTH_SHARING = 100_000


@dataclass(frozen=True, slots=True)
class FitOptions:
    """How heads are fitted.

    `strength` is the C of the linear model; `precision_wanted` sets the confidence below which a
    head abstains; `workers` is the number of processes that large fits may use.
    """

    seed: int = 0
    folds: int = 5
    precision_wanted: float = 0.8
    min_cases: int = 20
    min_per_class: int = 2
    strength: float = 0.5
    workers: int = 2
    targets: tuple[Target, ...] = tuple(Target)


@dataclass(frozen=True, slots=True)
class FitReport:
    """A classifier, why some of its heads are missing, and the out-of-fold metrics of the rest."""

    classifier: Classifier
    missing: Mapping[Target, str]
    metrics: Mapping[Target, Metrics]


@dataclass(frozen=True, slots=True)
class _Lesson:
    """What one head learns from: places of the cases, their classes and their groups."""

    target: Target
    places: NDArray[np.int64]
    classes: tuple[str, ...]
    truth: NDArray[np.int64]
    fold_of: NDArray[np.int64]
    dropped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Linear:
    weights: NDArray[np.float32]
    intercept: NDArray[np.float64]

    def margins(self, rows: sparse.csr_matrix) -> NDArray[np.float64]:
        return np.asarray(rows @ self.weights, dtype=np.float64) + self.intercept


def fit_classifier(
    cases: Sequence[Case],
    vectors: NDArray[np.float32] | None,
    encoder_id: str | None,
    options: FitOptions,
    progress: Progress,
) -> FitReport:
    """Fit every head that has enough cases; `vectors` are the encoder's rows of `case.text`."""
    missing: dict[Target, str] = {}
    lessons: list[_Lesson] = []
    for target in options.targets:
        lesson = _prepare(cases, target, options)
        if isinstance(lesson, str):
            missing[target] = lesson
            progress(f"{target}: no head. {lesson}")
        else:
            lessons.append(lesson)
    taught = sorted({int(place) for lesson in lessons for place in lesson.places})
    progress(f"features of {len(taught)} cases")
    featuriser, rows = fit_featuriser(
        [cases[i].title for i in taught],
        [cases[i].body for i in taught],
        None if vectors is None else vectors[taught],
    )
    row_of = np.full(len(cases), -1)
    row_of[taught] = np.arange(len(taught))
    heads: dict[Target, Head] = {}
    metrics: dict[Target, Metrics] = {}
    for lesson in lessons:
        progress(f"{lesson.target}: {len(lesson.places)} cases, {len(lesson.classes)} classes")
        head, judged = _fit_head(lesson, rows[row_of[lesson.places]], options)
        heads[lesson.target], metrics[lesson.target] = head, judged
    return FitReport(Classifier(featuriser, heads, encoder_id), missing, metrics)


def _prepare(cases: Sequence[Case], target: Target, options: FitOptions) -> _Lesson | str:
    """Choose a head's cases, or say how many of what are missing."""
    labels = labels_of(cases, target)
    counted = Counter(label for label in labels if label is not None)
    n = counted.total()
    if n < options.min_cases:
        return f"{n} cases have a {target}; {options.min_cases - n} more are needed."
    classes = sorted(c for c, seen in counted.items() if seen >= options.min_per_class)
    if len(classes) < 2:
        return (
            f"{len(classes)} {target} has at least {options.min_per_class} cases;"
            f" {2 - len(classes)} more such are needed."
        )
    number = {name: i for i, name in enumerate(classes)}
    chosen = [(i, label) for i, label in enumerate(labels) if label in number]
    if len(chosen) < options.min_cases:
        return (
            f"{len(chosen)} cases have a {target} that is seen {options.min_per_class} times;"
            f" {options.min_cases - len(chosen)} more are needed."
        )
    places = [i for i, _ in chosen]
    known = [label for _, label in chosen if label is not None]
    groups = [cases[i].group or f"\0{i}" for i in places]
    return _Lesson(
        target,
        np.array(places, dtype=np.int64),
        tuple(classes),
        np.array([number[label] for label in known], dtype=np.int64),
        assign_folds(known, groups, options.folds, options.seed),
        tuple(sorted(set(counted) - set(classes))),
    )


def _fit_head(
    lesson: _Lesson, rows: sparse.csr_matrix, options: FitOptions
) -> tuple[Head, Metrics]:
    truth, fold_of, k = lesson.truth, lesson.fold_of, len(lesson.classes)
    folds = sorted(set(fold_of.tolist()))
    parts = [fold_of != fold for fold in folds] + [np.ones(len(truth), dtype=bool)]
    workers = options.workers if len(truth) * k >= _WORTH_SHARING else 1
    # The whole set comes first: it takes longest.
    fitted: list[_Linear] = Parallel(n_jobs=workers)(
        delayed(_fit_linear)(rows[part], truth[part], k, options) for part in reversed(parts)
    )
    whole, *by_fold = fitted[0], *reversed(fitted[1:])
    margins = np.empty((len(truth), k))
    for fold, model in zip(folds, by_fold, strict=True):
        margins[fold_of == fold] = model.margins(rows[fold_of == fold])
    calibration = fit_calibration(margins, truth)
    probabilities = _calibrate_across(margins, truth, fold_of)
    sure_from, metrics = _judge(lesson, probabilities, options)
    head = Head(
        target=lesson.target,
        classes=lesson.classes,
        weights=whole.weights,
        intercept=whole.intercept,
        temperature=calibration.temperature,
        bias=calibration.bias,
        lapse=calibration.lapse,
        abstain_below=sure_from,
    )
    return head, metrics


def _fit_linear(
    rows: sparse.csr_matrix, truth: NDArray[np.int64], classes: int, options: FitOptions
) -> _Linear:
    """Fit one linear model per class; a class that is not in `truth` keeps a margin of -1."""
    weights = np.zeros((rows.shape[1], classes), dtype=np.float32)
    intercept = np.full(classes, -1.0)
    present = np.unique(truth)
    if len(present) == 1:
        intercept[present] = 1.0
        return _Linear(weights, intercept)
    model = LinearSVC(C=options.strength, tol=1e-3, random_state=options.seed, max_iter=2000)
    with warnings.catch_warnings():
        # Contradictory labels may keep it from converging; what came out is calibrated and
        # judged as it is.
        warnings.simplefilter("ignore", ConvergenceWarning)
        # Hundreds of topics with two cases each are rare, but they are meant.
        warnings.filterwarnings("ignore", message="The number of unique classes")
        model.fit(rows, truth)
    found, constant = model.coef_, model.intercept_
    if len(present) == 2:
        found, constant = np.vstack([-found, found]), np.concatenate([-constant, constant])
    weights[:, present] = found.T
    intercept[present] = constant
    return _Linear(weights, intercept)


def _calibrate_across(
    margins: NDArray[np.float64], truth: NDArray[np.int64], fold_of: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return each fold's probabilities, calibrated on the other folds only."""
    probabilities = np.empty_like(margins)
    for fold in set(fold_of.tolist()):
        inside = fold_of == fold
        rest = ~inside if not inside.all() else inside
        calibration: Calibration = fit_calibration(margins[rest], truth[rest])
        probabilities[inside] = calibration.probabilities(margins[inside])
    return probabilities


def _judge(
    lesson: _Lesson, probabilities: NDArray[np.float64], options: FitOptions
) -> tuple[float, Metrics]:
    """Return the confidence from which the head speaks, and its out-of-fold metrics."""
    guess = probabilities.argmax(axis=1)
    confidence = probabilities.max(axis=1)
    right = guess == lesson.truth
    found = precision_threshold(confidence, right, options.precision_wanted)
    sure_from = ABSTAIN_ALWAYS if found is None else found
    spoken = confidence >= sure_from
    true_names = [lesson.classes[i] for i in lesson.truth]
    names = [lesson.classes[i] for i in guess]
    table = per_class(true_names, names)
    return sure_from, {
        "n": len(names),
        "classes": len(lesson.classes),
        "dropped_classes": list(lesson.dropped),
        "accuracy": accuracy(true_names, names),
        "macro_f1": macro_f1(table),
        "ece": expected_calibration_error(confidence, right),
        "abstain_below": sure_from,
        "coverage": float(spoken.mean()),
        "precision": float(right[spoken].mean()) if spoken.any() else None,
        "per_class": table,
    }
