"""Fit the ranker and the gate that ship, for forums without history.

They are `triage/rank/rank_cold_start.json` and `triage/decide/gate_cold_start.json`.

Fitted on the sample's cases, StackFAQ and SweFAQ (their licences allow it), every question
counting alike. Never on the sample's drafts, nor on a set that is for
evaluation only. Questions in a language that the encoder knows are those of the shipped encoder,
which knows all six; what a question is worth in a language foreign to the encoder is learned from
all-MiniLM-L6-v2, which knows English alone.
The gate is chosen on the same questions, each by a ranker that has not seen it; what holds for
these sets guarantees nothing for a forum that is none of them, and the file says so.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.kept import KeptEncoder
from benchmarks.quality import BUILD
from benchmarks.sets import SHARED, sample_cases, shared
from triage.decide.gate import COLD_START as COLD_GATE
from triage.decide.gate import RISK, Gate, Threshold, save_gates
from triage.encode import DEFAULT, MINILM, Encoder, open_encoder
from triage.learn.suggestions.gating import GateOptions, ask_unseen
from triage.learn.suggestions.judging import Asking, judge
from triage.learn.suggestions.ranking import Judged, fit_ranker
from triage.learn.suggestions.risk import fit_gate
from triage.rank import COLD_START, FEATURES, REGIMES, Ranker, Weights, save_ranker
from triage.records import Side

FITTED_ON = "cold start: sample cases, StackFAQ, SweFAQ"
# The sample's dates are as fictional as its forum, and the other sets have none: fitted on the
# sample's cases, recency made its drafts worse. A forum's own pairs may give it weight.
UNTAUGHT = ("recency",)
# The shares of wrong suggestions for which a threshold ships; a forum that allows a share between
# two of them goes by the smaller.
RISKS = (0.02, 0.03, 0.05, 0.07, RISK, 0.15, 0.2, 0.3)
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
    save_gates(cold_gates(known), chosen.gate)
    _tell(f"wrote {chosen.gate}")


def fit(judged: Sequence[Judged]) -> Ranker:
    """Fit the ranker from nothing."""
    return fit_ranker(judged, NEUTRAL, fitted_on=FITTED_ON, left_out=UNTAUGHT)


def cold_gates(judged: Sequence[Judged]) -> list[Gate]:
    """Choose the thresholds; nothing is guaranteed to a forum that was not among the sets.

    Questions to bare answers (SweFAQ) teach the ranker, but say nothing of the gate of a forum,
    whose threads begin with a question: it is far easier to tell that one of those does not fit.
    """
    threads = [j for j in judged if any(t.title for t in j.threads.values())]
    bare = [j for j in judged if not any(t.title for t in j.threads.values())]

    def both(rows: Sequence[Judged]) -> Ranker:
        return fit_ranker(
            [*rows, *bare], NEUTRAL, fitted_on=FITTED_ON, left_out=UNTAUGHT, sides=(Side.BOTH,)
        )

    shown = ask_unseen(threads, both, GateOptions())
    gates = [fit_gate(shown, CLOSED, risk=r, fitted_on="sample cases, StackFAQ") for r in RISKS]
    # One threshold for every language: a set of one language says more of that set than of it.
    bare_gates = [
        replace(g, pooled=replace(g.pooled, guaranteed=False), by_language={}) for g in gates
    ]
    return list(_stricter(bare_gates))


def _stricter(gates: Sequence[Gate]) -> Iterator[Gate]:
    """Yield gates from the loosest to the strictest, none looser than the one before.

    Where so small a risk cannot be tested on these questions, the threshold is what happened to
    look good on them, and may lie below one that was tested at a larger risk.
    """
    highest = 0.0
    for gate in sorted(gates, key=lambda g: -g.risk):
        value = gate.pooled.value
        highest = 1.0 if value is None else max(highest, value)
        kept = None if value is None else highest
        _tell(f"at most {gate.risk:.0%} wrong: from {kept}")
        yield replace(gate, pooled=replace(gate.pooled, value=kept))


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
