"""Cases -> a Classifier, with what is missing and how good each head is.

In: redacted cases, their encoder rows (of `case.text`) and options. Out: a FitReport. Each head
learns from the cases that have its label; its probabilities, its threshold and its metrics come
from cases that the fold's model had not seen.
Not here: reading and saving (store, bundle), comparing with another classifier (classification).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from triage.classify import (
    Classifier,
    Facts,
    Head,
    facts_of,
    fit_featuriser,
)
from triage.learn.heads.automation import USUAL_PRECISION, Precision
from triage.learn.heads.calibration import Calibration, fit_calibration
from triage.learn.heads.difficulty import Usual
from triage.learn.heads.labels import labels_of
from triage.learn.heads.linear import FEW, Linear, LinearOptions
from triage.learn.heads.machines import Task
from triage.learn.heads.sayings import Sayings
from triage.learn.heads.scope import with_scope
from triage.learn.heads.solving import fit_linears, folds_for
from triage.learn.heads.speaking import choose_speech, speaking_facts, told_of
from triage.learn.statistics.folds import assign_folds
from triage.learn.statistics.scores import (
    accuracy,
    expected_calibration_error,
    macro_f1,
    per_class,
)
from triage.records import HEADS, Case, Target

Progress = Callable[[str], None]
Places = NDArray[np.int64]
Metrics = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FitOptions:
    """How heads are fitted.

    `ridge` and `strength` say how firmly a linear model of few and of many cases is held
    back; `precision_wanted` says of every label how many must be right where it does not
    abstain; `workers` is the number of processes that large fits may use. `usual` says how long
    the community usually takes, for the difficulty of cases. With `scope` it is also learnt what is
    novel.
    """

    seed: int = 0
    folds: int = 5
    precision_wanted: Precision = USUAL_PRECISION
    min_cases: int = 20
    min_per_class: int = 2
    ridge: float = 4.0
    strength: float = 0.5
    workers: int = 2
    targets: tuple[Target, ...] = HEADS
    usual: Usual | None = None
    scope: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Unseen:
    """What a head said of each of its cases when it had not seen that case.

    `places` are the places of the cases in the sequence that was learnt from, `truth` the places
    of their labels in `classes`; `probabilities` has shape (len(places), len(classes)) and is
    calibrated on the other folds only.
    """

    places: NDArray[np.int64]
    classes: tuple[str, ...]
    truth: NDArray[np.int64]
    probabilities: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FitReport:
    """A classifier, why some of its heads are missing, and how the rest did out of fold."""

    classifier: Classifier
    missing: Mapping[Target, str]
    metrics: Mapping[Target, Metrics]
    unseen: Mapping[Target, Unseen]


@dataclass(frozen=True, slots=True)
class _Lesson:
    """What one head learns from: places of the cases, their classes and their groups."""

    target: Target
    places: NDArray[np.int64]
    classes: tuple[str, ...]
    truth: NDArray[np.int64]
    group_of: NDArray[np.int64]
    fold_of: NDArray[np.int64]
    dropped: tuple[str, ...]


def fit_classifier(
    cases: Sequence[Case],
    vectors: NDArray[np.float32] | None,
    encoder_id: str | None,
    options: FitOptions,
    progress: Progress,
    facts: Sequence[Facts] | None = None,
    sayings: Sayings | None = None,
) -> FitReport:
    """Fit every head that has enough cases; `vectors` are the encoder's rows of `case.text`.

    `facts` are what is known of each case; left out, it is what the case itself says. `sayings`
    are learnt from by heads of few cases, and judge none.
    """
    missing: dict[Target, str] = {}
    lessons = _lessons(cases, options, missing, progress)
    taught = sorted({int(place) for lesson in lessons for place in lesson.places})
    progress(f"features of {len(taught)} cases")
    known = facts if facts is not None else [facts_of(case, None, case.created) for case in cases]
    featuriser, rows = fit_featuriser(
        [cases[i].title for i in taught],
        [cases[i].body for i in taught],
        None if vectors is None else vectors[taught],
        [known[i] for i in taught],
        [_writer(cases[i], i) for i in taught],
    )
    row_of = np.full(len(cases), -1)
    row_of[taught] = np.arange(len(taught))
    heads: dict[Target, Head] = {}
    metrics: dict[Target, Metrics] = {}
    unseen: dict[Target, Unseen] = {}
    how = LinearOptions(options.ridge, options.strength, options.seed, options.workers)
    tasks = [_task(lesson, row_of, len(taught), sayings) for lesson in lessons]
    if sayings is not None:
        bodies = [""] * len(sayings.texts)
        told = featuriser.transform(sayings.texts, bodies, sayings.vectors)
        rows = sparse.vstack([rows, told], format="csr")
    for lesson, fitted in zip(lessons, fit_linears(rows, tasks, how, progress), strict=True):
        target = lesson.target
        progress(f"{target}: {len(lesson.places)} cases, {len(lesson.classes)} classes")
        head, probabilities, judged = _make_head(lesson, *fitted, options)
        heads[target], metrics[target] = head, judged
        unseen[target] = Unseen(lesson.places, lesson.classes, lesson.truth, probabilities)
    classifier = Classifier(featuriser, heads, encoder_id)
    if Target.TOPIC in heads and options.scope:
        progress(f"{Target.SCOPE}: what the cases know nothing of")
        classifier = with_scope(classifier, cases, vectors, options.seed, missing, metrics)
    return FitReport(classifier, missing, metrics, unseen)


def _lessons(
    cases: Sequence[Case], options: FitOptions, missing: dict[Target, str], progress: Progress
) -> list[_Lesson]:
    """Choose what each head learns from; say in `missing` what others lack."""
    lessons: list[_Lesson] = []
    for target in options.targets:
        lesson = _prepare(cases, target, options)
        if isinstance(lesson, str):
            missing[target] = lesson
            progress(f"{target}: no head. {lesson}")
        else:
            lessons.append(lesson)
    return lessons


def _task(lesson: _Lesson, row_of: Places, first: int, sayings: Sayings | None) -> Task:
    """Say what a head learns; what is said for it, in rows from `first` on, is of no fold."""
    places, truth, fold_of = row_of[lesson.places], lesson.truth, lesson.fold_of
    own, names = ([], []) if sayings is None else sayings.of(lesson.target, lesson.classes)
    if own and len(places) + len(own) <= FEW:
        places = np.concatenate([places, first + np.array(own)])
        truth = np.concatenate([truth, np.array(names)])
        fold_of = np.concatenate([fold_of, np.full(len(own), -1)])
    return Task(places, truth, fold_of, len(lesson.classes))


def _writer(case: Case, place: int) -> str:
    """Say who wrote a case; of one by nobody known, its twins are by the same."""
    return case.person or (f"\0{case.group}" if case.group else f"\0\0{place}")


def _prepare(cases: Sequence[Case], target: Target, options: FitOptions) -> _Lesson | str:
    """Choose a head's cases, or say how many of what are missing."""
    labels = labels_of(cases, target, options.usual)
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
    folds = folds_for(len(places), options.folds)
    return _Lesson(
        target,
        np.array(places, dtype=np.int64),
        tuple(classes),
        np.array([number[label] for label in known], dtype=np.int64),
        np.unique(groups, return_inverse=True)[1],
        assign_folds(known, groups, folds, options.seed),
        tuple(sorted(set(counted) - set(classes))),
    )


def _make_head(
    lesson: _Lesson, whole: Linear, margins: NDArray[np.float64], options: FitOptions
) -> tuple[Head, NDArray[np.float64], Metrics]:
    truth, fold_of = lesson.truth, lesson.fold_of
    margins = margins[: len(truth)]  # the rest are of sayings
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
    return head, probabilities, metrics


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
) -> tuple[tuple[float, ...], Metrics]:
    """Return the confidence from which each label speaks, and the head's out-of-fold metrics."""
    told = told_of(lesson.target, lesson.classes, probabilities, lesson.truth, lesson.group_of)
    wanted = options.precision_wanted.wanted(lesson.target)
    speech = choose_speech(told, wanted)
    true_names = [lesson.classes[i] for i in lesson.truth]
    names = [lesson.classes[i] for i in told.guess]
    table = per_class(true_names, names)
    return speech.sure_from, {
        "n": len(names),
        "classes": len(lesson.classes),
        "dropped_classes": list(lesson.dropped),
        "accuracy": accuracy(true_names, names),
        "macro_f1": macro_f1(table),
        "ece": expected_calibration_error(told.confidence, told.right),
        "precision_wanted": wanted,
        **speaking_facts(told, speech, table),
    }
