"""Measure quality on the real sets and write the tables of docs/benchmarks.md.

Every row is one command of `python -m triage evaluate`, run as a user would run it; the tables
show it beside its numbers. Rows are run one after another: they share two cores.
Not here: the words and columns of the tables (quality_tables).
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.pages import renew
from benchmarks.quality_tables import (
    Found,
    Row,
    Table,
    difficulty_tables,
    plain_tables,
    routing_tables,
)
from benchmarks.sets import ROOT, SAMPLE, SHARED, Files, sample_cases, sample_drafts, shared

BUILD = ROOT / "build"
DONE = BUILD / "quality.jsonl"
PAGE = ROOT / "docs" / "benchmarks.md"

OWN = ("--folds", "5")
HALF_GONE = ("--gated", "--drop-gold", ".5")


# Parts of the page, and what writes each.
PARTS = {"table": plain_tables, "difficulty": difficulty_tables, "routing": routing_tables}


def rows(folder: Path) -> Iterator[Row]:
    """Yield the table's rows in their order."""
    fit = sample_cases().options("fit-")
    stackfaq, swefaq = shared(folder, "stackfaq"), shared(folder, "swefaq")
    semeval = shared(folder, "semeval_cqa")
    gnome = Files(
        folder / "help_pages" / "gnome_threads_en.jsonl.gz",
        folder / "help_pages" / "gnome_xling_queries.jsonl",
        folder / "help_pages" / "gnome_xling_qrels.jsonl",
    )
    for name, files, reference in (
        ("StackFAQ", stackfaq, "MiniLM .962, BM25 .740 (MRR over all 125 FAQs)"),
        ("SweFAQ", swefaq, "e5-small + n-grams .706, n-grams .640 (MRR over 219)"),
    ):
        yield _retrieval(f"{name}, fitted on its own folds", files, reference, *OWN)
        yield _retrieval(f"{name}, fitted on the sample", files, reference, *fit)
        yield _retrieval(f"{name}, dense", files, reference, "--side", "dense", *OWN)
        yield _retrieval(f"{name}, lexical", files, reference, "--side", "lexical", *OWN)
    yield _retrieval("SweFAQ, own category", swefaq, "-", "--candidates", *OWN)
    own = Files(semeval.threads, training_queries(semeval.queries), semeval.qrels)
    judged, dev = "--rerank-judged", ("--rerank-judged", "--where", "split=dev")
    reference = "dev MAP: search engine .7135, MiniLM + e5 + BM25 .776, tuned .786"
    yield _retrieval("SemEval training queries, folds", own, "-", judged, *OWN)
    fitted = own.options("fit-")
    yield _retrieval(
        "SemEval dev, fitted on its training queries", semeval, reference, *dev, *fitted
    )
    yield _retrieval("SemEval dev, as shipped", semeval, reference, *dev)
    for lang in ("da", "de"):
        where = ("--where", f"lang={lang}")
        yield _retrieval(f"GNOME {lang}, as shipped", gnome, "BM25 .10 / .25", *where)
    yield _retrieval(
        "sample drafts, as shipped", sample_drafts(), "at most .70 (42 of 60 have one)"
    )
    for seed in ("0", "1", "2"):
        for name, files in (("StackFAQ", stackfaq), ("SweFAQ", swefaq)):
            title = f"{name}, half of the right threads gone, seed {seed}"
            yield _gated(title, files, *HALF_GONE, *OWN, "--seed", seed)
    yield _gated("StackFAQ, the same, gate as shipped (in-sample)", stackfaq, *HALF_GONE)
    yield _gated("SweFAQ, the same, gate as shipped (in-sample)", swefaq, *HALF_GONE)
    yield _gated("sample drafts, gate as shipped", sample_drafts(), "--gated")
    yield from _labelled(folder)
    yield from _sample_heads()
    threads = folder / "se_threads" / "threads.jsonl.gz"
    yield _row(
        "se_threads difficulty, an accepted answer within 7 days",
        Table.DIFFICULTY,
        "difficulty",
        "--threads",
        str(threads),
    )
    routed = ("--cases", str(SAMPLE / "cases.jsonl"), "--accounts", str(SAMPLE / "accounts.jsonl"))
    yield _row("sample routing, 5 folds by problem", Table.ROUTING, "routing", *routed)


def _labelled(folder: Path) -> Iterator[Row]:
    nlbse = ("--train", str(folder / "nlbse2024" / "cases.jsonl.gz"), "--folds", "5")
    yield _classify(
        "NLBSE kind, 5 folds, one model per product",
        (*nlbse, "--target", "kind", "--per", "product"),
        "unseen half: fastText .718, tf-idf + MiniLM + LR .781, RoBERTa .792, SetFit .827",
    )
    banking = _split(folder / "banking77", ".jsonl")
    yield _classify(
        "Banking77 topic, test",
        banking,
        "accuracy: MiniLM + LR .9321, tf-idf + MiniLM + SVM .9377, BERT .9366",
    )
    yield _classify(
        "StackOverflow20 topic, test",
        _split(folder / "stackoverflow20", ".jsonl.gz"),
        "accuracy: tf-idf + SVM .816",
    )
    for seed in ("0", "1", "2"):
        yield _classify(
            f"Banking77, a fifth of the topics never learnt, seed {seed}",
            (*banking, "--hold-out-topics", ".2", "--seed", seed),
            "a set kept aside: MiniLM + LR AUROC .96, recall .75-.80",
            Table.SCOPE,
        )


def _sample_heads() -> Iterator[Row]:
    for target in ("kind", "topic", "severity", "difficulty", "destination", "tone"):
        data = ("--train", str(SAMPLE / "cases.jsonl"), "--folds", "5", "--target", target)
        yield _classify(f"sample {target}, 5 folds by problem", data)


def _split(folder: Path, ending: str) -> tuple[str, ...]:
    train, test = (str(folder / f"{part}{ending}") for part in ("train", "test"))
    return ("--train", train, "--test", test, "--target", "topic")


def training_queries(queries: Path) -> Path:
    """Write SemEval's queries without those of dev beside the results; fitting may see them."""
    file = BUILD / "semeval_training_queries.jsonl"
    BUILD.mkdir(exist_ok=True)
    kept = [
        line
        for line in queries.read_text(encoding="utf-8").splitlines()
        if json.loads(line)["split"] != "dev"
    ]
    file.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return file


def _retrieval(title: str, files: Files, reference: str, *more: str) -> Row:
    return _row(title, Table.RETRIEVAL, "retrieval", *files.options(), *more, reference=reference)


def _gated(title: str, files: Files, *more: str) -> Row:
    return _row(title, Table.GATE, "retrieval", *files.options(), *more)


def _classify(
    title: str, data: Sequence[str], reference: str = "-", table: Table = Table.CLASSIFICATION
) -> Row:
    return _row(title, table, "classify", *data, reference=reference)


def _row(title: str, table: Table, what: str, *options: str, reference: str = "-") -> Row:
    return Row(title, ("evaluate", what, *options, "--json"), table, reference)


def measure(row: Row) -> Found:
    """Run a row's command and return its numbers."""
    done = subprocess.run(
        [sys.executable, "-m", "triage", *row.command],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found: Found = json.loads(done.stdout)
    return found


def note(row: Row, found: Found) -> None:
    """Keep a row's numbers until the whole table is written."""
    BUILD.mkdir(exist_ok=True)
    with DONE.open("a", encoding="utf-8") as file:
        file.write(json.dumps([row.title, found]) + "\n")


def finished() -> dict[str, Found]:
    """Return the rows that a broken-off run had measured."""
    if not DONE.exists():
        return {}
    return dict(json.loads(line) for line in DONE.read_text(encoding="utf-8").splitlines())


def main() -> None:
    """Run the rows (or those whose title holds `--only`) and renew the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--only", default="", help="run these rows and print, write nothing")
    parser.add_argument("--resume", action="store_true", help="keep the rows of a broken-off run")
    chosen = parser.parse_args()
    known = finished() if chosen.resume else {}
    if not (chosen.resume or chosen.only):
        DONE.unlink(missing_ok=True)
    measured = []
    for row in rows(chosen.shared):
        if chosen.only in row.title:
            sys.stderr.write(f"== {row.title}\n")
            found = known.get(row.title) or measure(row)
            if row.title not in known and not chosen.only:
                note(row, found)
            measured.append((row, found))
    for part, worded in PARTS.items():
        text = worded(measured)
        if not chosen.only:
            renew(PAGE, text, part)
        elif text:
            sys.stdout.write(f"{text}\n\n")


if __name__ == "__main__":
    main()
