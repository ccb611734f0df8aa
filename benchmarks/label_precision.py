"""What it costs to hold every label to a precision, instead of all labels of a head together.

First table: what both ways cover of the cases that they were chosen on, each answered unseen, and
how precise the worst label is. Second: thresholds chosen on some cases and judged on the others.
"""

import argparse
import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.kept import KeptEncoder
from benchmarks.sets import ROOT, SAMPLE, SHARED
from triage.classify import ABSTAIN_ALWAYS
from triage.connect import Reading, read_cases
from triage.crypto.persons import person_hasher
from triage.encode import DEFAULT, TextRole, open_encoder
from triage.learn.heads.automation import sure_threshold
from triage.learn.heads.fitting import FitOptions, fit_classifier
from triage.learn.heads.speaking import Told, choose_speech, told_of
from triage.records import HEADS, Case, Target
from triage.text import prepare_case

Thresholds = NDArray[np.float64]
Choose = Callable[[Told, float], Thresholds]
WANTED = (0.8, 0.9)
DRAWS = 100


def one_for_all(told: Told, wanted: float) -> Thresholds:
    """Choose one threshold for all labels, as precise together as is wanted."""
    found = sure_threshold(told.judged(np.arange(len(told.guess))), wanted)
    return np.full(len(told.classes), ABSTAIN_ALWAYS if found is None else found)


def one_for_each(told: Told, wanted: float) -> Thresholds:
    """Choose as training does."""
    return np.array(choose_speech(told, wanted).sure_from)


WAYS: tuple[Choose, ...] = (one_for_all, one_for_each)


def judged(told: Told, sure_from: Thresholds) -> tuple[float, float, float]:
    """Return coverage, precision, and the precision of the worst label; NaN where none speaks."""
    spoken = told.confidence >= sure_from[told.guess]
    if not spoken.any():
        return 0.0, np.nan, np.nan
    said = [told.right[spoken & (told.guess == place)] for place in np.unique(told.guess[spoken])]
    worst = min(float(right.mean()) for right in said)
    return float(spoken.mean()), float(told.right[spoken].mean()), worst


def drawn(told: Told, n: int, wanted: float, choose: Choose) -> tuple[float, float, float]:
    """Choose on n cases, judge on the others: mean coverage, in how many draws the precision is
    below what was wanted, and the share of what is said with a label that is 3 points below.
    """
    rng = np.random.default_rng(0)
    found = []
    for _ in range(DRAWS):
        order = rng.permutation(len(told.guess))
        rest = told.only(order[n:])
        sure_from = choose(told.only(order[:n]), wanted)
        spoken = rest.confidence >= sure_from[rest.guess]
        said = [rest.right[spoken & (rest.guess == i)] for i in np.unique(rest.guess[spoken])]
        low = sum(len(right) for right in said if right.mean() < wanted - 0.03)
        broken = bool(spoken.any()) and float(rest.right[spoken].mean()) < wanted
        found.append((spoken.mean(), broken, low / max(1, spoken.sum())))
    coverage, broken, low = np.mean(found, axis=0)
    return float(coverage), float(broken), float(low)


def told_by(
    cases: Sequence[Case], vectors: NDArray[np.float32], targets: tuple[Target, ...]
) -> Iterator[Told]:
    """Fit heads, and return what each said of the cases that it had not seen."""
    options = FitOptions(targets=targets, scope=False)
    report = fit_classifier(cases, vectors, "measured", options, lambda _: None)
    for target, unseen in report.unseen.items():
        groups = [cases[i].group or f"\0{i}" for i in unseen.places]
        group_of = np.unique(groups, return_inverse=True)[1]
        yield told_of(target, unseen.classes, unseen.probabilities, unseen.truth, group_of)


def show(rows: Sequence[tuple[str, Told]]) -> None:
    """Print the first table."""
    sys.stdout.write("| head | wanted | one for all: covers, right, worst | one for each |\n")
    sys.stdout.write("| --- | --- | --- | --- |\n")
    for title, told in rows:
        for wanted in WANTED:
            ways = [judged(told, choose(told, wanted)) for choose in WAYS]
            cells = " | ".join(", ".join(f"{x:.2f}" for x in way) for way in ways)
            sys.stdout.write(f"| {title} | {wanted} | {cells} |\n")


def show_drawn(title: str, told: Told, n: int, wanted: float) -> None:
    """Print a row of the second table for each way."""
    for choose in WAYS:
        cells = " | ".join(f"{x:.3f}" for x in drawn(told, n, wanted, choose))
        sys.stdout.write(f"| {title}, {n} | {wanted} | {choose.__name__} | {cells} |\n")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    shared: Path = parser.parse_args().shared
    encoder = open_encoder(DEFAULT)
    assert encoder is not None
    kept = KeptEncoder(encoder, ROOT / "build" / "vectors")

    def read(path: Path) -> tuple[list[Case], NDArray[np.float32]]:
        hasher = person_hasher(secrets.token_bytes(16), "benchmark")
        cases = [prepare_case(case) for case in read_cases(path, hasher, Reading(path))]
        return cases, kept.encode([case.text for case in cases], TextRole.QUERY)

    rows = [
        (f"sample {told.target}", told) for told in told_by(*read(SAMPLE / "cases.jsonl"), HEADS)
    ]
    cases, vectors = read(shared / "nlbse2024" / "cases.jsonl.gz")
    for product in sorted({str(case.product) for case in cases}):
        at = [i for i, case in enumerate(cases) if case.product == product]
        some_told = told_by([cases[i] for i in at], vectors[at], (Target.KIND,))
        rows += [(f"NLBSE {product} kind", told) for told in some_told]
    (pooled,) = told_by(cases, vectors, (Target.KIND,))
    (topics,) = told_by(*read(shared / "banking77" / "train.jsonl"), (Target.TOPIC,))
    show([*rows, ("NLBSE kind, one head", pooled), ("Banking77 topic", topics)])
    sys.stdout.write("\n| chosen on | wanted | way | covers | broken | labels 3 points below |\n")
    sys.stdout.write("| --- | --- | --- | --- | --- | --- |\n")
    for title, told, n, wanted in (
        ("NLBSE kind", pooled, 300, 0.8),
        ("NLBSE kind", pooled, 300, 0.9),
        ("Banking77 topic", topics, 1500, 0.9),
        ("Banking77 topic", topics, 1500, 0.95),
    ):
        show_drawn(title, told, n, wanted)


if __name__ == "__main__":
    main()
