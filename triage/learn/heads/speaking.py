"""What a head said of unseen cases -> from which confidence on each of its labels speaks.

In: per case the label that was guessed, how surely, and the true one. Out: one threshold per label,
what was shown of it, and the table of what each precision costs in coverage.

One threshold for all labels makes only the head as precise as is wanted: a common label that is
nearly always right lets the rare ones be wrong. So

1. a label speaks from where it is shown to be precise by itself (`sure_threshold`);
2. those of which that cannot be shown, mostly since they are rare, are tested together, from one
   threshold on. That they failed alone makes this harder, never easier, so it promises as much;
3. among these none speaks from a confidence from which its own guesses were less precise than is
   wanted: the good ones are not to carry a bad one. What is then left stays silent;
4. the milder labels are silent where more than `MISSED` of the grave cases would be passed over.
Not here: the guesses (heads), the test of a threshold (automation).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.classify import ABSTAIN_ALWAYS
from triage.costs import SEVERE
from triage.learn.heads.automation import CHOICES, CONFIDENCE, Judged, lower_bound, sure_threshold
from triage.learn.statistics.scores import precision_threshold
from triage.records import Target, Tone

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
Mask = NDArray[np.bool_]
Row = dict[str, Any]

# What is dear to miss. A label that is nearly always true is precise whatever it says: "calm" of
# everybody is right nineteen times in twenty, and misses all who are about to leave. Who answers
# is not among these: that is decided by what a miss costs, however sure the head is.
GRAVE: Mapping[Target, frozenset[str]] = {
    Target.TONE: frozenset({Tone.ANGRY.value, Tone.AT_RISK.value}),
    Target.SEVERITY: frozenset(str(severity) for severity in SEVERE),
}
MISSED = 0.2
_STEPS = 120
# Of heads with more labels the table of precisions names none.
_MOST_NAMED = 20


class Shown(StrEnum):
    """What was shown to be precise enough: the label by itself, or the rare ones together."""

    ALONE = "alone"
    TOGETHER = "together"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What a head said of cases that it had not seen, by places in `classes`, and what is true."""

    target: Target
    classes: tuple[str, ...]
    guess: Places
    confidence: Numbers
    truth: Places
    group_of: Places

    @property
    def right(self) -> Mask:
        """Which guesses are right."""
        right: Mask = self.guess == self.truth
        return right

    def only(self, chosen: Places) -> "Told":
        """Return some of the cases."""
        return Told(
            self.target,
            self.classes,
            self.guess[chosen],
            self.confidence[chosen],
            self.truth[chosen],
            self.group_of[chosen],
        )

    def judged(self, chosen: Mask | Places) -> Judged:
        """Return some of the guesses as a threshold is tested on them."""
        return Judged(self.confidence[chosen], self.right[chosen], self.group_of[chosen])


@dataclass(frozen=True, slots=True)
class Speech:
    """From which confidence on each label speaks, and what was shown of it, in the order of
    the classes.
    """

    sure_from: tuple[float, ...]
    shown: tuple[Shown, ...]

    def speaks(self, told: Told) -> Mask:
        """Say which guesses are not abstained from."""
        spoken: Mask = told.confidence >= np.array(self.sure_from)[told.guess]
        return spoken


def told_of(
    target: Target,
    classes: tuple[str, ...],
    probabilities: Numbers,
    truth: Places,
    group_of: Places,
) -> Told:
    """Read the likeliest label off one distribution per case."""
    guess = probabilities.argmax(axis=1)
    return Told(target, classes, guess, probabilities.max(axis=1), truth, group_of)


def choose_speech(told: Told, wanted: float) -> Speech:
    """Return the loosest thresholds at which the labels are precise and miss no more than they may.

    Each statement, of a label alone or of those tested together, holds with `CONFIDENCE`.
    """
    sure_from = np.full(len(told.classes), ABSTAIN_ALWAYS)
    shown = [Shown.SILENT] * len(told.classes)
    for place in range(len(told.classes)):
        found = sure_threshold(told.judged(told.guess == place), wanted)
        if found is not None:
            sure_from[place], shown[place] = found, Shown.ALONE
    rest = np.flatnonzero(sure_from == ABSTAIN_ALWAYS)
    for place, value in _tested_together(told, rest, wanted).items():
        sure_from[place], shown[place] = value, Shown.TOGETHER
    milder = _milder(told)
    if milder is not None:
        speaking = milder & (sure_from < ABSTAIN_ALWAYS)
        sure_from[speaking] = np.maximum(
            sure_from[speaking], _sure_not_grave(told, milder, speaking)
        )
    silent = sure_from >= ABSTAIN_ALWAYS
    return Speech(
        tuple(sure_from.tolist()),
        tuple(Shown.SILENT if s else how for s, how in zip(silent, shown, strict=True)),
    )


def speaking_facts(told: Told, speech: Speech, table: Mapping[str, Row]) -> Row:
    """Return how much the head speaks and how rightly; `per_class` is `table` with each label's."""
    spoken = speech.speaks(told)
    facts: Row = {
        "coverage": _share(spoken),
        "precision": _share(told.right[spoken]),
        "silent": speech.shown.count(Shown.SILENT),
        "precision_coverage": {f"{wanted:.2f}": _choice(told, wanted) for wanted in CHOICES},
        "per_class": {
            name: {**table.get(name, {}), **_label_facts(told, speech, spoken, place)}
            for place, name in enumerate(told.classes)
        },
    }
    milder = _milder(told)
    if milder is not None:
        grave = ~milder[told.truth]
        facts["passed_over"] = {
            "labels": [n for n, mild in zip(told.classes, milder, strict=True) if not mild],
            "n": int(grave.sum()),
            "share": _share((spoken & milder[told.guess])[grave]),
            "at_most": MISSED,
        }
    return facts


def _label_facts(told: Told, speech: Speech, spoken: Mask, place: int) -> Row:
    said = told.guess == place
    return {
        "said": int(said.sum()),
        "abstain_below": speech.sure_from[place],
        "shown": speech.shown[place].value,
        "coverage": _share(spoken[said]),
        "precision_spoken": _share(told.right[said & spoken]),
    }


def _tested_together(told: Told, rest: Places, wanted: float) -> dict[int, float]:
    """Return by label, of these, from where it speaks; what is silent is left out."""
    inside = np.isin(told.guess, rest)
    together = sure_threshold(told.judged(inside), wanted)
    if together is None:
        return {}
    found: dict[int, float] = {}
    for place in rest.tolist():
        spoken = (told.guess == place) & (told.confidence >= together)
        if not spoken.any():
            found[place] = together
            continue
        own, right = told.confidence[spoken], told.right[spoken]
        precise = precision_threshold(own, right, wanted, least=1)
        if precise is not None:
            found[place] = together if precise <= own.min() else precise
    return found


def _milder(told: Told) -> Mask | None:
    """Say which labels are milder than others that must not be missed; None where none are."""
    grave = np.array([name in GRAVE.get(told.target, ()) for name in told.classes])
    return ~grave if grave.any() and not grave.all() else None


def _sure_not_grave(told: Told, milder: Mask, speaking: Mask) -> float:
    """Return the loosest confidence from which on these milder labels pass over few grave cases.

    Of all grave cases, not of what is said: from the strictest threshold on, the upper bound of the
    share that is surely called milder must stay below MISSED. With too few grave cases to show it
    of any threshold, the milder labels are silent.
    """
    grave = ~milder[told.truth]
    said = speaking[told.guess]
    n = len(np.unique(told.group_of[grave]))
    ranked = np.sort(told.confidence[said])[::-1]
    passed_over = told.confidence[grave & said]
    found = ABSTAIN_ALWAYS
    places = np.ceil(np.arange(1, _STEPS + 1) / _STEPS * len(ranked)).astype(np.int64) - 1
    for value in np.unique(ranked[places])[::-1] if len(ranked) else ():
        share = float((passed_over >= value).sum()) / int(grave.sum())
        if lower_bound(n * (1 - share), n, 1 - CONFIDENCE) < 1 - MISSED:
            break
        found = float(value)
    return found


def _choice(told: Told, wanted: float) -> Row:
    """Return what one precision would cost; `one_threshold` is what one for all labels covers."""
    speech = choose_speech(told, wanted)
    spoken = speech.speaks(told)
    one = sure_threshold(told.judged(np.ones(len(spoken), dtype=bool)), wanted)
    row: Row = {
        "coverage": _share(spoken),
        "precision": _share(told.right[spoken]),
        **{how.value: speech.shown.count(how) for how in Shown},
        "one_threshold": 0.0 if one is None else _share(told.confidence >= one),
    }
    if len(told.classes) <= _MOST_NAMED:
        row["labels"] = {
            name: _share(spoken[told.guess == place]) for place, name in enumerate(told.classes)
        }
    return row


def _share(chosen: Mask) -> float | None:
    return float(chosen.mean()) if len(chosen) else None
