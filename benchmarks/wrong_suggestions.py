"""Print what was suggested wrongly: the queries to read for docs/error-analysis-suggestions.md.

Per set the measures, how many right threads came first and were shown, or were not; then queries
whose right thread is not first, drawn by a fixed seed, each with the thread that is and the best
right one. Fitted as the rows of docs/benchmarks.md: never on the query itself. Texts are cut short,
since they are others'.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks.kept import KeptEncoder
from benchmarks.quality import BUILD, training_queries
from benchmarks.sets import SHARED, Files, sample_cases, sample_drafts, shared
from triage.encode import DEFAULT, Encoder, open_encoder
from triage.learn.evaluate.retrieval import RetrievalOptions, evaluate_judged, judges_of, ranked
from triage.learn.suggestions.judging import Asking, judge
from triage.learn.suggestions.ranking import Judged
from triage.rank import load_ranker
from triage.records import Match, Side

_MEASURES = ("mrr@10", "hit@1", "map", "offered_of_answerable", "wrong_among_shown", "ece")
_READ = 90


@dataclass(frozen=True, slots=True)
class Asked:
    """A judged set, and what ranks its queries: its own folds, or what ships."""

    files: Files
    asking: Asking
    folds: int = 0


@dataclass(frozen=True, slots=True)
class Suggested:
    """What came of one query. `place` is its best right thread's, from 1; None: it was not found.

    `seen_in_words` says whether that thread shares any word with the query.
    """

    query: str
    lang: str
    place: int | None
    shown: bool
    probability: float
    seen_in_words: bool
    asked: str
    first: str
    right: str


def sets(folder: Path) -> Mapping[str, Asked]:
    """Return the sets by name."""
    semeval, pages = shared(folder, "semeval_cqa"), folder / "help_pages"
    training = Files(semeval.threads, training_queries(semeval.queries), semeval.qrels)
    gnome = Files(
        pages / "gnome_threads_en.jsonl.gz",
        pages / "gnome_xling_queries.jsonl",
        pages / "gnome_xling_qrels.jsonl",
    )
    return {
        "stackfaq": Asked(shared(folder, "stackfaq"), Asking(), folds=5),
        "swefaq": Asked(shared(folder, "swefaq"), Asking(), folds=5),
        "semeval-dev": Asked(semeval, Asking(rerank_judged=True, where={"split": "dev"})),
        "semeval-training": Asked(training, Asking(rerank_judged=True), folds=5),
        "gnome-da": Asked(gnome, Asking(where={"lang": "da"})),
        "gnome-de": Asked(gnome, Asking(where={"lang": "de"})),
        "drafts": Asked(sample_drafts(), Asking()),
        "cases": Asked(sample_cases(), Asking(), folds=5),
    }


def looked_at(
    name: str, one: Asked, encoder: Encoder | None
) -> tuple[dict[str, float], list[Suggested]]:
    """Return a set's measures, and what came of every query that a thread settles."""
    tested = one.files.read()
    judged = judge(tested, encoder, load_ranker(), one.asking, _tell)
    options = RetrievalOptions(one.asking, gated=True, folds=one.folds)
    measures = evaluate_judged(judged, tested.gains, options, None, _tell)
    titles = {t.id: t.title or (t.answers[0].body if t.answers else t.body) for t in tested.threads}
    found = []
    judges = judges_of(judged, options, None, _tell)
    for each, by in zip(judged, judges, strict=True):
        matches = ranked(each, by.ranker, Side.BOTH)
        if each.right and matches:
            shown = by.gate.passes(matches[0].probability, each.lang)
            found.append(_suggested(each, matches, shown, titles))
    _tell(f"{name}: {len(found)} queries that a thread settles")
    return {m: float(measures[m]) for m in _MEASURES if m in measures}, found


def _suggested(
    judged: Judged, matches: Sequence[Match], shown: bool, titles: Mapping[str, str]
) -> Suggested:
    order = [m.thread_id for m in matches]
    place = next((n for n, name in enumerate(order, 1) if name in judged.right), None)
    best = order[place - 1] if place else min(judged.right)
    hit = next((h for h in judged.hits if h.thread_id == best), None)
    return Suggested(
        judged.query_id,
        judged.lang,
        place,
        shown,
        round(matches[0].probability, 3),
        hit is not None and bool(hit.words),
        _cut(judged.question.text),
        f"{order[0]}: {_cut(titles.get(order[0], ''))}",
        f"{best}: {_cut(titles.get(best, ''))}",
    )


def lines_of(measures: Mapping[str, float], found: Sequence[Suggested], most: int) -> Iterator[str]:
    """Word what is printed of a set."""
    yield "  ".join(f"{name} {value:.4f}" for name, value in measures.items())
    counts = Counter(("right" if s.place == 1 else "wrong", s.shown) for s in found)
    yield "  ".join(
        f"{what} first, {'shown' if shown else 'not shown'}: {counts[what, shown]}"
        for what in ("right", "wrong")
        for shown in (True, False)
    )
    for one in drawn(found, most):
        place = f"place {one.place}" if one.place else "not found"
        words = "" if one.seen_in_words else ", no word in common"
        yield f"\n{one.query} [{one.lang}] {place}{words}; first at {one.probability:.2f}"
        yield f"  asked  {one.asked}"
        yield f"  first  {one.first}"
        yield f"  right  {one.right}"


def drawn(found: Sequence[Suggested], most: int) -> list[Suggested]:
    """Return the wrong ones; of more than so many, the same drawn by chance every time."""
    wrong = [one for one in found if one.place != 1]
    order = np.random.default_rng(0).permutation(len(wrong))[:most]
    return [wrong[n] for n in sorted(order.tolist())]


def main() -> None:
    """Print the sets named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--only", action="append", help="this set; repeatable")
    parser.add_argument("--most", type=int, default=50, help="so many wrong ones of each")
    parser.add_argument("--json", action="store_true", help="one line per query that went wrong")
    chosen = parser.parse_args()
    encoder = open_encoder(DEFAULT, threads=1)
    kept = None if encoder is None else KeptEncoder(encoder, BUILD / "vectors")
    for name, one in sets(chosen.shared).items():
        if chosen.only and name not in chosen.only:
            continue
        measures, found = looked_at(name, one, kept)
        if chosen.json:
            for each in drawn(found, chosen.most):
                sys.stdout.write(json.dumps({"set": name, **asdict(each)}) + "\n")
            continue
        sys.stdout.write(f"\n== {name}\n" + "\n".join(lines_of(measures, found, chosen.most)))
        sys.stdout.write("\n")


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _READ else f"{line[:_READ]}…"


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    main()
