"""Fit `triage/rank_cold_start.json`: the ranker of a forum that has no history of its own.

Fitted on the sample's cases, StackFAQ and SweFAQ (their licences allow it), each set counting
alike in each regime, whatever its size. Never on the sample's drafts, nor on a set that is for
evaluation only.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from benchmarks.sets import SHARED, sample_cases, shared
from triage.encode import open_encoder
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
    encoder = open_encoder("all-MiniLM-L6-v2", threads=2)
    judged: list[Judged] = []
    for name, files in {
        "sample": sample_cases(),
        "stackfaq": shared(chosen.shared, "stackfaq"),
        "swefaq": shared(chosen.shared, "swefaq"),
    }.items():
        _tell(name)
        found = judge(files.read(), encoder, NEUTRAL, RetrievalOptions(), _tell)
        judged += evened([j for j in found if j.right])
    ranker = fit_ranker(judged, NEUTRAL, fitted_on="cold start: sample cases, StackFAQ, SweFAQ")
    save_ranker(ranker, chosen.out)
    _tell(f"wrote {chosen.out}")


def evened(judged: list[Judged]) -> list[Judged]:
    """Weigh questions so that each set counts alike among known and among foreign languages."""
    counts = {known: sum(j.known_language is known for j in judged) for known in (True, False)}
    return [replace(j, weight=1.0 / counts[j.known_language]) for j in judged]


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    main()
