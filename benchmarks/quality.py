"""Measure quality on the real sets and write the table of docs/benchmarks.md.

Every row is one command of `python -m triage evaluate`, run as a user would run it; the table
shows it beside its numbers. Rows are run one after another: they share two cores.
"""

import argparse
import json
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.pages import renew
from benchmarks.sets import ROOT, SHARED, Files, sample_cases, sample_drafts, shared

BUILD = ROOT / "build"
DONE = BUILD / "quality.jsonl"
PAGE = ROOT / "docs" / "benchmarks.md"

RETRIEVAL = ("mrr@10", "hit@1", "hit@10", "map", "ndcg@10")
GATED = (
    "offered_of_answerable",
    "settled_of_answerable",
    "wrong_among_shown",
    "no_right_among_offered",
    "guaranteed",
    "ece",
)
CLASSIFY = ("accuracy", "macro_f1", "ece")
OWN = ("--folds", "5")
HALF_GONE = ("--gated", "--drop-gold", ".5")


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement: what it is of, its command, and what others reached."""

    title: str
    command: tuple[str, ...]
    keys: tuple[str, ...]
    reference: str


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
    yield _classify(
        "NLBSE kind, 5 folds, one model per product",
        ("--train", str(folder / "nlbse2024" / "cases.jsonl.gz"), "--folds", "5"),
        ("--target", "kind", "--per", "product"),
        "unseen half: fastText .718, tf-idf + MiniLM + LR .781, RoBERTa .792, SetFit .827",
    )
    banking = folder / "banking77"
    yield _classify(
        "Banking77 topic, test",
        ("--train", str(banking / "train.jsonl"), "--test", str(banking / "test.jsonl")),
        ("--target", "topic"),
        "accuracy: MiniLM + LR .9321, tf-idf + MiniLM + SVM .9377, BERT .9366",
    )
    for target in ("kind", "topic", "severity", "difficulty", "destination"):
        yield _classify(
            f"sample {target}, 5 folds by problem",
            ("--train", str(ROOT / "data" / "sample" / "cases.jsonl"), "--folds", "5"),
            ("--target", target),
            "-",
        )


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
    command = ("evaluate", "retrieval", *files.options(), *more, "--json")
    return Row(title, command, RETRIEVAL, reference)


def _gated(title: str, files: Files, *more: str) -> Row:
    command = ("evaluate", "retrieval", *files.options(), *more, "--json")
    return Row(title, command, GATED, "-")


def _classify(title: str, data: Sequence[str], head: Sequence[str], reference: str) -> Row:
    return Row(title, ("evaluate", "classify", *data, *head, "--json"), CLASSIFY, reference)


def measure(row: Row) -> dict[str, float]:
    """Run a row's command and return its numbers."""
    done = subprocess.run(
        [sys.executable, "-m", "triage", *row.command],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def note(row: Row, found: dict[str, float]) -> None:
    """Keep a row's numbers until the whole table is written."""
    BUILD.mkdir(exist_ok=True)
    with DONE.open("a", encoding="utf-8") as file:
        file.write(json.dumps([row.title, found]) + "\n")


def finished() -> dict[str, dict[str, float]]:
    """Return the rows that a broken-off run had measured."""
    if not DONE.exists():
        return {}
    return dict(json.loads(line) for line in DONE.read_text(encoding="utf-8").splitlines())


def shown(row: Row) -> str:
    """Return a row's command as it can be typed in the repository's root."""
    line = shlex.join(("python", "-m", "triage", *row.command))
    return line.replace(str(SHARED), "../shared/data").replace(f"{ROOT}/", "")


def tables(measured: Sequence[tuple[Row, dict[str, float]]]) -> str:
    """Word the measurements as two tables and a list of commands."""
    parts = []
    for name, keys in (
        ("Retrieval", RETRIEVAL),
        ("Gate at 10 %", GATED),
        ("Classification", CLASSIFY),
    ):
        lines = [f"| {name} | n | {' | '.join(keys)} | references |"]
        lines.append("|" + " --- |" * (len(keys) + 3))
        for row, found in measured:
            if row.keys == keys:
                numbers = " | ".join(f"{found[k]:.4f}" for k in keys)
                n = int(found.get("queries", found.get("n", 0)))
                lines.append(f"| {row.title} | {n} | {numbers} | {row.reference} |")
        parts.append("\n".join(lines))
    commands = "\n".join(f"# {row.title}\n{shown(row)}" for row, _ in measured)
    return "\n\n".join(
        [*parts, f"The commands, in the order of the rows:\n\n```sh\n{commands}\n```"]
    )


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
    text = tables(measured)
    if chosen.only:
        sys.stdout.write(text + "\n")
        return
    renew(PAGE, text)


if __name__ == "__main__":
    main()
