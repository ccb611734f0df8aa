"""What each step of the heads gains and costs, on the kinds of NLBSE: one model per product.

Every fold's features are made once, of the cases it may see; a step is which columns and which
linear model it takes. `--contrastive N` instead trains the packaged MiniLM on the kinds of every
fold, N times through its cases (SetFit's idea), and shows what its rows are worth and what they
cost. Serving them would need an encoder pass of their own, so they stand beside the table.
"""

import argparse
import secrets
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks.kept import KeptEncoder
from benchmarks.sets import ROOT, SHARED
from triage.classify import Featuriser, Origin, fit_featuriser
from triage.connect import Reading, read_cases
from triage.crypto.persons import person_hasher
from triage.encode import DEFAULT, TextRole, open_encoder
from triage.learn.heads import linear
from triage.learn.statistics.folds import assign_folds
from triage.learn.statistics.scores import macro_f1, per_class
from triage.records import Case
from triage.text import prepare_case

FOLDS = 5

# The places of the cases that a fold may see and their kinds -> a row of every case.
RowsFor = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Step:
    """Which columns are left out, and which model is fitted."""

    title: str
    without: frozenset[str] = frozenset()
    options: linear.LinearOptions = field(default_factory=linear.LinearOptions)
    ridge: bool = True


def _machine(strength: float) -> linear.LinearOptions:
    return linear.LinearOptions(strength=strength, workers=1)


OLD = frozenset({"lines", "body"})
STEPS = (
    Step("title, opening, n-grams, form: machine", OLD | {"meaning"}, _machine(0.5), ridge=False),
    Step("+ the encoder's row", OLD, _machine(0.5), ridge=False),
    Step("+ body and lines", options=_machine(0.5), ridge=False),
    Step("held back more (C = .1)", options=_machine(0.1), ridge=False),
    Step("ridge regression instead (1)", options=linear.LinearOptions(ridge=1.0)),
    Step("ridge regression (4): adopted"),
    Step("ridge regression (8)", options=linear.LinearOptions(ridge=8.0)),
    Step("adopted without lines", frozenset({"lines"})),
    Step("adopted without body", frozenset({"body"})),
    Step("adopted without the encoder", frozenset({"meaning"})),
    Step("adopted without signs of form", frozenset({"form"})),
)
ALONE = frozenset({"title", "body", "opening", "lines", "grams", "fact", "form"})
BESIDE = (
    Step("its row alone", ALONE, linear.LinearOptions(ridge=0.5)),
    Step("adopted, with its row in place of the encoder's"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """One fold of one product: features and kinds of what it learns from, and of what is left."""

    product: str
    columns: dict[str, NDArray[np.int64]]
    rows: sparse.csr_matrix
    truth: NDArray[np.int64]
    left: sparse.csr_matrix
    left_truth: NDArray[np.int64]
    seconds: float


def folds_of(
    cases: Sequence[Case], rows_for: RowsFor, kinds: Sequence[str], seed: int
) -> Iterator[Fold]:
    """Make the features of every fold of every product."""
    for product in sorted({str(case.product) for case in cases}):
        places = np.array([i for i, case in enumerate(cases) if case.product == product])
        labels = [str(cases[i].kind) for i in places]
        truth = np.array([kinds.index(label) for label in labels])
        fold_of = assign_folds(labels, list(range(len(places))), FOLDS, seed)
        for fold in range(FOLDS):
            seen, left = places[fold_of != fold], places[fold_of == fold]
            vectors = rows_for(seen, truth[fold_of != fold])
            began = time.process_time()
            featuriser, rows = fit_featuriser(*_words(cases, seen), vectors[seen])
            seconds = time.process_time() - began
            yield Fold(
                product,
                _columns(featuriser),
                rows,
                truth[fold_of != fold],
                featuriser.transform(*_words(cases, left), vectors[left]),
                truth[fold_of == fold],
                seconds,
            )


def _words(cases: Sequence[Case], places: NDArray[np.int64]) -> tuple[list[str], list[str]]:
    return [cases[i].title for i in places], [cases[i].body for i in places]


def _columns(featuriser: Featuriser) -> dict[str, NDArray[np.int64]]:
    found: dict[str, NDArray[np.int64]] = {}
    for block in featuriser.blocks:
        words = block.origin is Origin.WORDS and block.vocabulary is not None
        name = str(block.vocabulary.part) if words and block.vocabulary else str(block.origin)
        found[name] = np.arange(block.start, block.stop)
    return found


def try_step(step: Step, folds: Sequence[Fold], kinds: Sequence[str]) -> tuple[float, float]:
    """Return the mean of the products' macro-F1, and the mean seconds of one fit."""
    guesses: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    spent: list[float] = []
    for fold in folds:
        kept = np.concatenate([c for n, c in fold.columns.items() if n not in step.without])
        rows, truth = fold.rows[:, kept], fold.truth
        began = time.process_time()
        if step.ridge:
            model, _ = linear.fit_ridge(rows, truth, truth, len(kinds), step.options)
        else:
            model = linear.fit_machine(rows, truth, len(kinds), step.options)
        spent.append(time.process_time() - began)
        guessed = model.margins(fold.left[:, kept]).argmax(axis=1)
        guesses[fold.product] += [
            (kinds[t], kinds[g]) for t, g in zip(fold.left_truth, guessed, strict=True)
        ]
    tables = [per_class(*map(list, zip(*pairs, strict=True))) for pairs in guesses.values()]
    return float(np.mean([macro_f1(table) for table in tables])), float(np.mean(spent))


def show_contrastive(
    cases: Sequence[Case], vectors: NDArray[np.float32], kinds: Sequence[str], epochs: int
) -> None:
    """Print what contrastively trained rows are worth on these cases, beside the table's."""
    from benchmarks.contrastive import ReadTexts, adapted_rows

    read = ReadTexts([case.text for case in cases])
    spent: list[float] = []

    def adapt(seen: NDArray[np.int64], truth: NDArray[np.int64]) -> NDArray[np.float32]:
        rows, seconds = adapted_rows(read, seen, truth, epochs)
        spent.append(seconds)
        return rows

    untrained = read.all_rows(read.upper)
    for title, rows_for in (
        ("shipped encoder", lambda *_: vectors),
        ("packaged MiniLM", lambda *_: untrained),
        ("packaged MiniLM, trained", adapt),
    ):
        folds = list(folds_of(cases, rows_for, kinds, 0))
        for step in BESIDE:
            score, seconds = try_step(step, folds, kinds)
            sys.stdout.write(f"| {title}: {step.title} | {score:.4f} | {seconds:.3f} |\n")
    sys.stdout.write(f"training of one fold: {np.mean(spent):.0f} s of processor time\n")


def main() -> None:
    """Print the table of steps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--contrastive", type=int, default=0, metavar="N")
    parser.add_argument("--products", type=int, help="only the first so many, by name")
    chosen = parser.parse_args()
    hashed = person_hasher(secrets.token_bytes(16), "benchmark")
    path = chosen.shared / "nlbse2024" / "cases.jsonl.gz"
    read = read_cases(path, hashed, Reading(path))
    cases = [prepare_case(case) for case in read]
    kinds = sorted({str(case.kind) for case in cases})
    products = sorted({str(case.product) for case in cases})[: chosen.products]
    cases = [case for case in cases if case.product in products]
    encoder = open_encoder(DEFAULT)
    assert encoder is not None
    kept = KeptEncoder(encoder, ROOT / "build" / "vectors")
    vectors = kept.encode([case.text for case in cases], TextRole.QUERY)
    if chosen.contrastive:
        show_contrastive(cases, vectors, kinds, chosen.contrastive)
        return
    seeds = range(chosen.seeds)
    folds = [list(folds_of(cases, lambda *_: vectors, kinds, seed)) for seed in seeds]
    made = np.mean([fold.seconds for seeded in folds for fold in seeded])
    sys.stdout.write(f"features of one fold: {made:.2f} s\n")
    sys.stdout.write("| step | macro-F1 | seconds of one fit |\n| --- | --- | --- |\n")
    for step in STEPS:
        found = [try_step(step, seeded, kinds) for seeded in folds]
        score, seconds = np.mean(found, axis=0)
        sys.stdout.write(f"| {step.title} | {score:.4f} | {seconds:.3f} |\n")


if __name__ == "__main__":
    main()
