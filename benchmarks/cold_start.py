"""Fit `triage/rank_cold_start.json`: the ranker of a forum that has no history of its own.

Fitted on the sample's cases, StackFAQ and SweFAQ (their licences allow it), each set counting
alike in each regime, whatever its size. Never on the sample's drafts, nor on a set that is for
evaluation only. Questions in a language that the encoder knows are those of the shipped encoder,
which knows all six; what a question is worth in a language foreign to the encoder is learned from
all-MiniLM-L6-v2, which knows English alone.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from benchmarks.sets import SHARED, sample_cases, shared
from triage.encode import DEFAULT, MINILM, Encoder, open_encoder
from triage.learn.ranking import Judged, fit_ranker
from triage.learn.retrieval import RetrievalOptions, judge
from triage.rank import COLD_START, FEATURES, REGIMES, Ranker, Weights, save_ranker

NEUTRAL = Ranker(dict.fromkeys(REGIMES, Weights(0.0, (1.0,) * len(FEATURES))), "nothing")


def main() -> None:
    """Read the sets, collect their evidence, fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--out", type=Path, default=COLD_START)
    chosen = parser.parse_args()
    judged = [
        *collected(chosen.shared, open_encoder(DEFAULT, threads=2), known=True),
        *collected(chosen.shared, open_encoder(MINILM, threads=2), known=False),
    ]
    ranker = fit_ranker(judged, NEUTRAL, fitted_on="cold start: sample cases, StackFAQ, SweFAQ")
    save_ranker(ranker, chosen.out)
    _tell(f"wrote {chosen.out}")


def collected(folder: Path, encoder: Encoder | None, *, known: bool) -> list[Judged]:
    """Judge every set with an encoder; keep the questions in languages it knows, or the others."""
    judged: list[Judged] = []
    for name, files in {
        "sample": sample_cases(),
        "stackfaq": shared(folder, "stackfaq"),
        "swefaq": shared(folder, "swefaq"),
    }.items():
        _tell(name)
        found = judge(files.read(), encoder, NEUTRAL, RetrievalOptions(), _tell)
        judged += evened([j for j in found if j.right and j.known_language is known])
    return judged


def evened(judged: list[Judged]) -> list[Judged]:
    """Weigh questions so that each set counts alike."""
    return [replace(j, weight=1.0 / len(judged)) for j in judged]


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    main()
