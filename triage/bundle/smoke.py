"""Does a model still answer as it did when it was published?

In: the parts of a model and the encoder it is used with. Out: what it says to a few questions of
our own writing, kept in its bundle; later, whether it says the same. A model that was made for
other vectors, or is read by a release that computes otherwise, is found out before it serves.
The questions are constants of this file: a bundle holds numbers alone.
Not here: reading files (bundle), what becomes of a model that fails (live).
"""

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from triage.adapt import Adaptation
from triage.classify import Classifier
from triage.decide.gate import Gate
from triage.encode import Encoder, TextRole
from triage.rank import FEATURES, Ranker
from triage.records import Label, Labels, Side

# Of the six languages, and of what customers write: a wish, a crash with its trace, a complaint.
QUESTIONS = (
    ("How do I change the address on an invoice?", "I cannot find it in the settings.", "en"),
    ("Exporten avbryts med felkod E-417", "Sedan version 8.2 händer det varje gång.", "sv"),
    ("Ønske om mørk bakgrunn i appen", "Det ville vært fint å kunne velge farger.", "nb"),
    ("Kan ikke logge ind", "Jeg får ingen mail, når jeg beder om en ny adgangskode.", "da"),
    ("Raportti jää tyhjäksi", "Mistä asetuksesta kausi vaihdetaan?", "fi"),
    ("Seit Tagen keine Antwort", "Wir können nicht arbeiten, und niemand meldet sich!", "de"),
    ("Crash on start", 'Traceback:\n  File "main.py", line 7\nValueError: bad state', "en"),
)
# Encoders of whole numbers differ a little between processors; another model differs by far more.
LABELS_TOLERANCE = 0.05
NUMBERS_TOLERANCE = 1e-4

_SET = hashlib.sha256(json.dumps(QUESTIONS).encode()).hexdigest()[:16]
_EVIDENCE = np.repeat([[0.0], [0.5], [1.0]], len(FEATURES), axis=1)

Answers = dict[str, Any]


def record_answers(
    classifier: Classifier,
    ranker: Ranker,
    gate: Gate,
    adaptation: Adaptation | None,
    encoder: Encoder | None,
) -> str:
    """Ask the questions and return the answers as they are kept in a bundle."""
    answers = _answers(classifier, ranker, gate, adaptation, encoder)
    return json.dumps({"questions": _SET, **answers}, indent=1, sort_keys=True) + "\n"


def disagreement(
    recorded: str | None,
    classifier: Classifier,
    ranker: Ranker,
    gate: Gate,
    adaptation: Adaptation | None,
    encoder: Encoder | None,
) -> str | None:
    """Say what a model answers otherwise than it did; None when it answers as it did.

    Where nothing was recorded, or to questions of another release, sound answers are enough.
    """
    try:
        found = _answers(classifier, ranker, gate, adaptation, encoder)
        kept = None if recorded is None else json.loads(recorded)
        if not all(math.isfinite(number) for number in _numbers(found)):
            return "an answer is no number"
        if kept is None or kept["questions"] != _SET:
            return None
        return _labels_differ(kept["labels"], found["labels"]) or _numbers_differ(kept, found)
    except Exception as error:
        # Parts of other releases fail in whatever way they like; the caller refuses them by name.
        return f"it cannot answer ({type(error).__name__}: {error})"


def _answers(
    classifier: Classifier,
    ranker: Ranker,
    gate: Gate,
    adaptation: Adaptation | None,
    encoder: Encoder | None,
) -> Answers:
    titles, bodies, langs = (list(column) for column in zip(*QUESTIONS, strict=True))
    vectors = None
    if encoder is not None:
        texts = [f"{title}\n{body}" for title, body in zip(titles, bodies, strict=True)]
        vectors = encoder.encode(texts, TextRole.QUERY)
    moved: list[float] = []
    if adaptation is not None and vectors is not None:
        moved = [float(x) for x in (adaptation.apply(vectors) * vectors).sum(axis=1)]
    return {
        "labels": [_told(labels) for labels in classifier.predict(titles, bodies, vectors)],
        "ranker": _weighed(ranker),
        "gate": {lang: gate.threshold_for(lang).value for lang in dict.fromkeys(langs)},
        "moved": moved,
    }


def _told(labels: Labels) -> dict[str, dict[str, float]]:
    return {
        str(target): _distribution(label)
        for target, label in labels.items()
        if label.value is not None
    }


def _distribution(label: Label) -> dict[str, float]:
    # The value of a difficulty is a number, and its probability that of the likelier class.
    if isinstance(label.value, float) or label.probability is None:
        return {"value": float(label.value or 0.0)}
    return {str(label.value): float(label.probability), **dict(label.alternatives)}


def _weighed(ranker: Ranker) -> dict[str, list[float]]:
    costs = np.zeros(len(_EVIDENCE))
    found = {}
    for side in Side:
        for known in (True, False):
            row = ranker.weigh(_EVIDENCE, costs, side=side, known_language=known)
            found[f"{side.value}-{'known' if known else 'foreign'}"] = [float(x) for x in row]
    return found


def _labels_differ(kept: list[Any], found: list[Any]) -> str | None:
    for number, (before, now) in enumerate(zip(kept, found, strict=True), start=1):
        for target, distribution in before.items():
            if target not in now:
                return f"question {number} has no {target} any more"
            # What is not among the likeliest any more is no likelier than the last of them.
            least = min(now[target].values())
            for value, probability in distribution.items():
                difference = abs(now[target].get(value, least) - probability)
                if difference > LABELS_TOLERANCE:
                    return f"the {target} of question {number} is off by {difference:.2f}"
    return None


def _numbers_differ(kept: Answers, found: Answers) -> str | None:
    for regime, before in kept["ranker"].items():
        now = found["ranker"][regime]
        if not np.allclose(before, now, atol=NUMBERS_TOLERANCE):
            return f"the ranker weighs the same evidence otherwise ({regime})"
    if kept["gate"] != found["gate"]:
        return "the gate has other thresholds"
    if not np.allclose(kept["moved"], found["moved"], atol=LABELS_TOLERANCE):
        return "the adaptation moves the same questions elsewhere"
    return None


def _numbers(answers: object) -> list[float]:
    if isinstance(answers, Mapping):
        return [number for value in answers.values() for number in _numbers(value)]
    if isinstance(answers, list):
        return [number for value in answers for number in _numbers(value)]
    return [answers] if isinstance(answers, float) else []
