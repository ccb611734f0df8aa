"""Fit `triage/rank_cold_start.json` and `triage/gate_cold_start.json`, of forums without history.

Fitted on the sample's cases, StackFAQ and SweFAQ (their licences allow it), every question
counting alike. Never on the sample's drafts, nor on a set that is for
evaluation only. Questions in a language that the encoder knows are those of the shipped encoder,
which knows all six; what a question is worth in a language foreign to the encoder is learned from
all-MiniLM-L6-v2, which knows English alone.
The gate is chosen on the same questions, each by a ranker that has not seen it; what holds for
these sets guarantees nothing for a forum that is none of them, and the file says so.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.kept import KeptEncoder
from benchmarks.quality import BUILD
from benchmarks.sets import SHARED, sample_cases, shared
from triage.encode import DEFAULT, MINILM, Encoder, open_encoder
from triage.gate import COLD_START as COLD_GATE
from triage.gate import Gate, Threshold, save_gate
from triage.learn.gating import GateOptions, cross_gate
from triage.learn.judging import Asking, judge
from triage.learn.ranking import Judged, fit_ranker
from triage.rank import COLD_START, FEATURES, REGIMES, Ranker, Weights, save_ranker
from triage.records import Side

FITTED_ON = "cold start: sample cases, StackFAQ, SweFAQ"
CLOSED = Gate(0.1, 0.9, Threshold(None, 0, False), {}, "nothing")
NEUTRAL = Ranker(dict.fromkeys(REGIMES, Weights(0.0, (1.0,) * len(FEATURES))), "nothing")


def main() -> None:
    """Read the sets, collect their evidence, fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--out", type=Path, default=COLD_START)
    parser.add_argument("--gate", type=Path, default=COLD_GATE)
    chosen = parser.parse_args()
    known = collected(chosen.shared, opened(DEFAULT), known=True)
    foreign = collected(chosen.shared, opened(MINILM), known=False)
    save_ranker(fit([*known, *foreign]), chosen.out)
    _tell(f"wrote {chosen.out}")
    save_gate(cold_gate(known), chosen.gate)
    _tell(f"wrote {chosen.gate}")


def fit(judged: Sequence[Judged]) -> Ranker:
    """Fit the ranker from nothing."""
    return fit_ranker(judged, NEUTRAL, fitted_on=FITTED_ON)


def cold_gate(judged: Sequence[Judged]) -> Gate:
    """Choose the threshold; nothing is guaranteed to a forum that was not among the sets.

    Questions to bare answers (SweFAQ) teach the ranker, but say nothing of the gate of a forum,
    whose threads begin with a question: it is far easier to tell that one of those does not fit.
    """
    threads = [j for j in judged if any(t.title for t in j.threads.values())]
    bare = [j for j in judged if not any(t.title for t in j.threads.values())]

    def both(rows: Sequence[Judged]) -> Ranker:
        return fit_ranker([*rows, *bare], NEUTRAL, fitted_on=FITTED_ON, sides=(Side.BOTH,))

    gated = cross_gate(threads, both, CLOSED, GateOptions(), fitted_on="sample cases, StackFAQ")
    _tell(json.dumps(gated.facts, ensure_ascii=False))
    _tell(json.dumps(gated.reliability))
    # One threshold for every language: a set of one language says more of that set than of it.
    return replace(gated.gate, pooled=replace(gated.gate.pooled, guaranteed=False), by_language={})


def opened(name: str) -> Encoder | None:
    """Open an encoder that keeps its vectors in build/."""
    encoder = open_encoder(name, threads=2)
    return None if encoder is None else KeptEncoder(encoder, BUILD / "vectors")


def collected(folder: Path, encoder: Encoder | None, *, known: bool) -> list[Judged]:
    """Judge every set with an encoder; keep the questions in languages it knows, or the others."""
    judged: list[Judged] = []
    for name, files in {
        "sample": sample_cases(),
        "stackfaq": shared(folder, "stackfaq"),
        "swefaq": shared(folder, "swefaq"),
    }.items():
        _tell(name)
        found = judge(files.read(), encoder, NEUTRAL, Asking(), _tell)
        judged += [j for j in found if j.right and j.known_language is known]
    return judged


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    main()
