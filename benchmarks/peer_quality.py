"""How well the right thread is found beside txtai and Chroma, with the same encoder in all three.

    python -m benchmarks.peer_quality

In: the judged sets. Out: nDCG@10 of each, once with MiniLM and once with the shipped encoder; the
mean differences over the same queries with their intervals; the table in docs/benchmarks.md. Peers
are asked as their users ask them: a text a thread; txtai by vectors beside BM25, Chroma by vectors
alone. All three have the same vectors (what txtai makes with its MiniLM is the same to the sixth
digit). Ours is served as it is, with a ranker that was fitted on the sample's cases for the encoder
at hand; no judged set below was fitted on. Where a set has its own candidates, all order these.
Queries that nothing is right for are left out.
Not here: speed (load).
"""

import argparse
import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.contestants import THREADS
from benchmarks.encoder_quality import JudgedSet, judged_sets
from benchmarks.kept import KeptEncoder
from benchmarks.load.serving import PEERS, peers_python
from benchmarks.pages import renew
from benchmarks.quality import BUILD, PAGE
from benchmarks.sets import SHARED, sample_cases
from triage.encode import DEFAULT, MINILM, Encoder, TextRole, open_encoder
from triage.learn.evaluate.retrieval import fit_on, measured
from triage.learn.statistics.intervals import bootstrap_mean
from triage.learn.statistics.measures import DEPTH, measure
from triage.learn.suggestions.judging import Asking, EvaluationSet, judge, question_of, selected
from triage.rank import Ranker, load_ranker
from triage.records import Side, Thread

Values = Mapping[str, float]
RANKERS = {"txtai": "txtai_rank.py", "Chroma": "chroma_rank.py"}
KEPT = BUILD / "peer_quality.json"


@dataclass(frozen=True, slots=True)
class Compared:
    """Of one set with one encoder: nDCG@10 of each query, ours and each peer's, and its groups."""

    title: str
    encoder: str
    ours: Values
    peers: Mapping[str, Values]
    groups: Mapping[str, str]


def main() -> None:
    """Compare on every set with both encoders; write the table unless only some are wanted."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--folder", type=Path, default=BUILD / "load")
    parser.add_argument("--only", default="", help="sets whose title holds this; writes nothing")
    chosen = parser.parse_args()
    python = peers_python(chosen.folder)
    rows: list[Compared] = []
    for label, name in (("MiniLM", MINILM), ("shipped", DEFAULT)):
        opened = open_encoder(name, threads=THREADS)
        if opened is None:
            raise RuntimeError(f"{name} is no encoder")
        encoder = KeptEncoder(opened, BUILD / "vectors")
        sample = sample_cases().read()
        ranker = fit_on(sample, encoder, load_ranker(), Asking(Side.BOTH), _tell)
        for judged in judged_sets(chosen.shared):
            if chosen.only in judged.title and judged.missing() is None:
                _tell(f"{judged.title}, {label}")
                rows.append(_compared(judged, label, encoder, ranker, python))
    table = _table(rows)
    sys.stdout.write(table + "\n")
    if not chosen.only:
        renew(PAGE, table, "peers")
        KEPT.write_text(json.dumps(_means(rows)), encoding="utf-8")


def _compared(
    judged: JudgedSet, label: str, encoder: Encoder, ranker: Ranker, python: str
) -> Compared:
    tested = judged.files.read()
    asking = Asking(rerank_judged=judged.judged_only, where=dict(judged.where))
    if asking.rerank_judged:
        tested = _with_judged_alone(tested, asking)
    found = judge(tested, encoder, load_ranker(), asking, _tell)
    ours = measured(found, tested.gains, ranker, Side.BOTH)
    counted = [one for one in ours if one.judged.right]
    order = _order(tested, asking, encoder)
    peers: dict[str, Values] = {}
    for peer in RANKERS:
        ranked = _ranked_by(peer, order, python)
        peers[peer] = {
            one.judged.query_id: _ndcg(
                ranked[one.judged.query_id],
                tested.gains[one.judged.query_id],
                alone=asking.rerank_judged,
            )
            for one in counted
        }
    return Compared(
        judged.title,
        label,
        {one.judged.query_id: one.measures.ndcg for one in counted},
        peers,
        # Wordings of one question, and one problem in six languages, are no independent evidence.
        {one.judged.query_id: " ".join(sorted(one.judged.right)) for one in counted},
    )


def _with_judged_alone(tested: EvaluationSet, asking: Asking) -> EvaluationSet:
    """Leave out threads that no asked query was judged with: nobody orders them."""
    asked = {q.id for q in tested.queries if selected(q, asking.where)}
    judged = {j.doc_id for j in tested.judgements if j.query_id in asked}
    return replace(tested, threads=[t for t in tested.threads if t.id in judged])


def _order(tested: EvaluationSet, asking: Asking, encoder: Encoder) -> dict[str, Any]:
    """Return what a peer is asked: threads, queries, vectors of both, how many are wanted."""
    queries = [q for q in tested.queries if selected(q, asking.where)]
    asked = [(q.id, question_of(q).text) for q in queries]
    threads = [(t.id, _text_of(t)) for t in tested.threads]
    limit = len(threads) if asking.rerank_judged else min(DEPTH, len(threads))
    vectors = _vectors(encoder, threads, asked)
    return {"threads": threads, "queries": asked, "limit": limit, "vectors": vectors}


def _ranked_by(peer: str, order: Mapping[str, Any], python: str) -> dict[str, list[str]]:
    """Return the threads for each query as a peer orders them."""
    told = subprocess.run(
        [python, str(PEERS / RANKERS[peer])],
        input=json.dumps(order),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    ranked: dict[str, list[str]] = json.loads(told)
    return ranked


def _ndcg(ranked: Sequence[str], gains: Mapping[str, int], *, alone: bool) -> float:
    """Return nDCG@10; `alone`: of what was judged for this query, which is all it is asked of."""
    return measure([d for d in ranked if d in gains] if alone else ranked, gains).ndcg


def _vectors(
    encoder: Encoder, threads: Sequence[tuple[str, str]], queries: Sequence[tuple[str, str]]
) -> str:
    """Write what the encoder makes of all the texts; return the file."""
    rows: dict[str, Any] = {}
    for role, texts in ((TextRole.PASSAGE, threads), (TextRole.QUERY, queries)):
        plain = [text for _, text in texts]
        digests = [hashlib.sha256(text.encode()).hexdigest() for text in plain]
        rows.update(zip(digests, encoder.encode(plain, role), strict=True))
    file = BUILD / "peer_vectors.npz"
    np.savez(file, digests=np.asarray(list(rows)), rows=np.stack(list(rows.values())))
    return str(file)


def _text_of(thread: Thread) -> str:
    parts = (thread.title, thread.body, *(answer.body for answer in thread.answers))
    return "\n".join(part for part in parts if part)


def _table(rows: Sequence[Compared]) -> str:
    lines = [
        "| set | encoder in all | queries | "
        + " | ".join(RANKERS)
        + " | ours | "
        # Of each peer, the difference over the same queries.
        + " | ".join(f"ours less {peer}, 95 %" for peer in RANKERS)
        + " |",
        "| --- | --- | ---: | " + "---: | " * (1 + len(RANKERS)) + "--- | " * len(RANKERS),
    ]
    for row in rows:
        means = [f"{_mean(values):.4f}" for values in (*row.peers.values(), row.ours)]
        gained = [_gained(row, values) for values in row.peers.values()]
        lines.append(
            f"| {row.title} | {row.encoder} | {len(row.ours)} | "
            + " | ".join([*means, *gained])
            + " |"
        )
    return "\n".join(line.rstrip() for line in lines)


def _gained(row: Compared, peers: Values) -> str:
    gained = {name: value - peers[name] for name, value in row.ours.items()}
    mean = bootstrap_mean(gained, row.groups)
    return f"{mean.mean:+.4f} ({mean.low:+.4f} to {mean.high:+.4f})"


def _means(rows: Sequence[Compared]) -> dict[str, dict[str, float]]:
    """Return the mean over sets of each engine with each encoder, for the picture."""
    found: dict[str, dict[str, float]] = {}
    for label in dict.fromkeys(row.encoder for row in rows):
        same = [row for row in rows if row.encoder == label]
        found[label] = {
            peer: float(np.mean([_mean(row.peers[peer]) for row in same])) for peer in RANKERS
        }
        found[label]["ours"] = float(np.mean([_mean(row.ours) for row in same]))
    return found


def _mean(values: Values) -> float:
    return float(np.mean(list(values.values())))


def _tell(said: str) -> None:
    sys.stderr.write(f"{said}\n")


if __name__ == "__main__":
    main()
