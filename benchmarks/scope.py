"""Which signals tell a question that the labelled cases know nothing of: the candidates compared.

Topics are left out (near), and other sets asked (far); what is learnt sees neither. Every line is
AUROC / recall at 4 % false alarms, the mean over seeds. Run: python -m benchmarks.scope
"""

import argparse
import gzip
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.kept import KeptEncoder
from benchmarks.sets import ROOT, SAMPLE, SHARED
from triage.classify import SHARPNESS, Known, soften, unit
from triage.classify.scope import SIGNALS
from triage.encode import DEFAULT, TextRole, open_encoder
from triage.learn.heads.scope import FALSE_ALARMS, fit_scope
from triage.learn.statistics.scores import outside_recall, separation
from triage.records import Case
from triage.text import prepare_case

Rows = NDArray[np.float32]
Numbers = NDArray[np.float64]

KEPT = ROOT / "build" / "vectors"
FAR_AT_MOST = 400
HELD_OUT = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Questions of a set: their topics (empty where there are none) and vectors."""

    topics: NDArray[np.str_]
    vectors: Rows

    def some(self, most: int, seed: int) -> "Asked":
        """Return at most so many, drawn at random."""
        chosen = np.random.default_rng(seed).permutation(len(self.topics))[:most]
        return self.only(chosen)

    def only(self, chosen: NDArray[np.int64] | NDArray[np.bool_]) -> "Asked":
        """Return the chosen questions."""
        return Asked(self.topics[chosen], self.vectors[chosen])


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """A forum's cases, its new questions, and questions of other places."""

    train: Asked
    test: Asked
    far: Mapping[str, Asked]


def read(path: Path, encoder: KeptEncoder, most: int, *, titles: bool = False) -> Asked:
    """Read a file of cases, threads or drafts; of threads only the titles ask."""
    opened = gzip.open(path, "rt") if path.suffix == ".gz" else path.open(encoding="utf-8")
    with opened as file:
        rows = [json.loads(line) for line in file]
    rng = np.random.default_rng(0)
    rows = [rows[i] for i in np.sort(rng.permutation(len(rows))[:most])]
    cases = [
        prepare_case(Case("", row.get("title") or "", "" if titles else row.get("body") or ""))
        for row in rows
    ]
    topics = np.array([row.get("topic") or "" for row in rows])
    return Asked(topics, encoder.encode([case.text for case in cases], TextRole.QUERY))


def worlds(encoder: KeptEncoder, most: int) -> dict[str, World]:
    """Return two forums, of many topics that lie close and of few that lie apart."""
    bank = SHARED / "banking77"
    overflow = SHARED / "stackoverflow20"
    banking = read(bank / "train.jsonl", encoder, most), read(bank / "test.jsonl", encoder, 3080)
    titles = (
        read(overflow / "train.jsonl.gz", encoder, 2000),
        read(overflow / "test.jsonl.gz", encoder, 1200),
    )
    pages = SHARED / "help_pages" / "gnome_threads_en.jsonl.gz"
    drafts = read(SAMPLE / "drafts.jsonl", encoder, 60)
    gnome = read(pages, encoder, FAR_AT_MOST, titles=True)
    return {
        "Banking77": World(
            *banking, {"StackOverflow titles": titles[1], "GNOME titles": gnome, "drafts": drafts}
        ),
        "StackOverflow20": World(*titles, {"Banking77": banking[1], "drafts": drafts}),
    }


def try_world(world: World, seed: int) -> dict[str, dict[str, tuple[float, float]]]:
    """Leave a fifth of the topics out; return each candidate's numbers for near and far."""
    rng = np.random.default_rng(100 + seed)
    topics = np.unique(world.train.topics)
    out = rng.permutation(topics)[: round(HELD_OUT * len(topics))]
    train = world.train.only(~np.isin(world.train.topics, out))
    singles = [str(i) for i in range(len(train.topics))]
    fitted = fit_scope(
        train.topics.tolist(), singles, train.vectors, false_alarms=FALSE_ALARMS, seed=seed
    )
    if isinstance(fitted, str):
        raise SystemExit(fitted)
    scope, _ = fitted
    test = world.test
    left_out = np.isin(test.topics, out)
    asked = {"known": test.only(~left_out), "near": test.only(left_out)}
    asked |= {name: far.some(FAR_AT_MOST, seed) for name, far in world.far.items()}
    found: dict[str, dict[str, Numbers]] = {}
    for name, questions in asked.items():
        signals = scope.known.signals(questions.vectors)
        found.setdefault("softmax confidence", {})[name] = _confidence(scope.known, questions)
        found.setdefault("nearest case", {})[name] = _nearest(train.vectors, questions)
        found.setdefault("nearest topic mean", {})[name] = _nearest(_means(train), questions)
        for number, signal in enumerate(SIGNALS):
            found.setdefault(f"signal {signal}", {})[name] = signals[:, number]
        found.setdefault("the scope: all four", {})[name] = signals @ scope.slopes
        sure = -(scope.probabilities(questions.vectors) >= scope.novel_from).astype(np.float64)
        found.setdefault("surely novel (share)", {})[name] = sure
    return {candidate: _compare(candidate, values) for candidate, values in found.items()}


def _compare(candidate: str, values: Mapping[str, Numbers]) -> dict[str, tuple[float, float]]:
    if candidate.startswith("surely"):
        return {name: (float(-v.mean()), float("nan")) for name, v in values.items()}
    known = values["known"]
    return {
        name: (separation(known, v), outside_recall(known, v))
        for name, v in values.items()
        if name != "known"
    }


def _confidence(known: Known, questions: Asked) -> Numbers:
    """Return the greatest probability of a logistic regression over the vectors."""
    rows = unit(known.project(questions.vectors))
    margins = (rows @ (known.weights * SHARPNESS) + known.intercept).astype(np.float64)
    found: Numbers = soften(margins, 1.0, np.zeros(margins.shape[1])).max(axis=1)
    return found


def _nearest(places: Rows, questions: Asked) -> Numbers:
    found: Numbers = (unit(questions.vectors) @ unit(places).T).max(axis=1).astype(np.float64)
    return found


def _means(train: Asked) -> Rows:
    return np.stack(
        [train.vectors[train.topics == t].mean(axis=0) for t in np.unique(train.topics)]
    )


def main() -> None:
    """Print one table per forum."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--most", type=int, default=10_003, help="training cases of Banking77")
    options = parser.parse_args()
    opened = open_encoder(DEFAULT)
    assert opened is not None
    for name, world in worlds(KeptEncoder(opened, KEPT), options.most).items():
        runs = [try_world(world, seed) for seed in range(options.seeds)]
        columns = list(runs[0]["surely novel (share)"])
        sys.stdout.write(
            f"\n| {name} | {' | '.join(columns)} |\n|{' --- |' * (len(columns) + 1)}\n"
        )
        for candidate in runs[0]:
            cells = [_cell([run[candidate].get(column) for run in runs]) for column in columns]
            sys.stdout.write(f"| {candidate} | {' | '.join(cells)} |\n")


def _cell(values: list[tuple[float, float] | None]) -> str:
    given = [v for v in values if v is not None]
    if not given:
        return "-"
    area, recall = np.mean(given, axis=0)
    return f"{area:.3f}" if np.isnan(recall) else f"{area:.3f} / {recall:.3f}"


if __name__ == "__main__":
    main()
