"""A new model against the one that is live, on cases that neither had seen.

In: the material, the live version's bundle, and the report of the new model. Out: a Verdict. By
time: the newest cases since the champion's training, which a trial of the challenger is fitted
without. By folds: the cases that the champion was learnt from, each as it was answered by the fold
that had not seen it, then and now.
Not here: which cases these are (unseen), comparing (challenge), publishing (publishing).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.bundle import Bundle, open_bundle
from triage.embedding import Progress
from triage.errors import BadFile, BundleRefused, NoModel, NoVersion
from triage.learn.contest.challenge import Trial, judge
from triage.learn.contest.said import Routing, label_of
from triage.learn.contest.seen import SEEN, Seen, read_seen
from triage.learn.contest.unseen import SplitOptions, split_by_time
from triage.learn.contest.verdict import Basis, Outcome, Verdict
from triage.learn.heads.fitting import FitOptions, FitReport
from triage.learn.heads.material import Material
from triage.learn.heads.side_by_side import plain_products
from triage.records import Forum, Label, Labels, Target
from triage.registry import Registry

# By folds the newest of them: more would take longer and say little more.
_MOST_BY_FOLDS = 10_000
# The folds of a trial only set its probabilities and thresholds: with many cases, fewer serve.
_LARGE_TRIAL = 5_000
_FOLDS_OF_LARGE = 3


@dataclass(frozen=True, slots=True, eq=False)
class Champion:
    """The model that is live, open, and what it remembers; `created` is when it was trained."""

    bundle: Bundle
    seen: Seen | None
    created: datetime

    @property
    def version(self) -> str:
        """Its version."""
        return self.bundle.version

    def knows(self, material: Material) -> NDArray[np.bool_]:
        """Say of which cases it was learnt, or of a twin of theirs.

        One from before bundles remembered may know whatever was dated before it was trained.
        """
        if self.seen is not None:
            known = [self.seen.knows(row) for row in material.rows]
        else:
            known = [c.created is None or c.created <= self.created for c in material.cases]
        return np.array(known, dtype=bool)


def open_champion(registry: Registry, forum: Forum) -> Champion | str | None:
    """Open the live model; None where there is none, the reason where it cannot be opened."""
    version = forum.live_version
    if version is None:
        return None
    try:
        row = registry.read_row(version)
        bundle = open_bundle(registry.folder, version, row.manifest_digest, registry.signer)
        return Champion(
            bundle,
            read_seen(registry.folder / version, registry.signer.secret(SEEN)),
            row.created_at,
        )
    except (BundleRefused, NoModel, NoVersion, BadFile) as error:
        return str(error)


def contest(
    champion: Champion,
    material: Material,
    report: FitReport,
    options: FitOptions,
    routing: Routing,
    now: datetime,
    progress: Progress,
    split: SplitOptions,
) -> Verdict:
    """Compare the model of this report, which learnt from all the material, with the champion."""
    known = champion.knows(material)
    judged: dict[str, Mapping[str, Any]] = {}
    by_time = _by_time(champion, material, known, options, now, progress, split)
    by_folds = _by_folds(champion, material, report)
    trials = []
    for basis, found in ((Basis.TIME, by_time), (Basis.FOLDS, by_folds)):
        if isinstance(found, str):
            judged[basis.value] = {"n": 0, "why": found}
            progress(f"not compared by {basis.value}: {found}")
        else:
            judged[basis.value] = _days(found)
            trials.append(found)
    heads, former = report.classifier.heads, champion.bundle.classifier.heads
    lost = [target for target in former if target not in heads]
    with plain_products():
        verdict = judge(champion.version, trials, routing, lost, options.seed)
    if verdict.outcome is Outcome.UNCOMPARED:
        why = tuple(f"By {name}: {row['why']}." for name, row in judged.items() if "why" in row)
        verdict = replace(verdict, why=why or verdict.why)
    gained = tuple(f"There is a head for {t} now." for t in heads if t not in former)
    return replace(verdict, judged=judged, notes=gained)


def _by_time(
    champion: Champion,
    material: Material,
    known: NDArray[np.bool_],
    options: FitOptions,
    now: datetime,
    progress: Progress,
    split: SplitOptions,
) -> Trial | str:
    """Ask both about the newest new cases, a challenger that was fitted without them."""
    if champion.bundle.classifier.encoder_id != material.encoder_id:
        return "the live model was trained on vectors of another encoder"
    found = split_by_time(material.cases, material.sets, known, now, split)
    if found.why is not None:
        return found.why
    progress(f"trial: {len(found.judged)} newest cases are judged, {len(found.learnt)} learnt from")
    if len(found.learnt) > _LARGE_TRIAL:
        options = replace(options, folds=min(options.folds, _FOLDS_OF_LARGE))
    trial = material.part(found.learnt).fit(options, progress)
    judged = material.part(found.judged)
    return Trial(
        Basis.TIME,
        judged.cases,
        judged.facts,
        judged.sets,
        judged.ask(champion.bundle.classifier),
        judged.ask(trial.classifier),
        judged.filed,
    )


def _by_folds(champion: Champion, material: Material, report: FitReport) -> Trial | str:
    """Put beside each other what the folds of both said of the cases that both learnt from."""
    if champion.seen is None:
        return "the live model does not remember what its folds said"
    remembered = [i for i, row in enumerate(material.rows) if champion.seen.remembers(row)]
    places = np.array(remembered[-_MOST_BY_FOLDS:], dtype=np.int64)
    before = [champion.seen.labels_of(material.rows[i]) for i in places]
    after = said_by_folds(places, report)
    if not any(one.keys() & other.keys() for one, other in zip(before, after, strict=True)):
        return "no case was learnt from by both"
    part = material.part(places)
    return Trial(Basis.FOLDS, part.cases, part.facts, part.sets, before, after, part.filed)


def said_by_folds(places: NDArray[np.int64], report: FitReport) -> list[Labels]:
    """Return what the folds of a fit said of the cases at these places."""
    said: list[dict[Target, Label]] = [{} for _ in places]
    row_of = {int(place): row for row, place in enumerate(places)}
    for target, head in report.classifier.heads.items():
        unseen, sure_from = report.unseen[target], head.abstain_below
        guesses = unseen.probabilities.argmax(axis=1)
        surely = unseen.probabilities.max(axis=1)
        for place, guess, confidence in zip(unseen.places, guesses, surely, strict=True):
            row = row_of.get(int(place))
            if row is not None:
                name = unseen.classes[guess]
                said[row][target] = label_of(target, name, float(confidence), sure_from[guess])
    return list(said)


def _days(trial: Trial) -> dict[str, Any]:
    days = [c.created.date() for c in trial.cases if c.created is not None]
    found: dict[str, Any] = {"n": len(trial.cases)}
    if days:
        found |= {"first_day": min(days).isoformat(), "last_day": max(days).isoformat()}
    return found
