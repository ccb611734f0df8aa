"""What each part of the evidence is worth: the same queries ranked without it.

Evidence is collected once per set; then ranker and gate are fitted anew for every part that is left
out, each query judged by what the other folds taught. Writes its table into docs/benchmarks.md.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.kept import KeptEncoder
from benchmarks.pages import renew
from benchmarks.quality import BUILD, PAGE, training_queries
from benchmarks.sets import SHARED, Files, sample_cases, shared
from triage.encode import DEFAULT, Encoder, open_encoder
from triage.learn.evaluate.retrieval import GROUPS, RetrievalOptions, evaluate_judged
from triage.learn.suggestions.judging import Asking, judge
from triage.rank import load_ranker

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Ablated:
    """A set whose parts of evidence are left out one after another, and its measure."""

    title: str
    files: Files
    measure: str
    judged_only: bool = False


def sets(folder: Path) -> Iterator[Ablated]:
    """Yield the sets in the order of the columns."""
    semeval = shared(folder, "semeval_cqa")
    yield Ablated("StackFAQ", shared(folder, "stackfaq"), "mrr@10")
    yield Ablated("SweFAQ", shared(folder, "swefaq"), "mrr@10")
    yield Ablated("sample cases", sample_cases(), "mrr@10")
    training = replace(semeval, queries=training_queries(semeval.queries))
    yield Ablated("SemEval training queries", training, "map", judged_only=True)


def measured(one: Ablated, encoder: Encoder | None) -> dict[str, float]:
    """Return a set's value by the part that is left out; under "" with all parts."""
    tested = one.files.read()
    asking = Asking(rerank_judged=one.judged_only)
    judged = [j for j in judge(tested, encoder, load_ranker(), asking, _tell) if j.right]
    found = {}
    for group in ("", *GROUPS):
        without = (group,) if group else ()
        options = RetrievalOptions(asking, folds=FOLDS, without=without)
        row = evaluate_judged(judged, tested.gains, options, None, lambda _: None)
        found[group] = float(row[one.measure])
        _tell(f"{one.title} without {group or 'nothing'}: {found[group]:.4f}")
    return found


def table(columns: dict[str, dict[str, float]], measures: list[str]) -> str:
    """Word the values: all parts first, then the difference that each part's absence makes."""
    heads = [f"{title}, {m}" for title, m in zip(columns, measures, strict=True)]
    lines = [f"| left out | {' | '.join(heads)} |", "|" + " --- |" * (len(heads) + 1)]
    whole = " | ".join(f"{c['']:.4f}" for c in columns.values())
    lines.append(f"| nothing | {whole} |")
    for group, features in GROUPS.items():
        cells = " | ".join(f"{c[group] - c['']:+.4f}" for c in columns.values())
        lines.append(f"| {group} ({', '.join(features)}) | {cells} |")
    return "\n".join(lines)


def main() -> None:
    """Measure every set and renew the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--print", action="store_true", help="print the table, write nothing")
    chosen = parser.parse_args()
    encoder = open_encoder(DEFAULT, threads=2)
    kept = None if encoder is None else KeptEncoder(encoder, BUILD / "vectors")
    asked = list(sets(chosen.shared))
    text = table({a.title: measured(a, kept) for a in asked}, [a.measure for a in asked])
    if chosen.print:
        sys.stdout.write(text + "\n")
        return
    renew(PAGE, text, "ablations")


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    main()
