"""How well wrong labels are found: some are flipped on purpose, then looked for.

In: Banking77's training cases and the sample's. Out: of the labels that were called doubtful, the
share that was flipped (precision); of the flipped ones, the share that was called doubtful
(recall). Flipped either to any other label, or to the one whose cases are nearest, as a tired
person would. Labels that were wrong before count as wrongly found: precision is a lower bound.
"""

import argparse
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.kept import KeptEncoder
from benchmarks.quality import BUILD
from benchmarks.sets import SAMPLE, SHARED
from triage.connect import Reading, read_cases
from triage.crypto.persons import person_hasher
from triage.encode import DEFAULT, TextRole, open_encoder
from triage.learn.heads.doubts import find_doubts
from triage.learn.heads.fitting import FitOptions, fit_classifier
from triage.learn.heads.labels import labels_of
from triage.records import Case, Target
from triage.text import prepare_case

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Found:
    """What was flipped of a set's labels and what was found of it.

    `rightly` says of each doubt, the surest first, whether the label had been flipped.
    """

    title: str
    flips: str
    cases: int
    flipped: int
    doubted: int
    undone: int
    rightly: tuple[bool, ...]

    @property
    def hits(self) -> int:
        """How many of the doubts are right."""
        return sum(self.rightly)

    def line(self) -> str:
        """Return it as a row of the table."""
        precision, recall = self.hits / max(1, self.doubted), self.hits / max(1, self.flipped)
        return (
            f"| {self.title} | {self.flips} | {self.cases} | {self.flipped} | {self.doubted}"
            f" | {precision:.3f} | {recall:.3f} | {self.undone / max(1, self.hits):.3f} |"
        )


HEADER = (
    "| cases | flipped to | cases | flipped | in doubt | precision | recall | true label named |\n"
    "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
)


def read(path: Path, most: int, seed: int) -> list[Case]:
    """Return some of a file's cases, the same ones for the same seed."""
    hasher = person_hasher(secrets.token_bytes(32), "benchmark")
    cases = list(read_cases(path, hasher, Reading(path, strict=True)))
    chosen = np.random.default_rng(seed).permutation(len(cases))[:most]
    return [prepare_case(cases[i]) for i in sorted(chosen)]


def look(
    title: str,
    cases: Sequence[Case],
    target: Target,
    vectors: Vectors,
    flips: str,
    share: float,
    seed: int,
) -> Found:
    """Flip a share of the labels and count how many are found."""
    labels = labels_of(cases, target)
    kept = [i for i, label in enumerate(labels) if label is not None]
    chosen, rows = [cases[i] for i in kept], vectors[kept]
    names = sorted({str(labels[i]) for i in kept})
    truth = np.array([names.index(str(labels[i])) for i in kept])
    rng = np.random.default_rng(seed)
    wrong = rng.random(len(kept)) < share
    other = _nearest(rows, truth) if flips == "nearest" else _any(truth, len(names), rng)
    given = np.where(wrong, other, truth)
    field: Any = target.value
    noisy = [replace(c, **{field: names[g]}) for c, g in zip(chosen, given, strict=True)]
    options = FitOptions(seed=seed, workers=1, targets=(target,), scope=False)
    learnt = fit_classifier(noisy, rows, "benchmark", options, _tell).unseen[target]
    seen = [noisy[i] for i in learnt.places]
    found = find_doubts(seen, target, learnt.classes, learnt.probabilities, learnt.truth)
    flipped = {c.id: names[t] for c, t, w in zip(noisy, truth, wrong, strict=True) if w}
    hits = [d for d in found if d.case_id in flipped]
    undone = sum(d.likelier == flipped[d.case_id] for d in hits)
    rightly = tuple(d.case_id in flipped for d in found)
    return Found(title, flips, len(kept), len(flipped), len(found), undone, rightly)


def _any(truth: NDArray[np.int64], classes: int, rng: np.random.Generator) -> NDArray[np.int64]:
    found: NDArray[np.int64] = (truth + rng.integers(1, classes, len(truth))) % classes
    return found


def _nearest(rows: Vectors, truth: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return of each case the class, other than its own, whose middle is nearest to it."""
    middles = np.stack([rows[truth == k].mean(axis=0) for k in range(truth.max() + 1)])
    middles /= np.linalg.norm(middles, axis=1, keepdims=True)
    similarity = rows @ middles.T
    similarity[np.arange(len(truth)), truth] = -np.inf
    nearest: NDArray[np.int64] = similarity.argmax(axis=1)
    return nearest


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--cases", type=int, default=5000, help="at most so many of each set")
    parser.add_argument("--share", type=float, default=0.05, help="of the labels, flipped")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    opened = open_encoder(DEFAULT, threads=1)
    assert opened is not None
    encoder = KeptEncoder(opened, BUILD / "vectors")
    sets = [
        ("Banking77 topic", chosen.shared / "banking77" / "train.jsonl", Target.TOPIC),
        ("sample topic", SAMPLE / "cases.jsonl", Target.TOPIC),
        ("sample kind", SAMPLE / "cases.jsonl", Target.KIND),
    ]
    sys.stdout.write(HEADER + "\n")
    for title, path, target in sets:
        if not path.exists():
            _tell(f"{title} is left out: {path} is not there")
            continue
        cases = read(path, chosen.cases, chosen.seed)
        vectors = encoder.encode([case.text for case in cases], TextRole.QUERY)
        for flips in ("any", "nearest"):
            found = look(title, cases, target, vectors, flips, chosen.share, chosen.seed)
            sys.stdout.write(found.line() + "\n")
            sys.stdout.flush()


def _tell(message: str) -> None:
    sys.stderr.write(message + "\n")


if __name__ == "__main__":
    main()
