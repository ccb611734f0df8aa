"""Labels that the heads get wrong of cases that they had not seen, and why, as a person read them.

In: a set whose cases are labelled. Out: wrong labels drawn by chance, for reading; with `--judged`
the causes that somebody wrote down of those drawn before (`wrong_labels.txt`: set, language, case,
target, cause), by language, and how many of these labels are right now.
"""

import argparse
import secrets
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.kept import KeptEncoder
from benchmarks.sets import ROOT, SAMPLE, SHARED
from triage.connect import Reading, read_cases
from triage.crypto.persons import person_hasher
from triage.encode import DEFAULT, Encoder, TextRole, open_encoder
from triage.learn.heads.fitting import FitOptions, fit_classifier
from triage.learn.heads.sayings import sayings_in
from triage.records import Case, Target
from triage.text import prepare_case

JUDGED = Path(__file__).with_suffix(".txt")
CAUSES = {
    "boundary": "two labels fit; which was filed follows from what came out, or from habit",
    "degree": "a severity one step off, and the text bears both",
    "stakes": "what is at stake is told and not heard",
    "unseen": "the subject is told in words that no other problem has",
    "lured": "a word that belongs to another label",
    "plainly": "what is wanted is said plainly, in words that few cases have",
    "heat": "anger or hurry taken for gravity",
    "short": "too short or too vague to tell",
    "label": "the label that was filed looks wrong",
}
_SHOWN = 160


@dataclass(frozen=True, slots=True)
class Wrong:
    """One label as it was filed and as it was said, unseen, with its probability."""

    case: Case
    target: Target
    filed: str
    said: str
    probability: float

    @property
    def is_wrong(self) -> bool:
        """Whether something else was said than was filed."""
        return self.filed != self.said

    def line(self) -> str:
        """Return it for a reader, the text cut short."""
        text = " ".join(f"{self.case.title} | {self.case.body}".split())[:_SHOWN]
        said = f"{self.filed} > {self.said} {self.probability:.2f}"
        return f"{self.case.id} {self.target} {said} | {text}"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A set of labelled cases: its file, and what is asked of it; `apart`: each product alone."""

    path: Path
    targets: tuple[Target, ...]
    apart: bool = False


SETS = {
    "sample": Labelled(
        SAMPLE / "cases.jsonl",
        (Target.KIND, Target.TOPIC, Target.SEVERITY, Target.DESTINATION),
    ),
    "nlbse2024": Labelled(SHARED / "nlbse2024" / "cases.jsonl.gz", (Target.KIND,), apart=True),
    "banking77": Labelled(SHARED / "banking77" / "train.jsonl", (Target.TOPIC,)),
    "stackoverflow20": Labelled(
        SHARED / "stackoverflow20" / "train.jsonl.gz",
        (Target.TOPIC,),
    ),
}


def label_unseen(name: str, encoder: Encoder, seed: int) -> Iterator[Wrong]:
    """Say of every case what a model that had not seen it says."""
    chosen = SETS[name]
    hasher = person_hasher(secrets.token_bytes(32), "benchmark")
    read = read_cases(chosen.path, hasher, Reading(chosen.path))
    cases = [prepare_case(case) for case in read]
    if not chosen.apart:
        yield from _label(cases, chosen.targets, encoder, seed)
        return
    for product in sorted({str(case.product) for case in cases}):
        own = [case for case in cases if str(case.product) == product]
        yield from _label(own, chosen.targets, encoder, seed)


def _label(
    cases: Sequence[Case], targets: tuple[Target, ...], encoder: Encoder, seed: int
) -> Iterator[Wrong]:
    def encode(texts: Sequence[str]) -> np.ndarray:
        return encoder.encode(texts, TextRole.QUERY)

    vectors = encode([case.text for case in cases])
    options = replace(FitOptions(), seed=seed, targets=targets, scope=False)
    sayings = sayings_in({case.lang for case in cases}, encode, targets)
    report = fit_classifier(cases, vectors, encoder.id, options, _tell, None, sayings)
    for target, unseen in report.unseen.items():
        guesses = unseen.probabilities.argmax(axis=1)
        for row, (place, truth, guess) in enumerate(
            zip(unseen.places, unseen.truth, guesses, strict=True)
        ):
            filed, said = unseen.classes[truth], unseen.classes[guess]
            yield Wrong(cases[place], target, filed, said, unseen.probabilities[row, guess])


def draw(labels: Sequence[Wrong], most: int, seed: int) -> list[Wrong]:
    """Draw so many wrong labels by chance."""
    wrong = [one for one in labels if one.is_wrong]
    places = np.random.default_rng(seed).permutation(len(wrong))[:most]
    return [wrong[i] for i in sorted(places.tolist())]


def judged_causes(path: Path) -> dict[str, dict[tuple[str, Target], tuple[str, str]]]:
    """Return by set the language and the cause of each label that was judged."""
    found: dict[str, dict[tuple[str, Target], tuple[str, str]]] = {}
    for line in path.read_text("utf-8").splitlines():
        name, lang, case, target, cause = line.split()
        if cause not in CAUSES:
            raise ValueError(f"{path.name}: {cause} is no cause")
        found.setdefault(name, {})[case, Target(target)] = (lang, cause)
    return found


def show_judged(name: str, labels: Sequence[Wrong]) -> None:
    """Print the causes by language, each as `wrong when judged, right now`."""
    judged = judged_causes(JUDGED).get(name, {})
    right = {(one.case.id, one.target) for one in labels if not one.is_wrong}
    total: Counter[tuple[str, str]] = Counter()
    mended: Counter[tuple[str, str]] = Counter()
    for key, told in judged.items():
        total[told] += 1
        mended[told] += key in right
    languages = list(dict.fromkeys(lang for lang, _ in judged.values()))
    sys.stdout.write(f"| {name} | {' | '.join(languages)} | all |\n")
    sys.stdout.write(f"| --- |{' ---: |' * (len(languages) + 1)}\n")
    for cause in (*CAUSES, None):
        causes = CAUSES if cause is None else (cause,)
        cells = [[(lang, c) for c in causes] for lang in languages]
        cells.append([key for cell in cells for key in cell])
        said = [f"{sum(total[k] for k in c)}, {sum(mended[k] for k in c)}" for c in cells]
        sys.stdout.write(f"| {cause or 'all'} | {' | '.join(said)} |\n")


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


def main() -> None:
    """Print wrong labels, or what was said of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", choices=sorted(SETS))
    parser.add_argument("--language")
    parser.add_argument("--most", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--judged", action="store_true", help="the causes, and what is right now")
    chosen = parser.parse_args()
    encoder = open_encoder(DEFAULT)
    if encoder is None:
        raise SystemExit("The shipped encoder is not there: make encoder")
    kept = KeptEncoder(encoder, ROOT / "build" / "vectors")
    labels = list(label_unseen(chosen.set, kept, chosen.seed))
    own = [one for one in labels if chosen.language in (None, one.case.lang)]
    wrong = sum(one.is_wrong for one in own)
    sys.stdout.write(f"{wrong} of {len(own)} labels are wrong\n")
    if chosen.judged:
        show_judged(chosen.set, labels)
        return
    for one in draw(own, chosen.most, chosen.seed):
        sys.stdout.write(one.line() + "\n")


if __name__ == "__main__":
    main()
