"""What a head of very many cases loses by being learnt in parts, and what a rare class does.

Topics of Banking77 and StackOverflow20 together: 97 of them, 20,003 questions to learn from and
13,080 to judge. The same is then tried where a few topics have nearly no cases. Parts here are
smaller than `triage.learn.heads.parts` ever makes them; what they lose is an upper bound.
`--solvers` instead fits Banking77's five folds and the whole by the shared table and column by
column.
"""

import argparse
import secrets
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks.kept import KeptEncoder
from benchmarks.sets import ROOT, SHARED
from triage.classify import fit_featuriser
from triage.connect import Reading, read_cases
from triage.crypto.persons import person_hasher
from triage.encode import DEFAULT, TextRole, open_encoder
from triage.learn.heads import parts, solving
from triage.learn.heads.linear import Linear, LinearOptions, Margins, fit_machine
from triage.learn.heads.machines import Task
from triage.learn.statistics.folds import assign_folds
from triage.records import Case
from triage.text import prepare_case

SETS = (("banking77", ".jsonl"), ("stackoverflow20", ".jsonl.gz"))
RARE, KEPT = 30, 9  # topics that are made rare, and the cases that each of them keeps

OPTIONS = LinearOptions(workers=1)

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """What is learnt from and what is judged; `rare` are topics with nearly no cases."""

    rows: sparse.csr_matrix
    truth: Places
    asked: sparse.csr_matrix
    asked_truth: Places
    classes: int
    rare: Places

    def told(self, model: Linear) -> str:
        """Return the share of right answers, and that among the rare topics."""
        right = model.margins(self.asked).argmax(axis=1) == self.asked_truth
        few = np.isin(self.asked_truth, self.rare)
        return (
            f"{right.mean():.4f} | {right[few].mean():.4f}"
            if few.any()
            else f"{right.mean():.4f} |"
        )


def read_world(shared: Path, sets: Sequence[tuple[str, str]] = SETS) -> World:
    """Encode and featurise the sets as one."""
    learnt, asked = (
        [case for name, end in sets for case in _read(shared / name / f"{part}{end}")]
        for part in ("train", "test")
    )
    encoder = open_encoder(DEFAULT)
    assert encoder is not None
    kept = KeptEncoder(encoder, ROOT / "build" / "vectors")
    order = np.random.default_rng(0).permutation(len(learnt))
    learnt = [learnt[i] for i in order]
    vectors = kept.encode([case.text for case in learnt], TextRole.QUERY)
    featuriser, rows = fit_featuriser(*_words(learnt), vectors)
    others = kept.encode([case.text for case in asked], TextRole.QUERY)
    topics = sorted({str(case.topic) for case in learnt})
    truth, asked_truth = (
        np.array([topics.index(str(case.topic)) for case in cases]) for cases in (learnt, asked)
    )
    none = np.empty(0, dtype=np.int64)
    told = featuriser.transform(*_words(asked), others)
    return World(rows, truth, told, asked_truth, len(topics), none)


def _read(path: Path) -> list[Case]:
    hashed = person_hasher(secrets.token_bytes(16), "benchmark")
    return [prepare_case(case) for case in read_cases(path, hashed, Reading(path))]


def _words(cases: Sequence[Case]) -> tuple[list[str], list[str]]:
    return [case.title for case in cases], [case.body for case in cases]


def with_rare_topics(world: World) -> World:
    """Leave nearly no cases of some topics."""
    rng = np.random.default_rng(3)
    rare = np.sort(rng.permutation(world.classes)[:RARE])
    kept = np.ones(len(world.truth), dtype=bool)
    for name in rare:
        kept[rng.permutation(np.flatnonzero(world.truth == name))[KEPT:]] = False
    return replace(world, rows=world.rows[kept], truth=world.truth[kept], rare=rare)


def show_machine(world: World, title: str, places: Places) -> None:
    """Print what one machine guesses."""
    began = time.process_time()
    rows, truth = world.rows[places], world.truth[places]
    model = fit_machine(rows, truth, world.classes, OPTIONS)
    spent = time.process_time() - began
    sys.stdout.write(f"| {title} | {world.told(model)} | {spent:.0f} |\n")
    sys.stdout.flush()


def show(world: World, counts: Sequence[int], least: int, alone: bool = False) -> None:
    """Print what parts guess; `alone` also prints what one of them does by itself."""
    everything = np.arange(len(world.truth))
    parts._LEAST_OF_A_CLASS = least
    for count in counts:
        fold_of = assign_folds([str(t) for t in world.truth], everything.tolist(), count, 0)
        if alone:
            show_machine(world, f"one part of {count}, by itself", np.flatnonzero(fold_of == 0))
        task = Task(everything, world.truth, fold_of, world.classes)
        began = time.process_time()
        model, margins = parts.fit_in_parts(world.rows, task, OPTIONS)
        spent = time.process_time() - began
        left_out = float((margins.argmax(axis=1) == world.truth).mean())
        told_of = f"mean of {count} parts (out of fold {left_out:.4f})"
        own = ", rare ones of all cases" if least else ""
        sys.stdout.write(f"| {told_of}{own} | {world.told(model)} | {spent:.0f} |\n")
        sys.stdout.flush()


def show_solvers(world: World) -> None:
    """Print what five folds and the whole cost by either way, and what they guess out of fold."""
    everything = np.arange(len(world.truth))
    fold_of = assign_folds([str(t) for t in world.truth], everything.tolist(), 5, 0)
    task = Task(everything, world.truth, fold_of, world.classes)
    for title, fit in (("shared table", beside), ("column by column", apart)):
        began = time.process_time()
        model, margins = fit(world.rows, task)
        spent = time.process_time() - began
        left_out = float((margins.argmax(axis=1) == world.truth).mean())
        told = f"{title} (out of fold {left_out:.4f}) | {world.told(model)}"
        sys.stdout.write(f"| {told} | {spent:.0f} |\n")
        sys.stdout.flush()


def beside(rows: sparse.csr_matrix, task: Task) -> tuple[Linear, Margins]:
    """Fit all folds and the whole from the table of likenesses."""
    ((model, margins),) = solving.fit_linears(rows, [task], OPTIONS, lambda _: None)
    return model, margins


def apart(rows: sparse.csr_matrix, task: Task) -> tuple[Linear, Margins]:
    """Fit each fold and the whole by itself."""
    margins = np.empty((len(task.truth), task.classes))
    for fold in np.unique(task.fold_of):
        rest = task.fold_of != fold
        model = fit_machine(rows[rest], task.truth[rest], task.classes, OPTIONS)
        margins[~rest] = model.margins(rows[~rest])
    return fit_machine(rows, task.truth, task.classes, OPTIONS), margins


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--solvers", action="store_true")
    chosen = parser.parse_args()
    if chosen.solvers:
        show_solvers(read_world(chosen.shared, SETS[:1]))
        return
    world = read_world(chosen.shared)
    sys.stdout.write("| learnt by | right | right of rare | processor s |\n")
    sys.stdout.write("| --- | ---: | ---: | ---: |\n")
    usual = parts._LEAST_OF_A_CLASS
    show_machine(world, "one machine of all", np.arange(len(world.truth)))
    show(world, (2, 3, 4), 0, alone=True)
    show(world, (3,), usual)
    sys.stdout.write(f"{RARE} topics with {KEPT} cases each:\n")
    few = with_rare_topics(world)
    show_machine(few, "one machine of all", np.arange(len(few.truth)))
    show(few, (3,), 0)
    show(few, (3,), usual)


if __name__ == "__main__":
    main()
