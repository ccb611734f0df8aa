"""Threads with accepted answers -> how well difficulty is told before anybody has answered.

In: threads, dated, their answers dated, and how they are encoded. Out: how well the difficulty
head tells which later questions get their accepted answer within some days. It learns, site by
site, from the earlier questions alone, and only from those whose days were over when the first of
the later ones was asked. It sees what the asker wrote: no answers, votes or views, and no tags,
which others set and change.
Not here: fitting (heads), what is hard in a forum's own cases (difficulty).
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.classify import facts_of
from triage.errors import NotEnoughData
from triage.learn.heads.fitting import FitOptions, Progress, fit_classifier
from triage.learn.statistics.scores import expected_calibration_error, separation
from triage.records import Case, Target, Thread
from triage.text import prepare_case

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
Results = dict[str, Any]
Numbers = NDArray[np.float64]

_CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class InTimeOptions:
    """Answered within `days`; the last `test_share` of each site's questions are judged."""

    days: float = 7.0
    test_share: float = 0.3
    resamples: int = 2_000
    seed: int = 0
    fit: FitOptions = field(default_factory=FitOptions)


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """The judged questions: their sites, whether each was answered in time, and the forecasts.

    `before` is the share answered in time among the earlier questions of the same site: what one
    would say without reading the question.
    """

    sites: NDArray[np.str_]
    truth: NDArray[np.bool_]
    chance: Numbers
    before: Numbers


def evaluate_in_time(
    threads: Sequence[Thread],
    encode: Encode | None,
    options: InTimeOptions,
    progress: Progress,
) -> Results:
    """Learn from each site's earlier questions and judge its later ones.

    Raises NotEnoughData where nothing is left to learn from or to judge.
    """
    by_site: dict[str, list[Thread]] = defaultdict(list)
    for thread in threads:
        if thread.created is not None and thread.title:
            by_site[site_of(thread)].append(thread)
    learnt, judged = [], []
    for site in sorted(by_site):
        earlier, later = split_by_time(by_site[site], options)
        learnt += [_case(thread, options.days) for thread in earlier]
        judged += [_case(thread, options.days) for thread in later]
    if not judged:
        raise NotEnoughData("No dated thread is left to judge.")
    progress(f"{len(learnt)} questions to learn from, {len(judged)} to judge")
    told = _tell(learnt, judged, encode, options)
    return {
        "n": len(judged),
        "learnt": len(learnt),
        "left_out": len(threads) - len(judged) - len(learnt),
        "days": options.days,
        **_judge(told),
        "interval": _intervals(told, options),
        "by_site": {site: _judge(_of_site(told, site)) for site in sorted(set(told.sites))},
    }


def site_of(thread: Thread) -> str:
    """Return the site of a thread: its product, or what stands before the number in its id."""
    return thread.product or thread.id.rpartition(":")[0]


def split_by_time(
    threads: Sequence[Thread], options: InTimeOptions
) -> tuple[list[Thread], list[Thread]]:
    """Return the threads to learn from, and the later ones to judge.

    What is too young for its days to be over counts on neither side, answered or not: were only
    the quick ones kept, the last days would look better than they were.
    """
    days = timedelta(days=options.days)
    dates = [date for thread in threads for date in _dates(thread)]
    dated = [(t.created, t) for t in threads if t.created is not None]
    over = sorted(
        ((at, t) for at, t in dated if at + days <= max(dates)), key=lambda p: (p[0], p[1].id)
    )
    if not over:
        return [], []
    start = over[min(len(over) - 1, int((1 - options.test_share) * len(over)))][0]
    earlier = [thread for at, thread in over if at + days <= start]
    return earlier, [thread for at, thread in over if at >= start]


def answered_in_time(thread: Thread, days: float) -> bool:
    """Say whether the accepted answer came within so many days of the question."""
    if thread.created is None:
        return False
    latest = thread.created + timedelta(days=days)
    return any(a.accepted and a.created is not None and a.created <= latest for a in thread.answers)


def _dates(thread: Thread) -> list[datetime]:
    dates = [thread.created, *(answer.created for answer in thread.answers)]
    return [date for date in dates if date is not None]


def _case(thread: Thread, days: float) -> Case:
    hard = not answered_in_time(thread, days)
    return prepare_case(
        Case(
            thread.id,
            thread.title,
            thread.body,
            product=site_of(thread),
            lang=thread.lang,
            created=thread.created,
            difficulty=float(hard),
        )
    )


def _tell(
    learnt: Sequence[Case], judged: Sequence[Case], encode: Encode | None, options: InTimeOptions
) -> _Told:
    vectors = None if encode is None else encode([case.text for case in (*learnt, *judged)])
    report = fit_classifier(
        learnt,
        None if vectors is None else vectors[: len(learnt)],
        None,
        replace(options.fit, seed=options.seed, targets=(Target.DIFFICULTY,)),
        lambda _: None,
    )
    if Target.DIFFICULTY in report.missing:
        raise NotEnoughData(report.missing[Target.DIFFICULTY])
    labels = report.classifier.predict(
        [case.title for case in judged],
        [case.body for case in judged],
        None if vectors is None else vectors[len(learnt) :],
        [facts_of(case, None, None) for case in judged],
    )
    hard = [label[Target.DIFFICULTY].value for label in labels]
    before = _shares(learnt)
    return _Told(
        np.array([case.product for case in judged]),
        np.array([case.difficulty == 0 for case in judged]),
        1 - np.array(hard, dtype=np.float64),
        np.array([before.get(str(case.product), before[""]) for case in judged]),
    )


def _shares(learnt: Sequence[Case]) -> Mapping[str, float]:
    """Return by site the share answered in time; by the empty name that of all."""
    told: dict[str, list[bool]] = defaultdict(list)
    for case in learnt:
        told[str(case.product)].append(case.difficulty == 0)
        told[""].append(case.difficulty == 0)
    return {site: float(np.mean(values)) for site, values in told.items()}


def _of_site(told: _Told, site: str) -> _Told:
    here = told.sites == site
    return _Told(told.sites[here], told.truth[here], told.chance[here], told.before[here])


def _judge(told: _Told) -> Results:
    """Judge forecasts; a question is only ranked against those of its own site."""
    sure = np.maximum(told.chance, 1 - told.chance)
    return {
        "n": len(told.truth),
        "in_time": float(told.truth.mean()),
        "in_time_before": float(told.before.mean()),
        **_scores(told),
        "ece": expected_calibration_error(sure, (told.chance >= 0.5) == told.truth),
    }


def _scores(told: _Told) -> dict[str, float | None]:
    """Return the scores that an interval is made for.

    `brier_skill` is the gain over the share seen before; `brier_skill_hindsight` that over the
    share of the judged questions themselves, which nobody can know beforehand.
    """
    error = float(np.mean((told.chance - told.truth) ** 2))
    hindsight = np.zeros(len(told.truth))
    for site in np.unique(told.sites):
        hindsight[told.sites == site] = told.truth[told.sites == site].mean()
    return {
        "auroc": _auroc(told),
        "brier": error,
        "brier_skill": _skill(error, told.before, told.truth),
        "brier_skill_hindsight": _skill(error, hindsight, told.truth),
    }


def _skill(error: float, plain: Numbers, truth: NDArray[np.bool_]) -> float | None:
    plainly = float(np.mean((plain - truth) ** 2))
    return 1 - error / plainly if plainly else None


def _auroc(told: _Told) -> float | None:
    right = pairs = 0.0
    for site in np.unique(told.sites):
        here = told.sites == site
        inside, outside = told.chance[here & told.truth], told.chance[here & ~told.truth]
        if len(inside) and len(outside):
            count = len(inside) * len(outside)
            right += separation(inside, outside) * count
            pairs += count
    return right / pairs if pairs else None


def _intervals(told: _Told, options: InTimeOptions) -> dict[str, dict[str, float]]:
    """Return between what each score lies: questions drawn anew within their sites."""
    random = np.random.default_rng(options.seed)
    places = [np.flatnonzero(told.sites == site) for site in np.unique(told.sites)]
    found: dict[str, list[float]] = defaultdict(list)
    for _ in range(options.resamples):
        drawn = np.concatenate([random.choice(here, len(here)) for here in places])
        again = _Told(told.sites[drawn], told.truth[drawn], told.chance[drawn], told.before[drawn])
        for name, value in _scores(again).items():
            if value is not None:
                found[name].append(value)
    outside = (1 - _CONFIDENCE) / 2
    return {
        name: {
            "low": float(np.quantile(values, outside)),
            "high": float(np.quantile(values, 1 - outside)),
        }
        for name, values in found.items()
    }
