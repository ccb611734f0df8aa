"""Fit `triage/rank/answer_quality_cold_start.json`, and measure it on a forum it has never seen.

Fitted on se_threads and the sample's threads (accepted answers against the others of their thread;
their licences allow it), each set counting alike. Measured, never fitted, on semeval_cqa, whose
comments people judged: average precision of the good ones of each question's ten, against the order
of posting.
"""

import argparse
import gzip
import json
import random
import secrets
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.sets import SAMPLE, SHARED
from triage.connect import Reading, read_threads
from triage.crypto.persons import person_hasher
from triage.learn.statistics.folds import assign_folds
from triage.learn.statistics.paired import compare
from triage.learn.suggestions.answering import FOLDS, PENALTY, fit_quality, judged, precision_of
from triage.rank.answer_quality import (
    COLD_START,
    SIGNS,
    AnswerQuality,
    load_quality,
    save_quality,
)
from triage.records import Answer, Thread

UNFITTED = AnswerQuality(-1.0, tuple(worth for _, worth in SIGNS.values()), "nothing")
# Equally good answers stay as they were posted.
POSTED = replace(UNFITTED, weights=(0.0,) * len(SIGNS))
LONGEST = replace(UNFITTED, weights=tuple(float(name == "length") for name in SIGNS))
VOTED = replace(UNFITTED, weights=tuple(float(name == "votes") for name in SIGNS))


@dataclass(frozen=True, slots=True)
class Comments:
    """A question's comments as a thread, and which of them are good."""

    thread: Thread
    split: str
    good: tuple[bool, ...]


def main() -> None:
    """Fit and write, or measure what is shipped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--out", type=Path, default=COLD_START)
    parser.add_argument("--measure", action="store_true", help="measure what is shipped; fit not")
    chosen = parser.parse_args()
    sets = fitting_sets(chosen.shared)
    quality = load_quality() if chosen.measure else fit(sets)
    if not chosen.measure:
        save_quality(quality, chosen.out)
        _tell(f"wrote {chosen.out}")
    for name, weight in zip(SIGNS, quality.weights, strict=True):
        _tell(f"{name:14}{weight:8.3f}")
    held_out(sets)
    unseen(quality, comments(chosen.shared))


def fitting_sets(folder: Path) -> Mapping[str, list[Thread]]:
    """Read the sets that may be fitted on: their threads with an accepted and another answer."""
    files = {
        "se_threads": folder / "se_threads" / "threads.jsonl.gz",
        "sample": SAMPLE / "threads.jsonl",
    }
    hasher = person_hasher(secrets.token_bytes(32), "benchmark")
    sets = {
        name: judged(list(read_threads(path, hasher, Reading(path, strict=True))))
        for name, path in files.items()
    }
    # Whoever writes a sample puts the accepted answer first; that tells nothing of forums.
    sets["sample"] = [_shuffled(t) for t in sets["sample"]]
    return sets


def fit(sets: Mapping[str, Sequence[Thread]], penalty: float = PENALTY) -> AnswerQuality:
    """Fit on all sets, each counting alike, whatever its size."""
    threads = [t for each in sets.values() for t in each]
    shares = [1 / len(each) for each in sets.values() for _ in each]
    return fit_quality(
        threads,
        UNFITTED,
        fitted_on="cold start: se_threads, sample threads",
        shares=shares,
        penalty=penalty,
    )


def held_out(sets: Mapping[str, Sequence[Thread]]) -> None:
    """Tell the average precision of accepted answers in folds that were not fitted on."""
    for name, threads in sets.items():
        fold_of = assign_folds([""] * len(threads), [t.id for t in threads], FOLDS, seed=0)
        values = np.zeros(len(threads))
        other = {other: each for other, each in sets.items() if other != name}
        for fold in range(FOLDS):
            rest = [t for t, at in zip(threads, fold_of, strict=True) if at != fold]
            model = fit({**other, name: rest})
            for i in np.flatnonzero(fold_of == fold).tolist():
                values[i] = precision_of(model, threads[i])
        plain = {
            label: float(np.mean([precision_of(model, t) for t in threads]))
            for label, model in (
                ("posted", POSTED),
                ("longest", LONGEST),
                ("voted", VOTED),
                ("unfitted", UNFITTED),
            )
        }
        told = ", ".join(f"{label} {value:.3f}" for label, value in plain.items())
        _tell(f"{name}: {len(threads)} threads, MAP of accepted {values.mean():.3f} ({told})")


def comments(folder: Path) -> list[Comments]:
    """Read the judged comments, each question's as one thread."""
    rows: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    with gzip.open(folder / "semeval_cqa" / "comments.jsonl.gz", "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            rows[row["relq_id"]].append(row)
    asked = {}
    with (folder / "semeval_cqa" / "threads.jsonl").open(encoding="utf-8") as file:
        for row in map(json.loads, file):
            asked[row["id"]] = row
    return [
        Comments(
            Thread(
                key,
                asked[each[0]["doc_id"]]["title"] or "",
                asked[each[0]["doc_id"]]["body"] or "",
                tuple(
                    Answer(r["id"], r["text"] or "", "asker" if r["by_asker"] else r["user"])
                    for r in each
                ),
                person="asker",
            ),
            each[0]["split"],
            tuple(r["label_relq"] == "Good" for r in each),
        )
        for key, each in rows.items()
    ]


def unseen(quality: AnswerQuality, judged_comments: Sequence[Comments]) -> None:
    """Tell the average precision of good comments, of questions that have one, for each part."""
    usable = [c for c in judged_comments if any(c.good)]
    named = {"longest": LONGEST, "unfitted": UNFITTED, "fitted": quality}
    for part in [*sorted({c.split for c in usable}), "all"]:
        chosen = [c for c in usable if part in (c.split, "all")]
        posted = np.asarray([_precision(POSTED, c) for c in chosen])
        _tell(f"semeval {part}: {len(chosen)} questions, MAP posted {posted.mean():.4f}")
        for name, model in named.items():
            values = np.asarray([_precision(model, c) for c in chosen])
            found = compare(posted, values, [c.thread.id for c in chosen], seed=0)
            _tell(f"  {name:10}{found.after:.4f}  {found.low:+.4f} to {found.high:+.4f}")
    odds = np.concatenate([quality.qualities_of(c.thread) for c in usable])
    good = np.asarray([g for c in usable for g in c.good])
    for low in (0.0, 0.1, 0.2, 0.3, 0.4):
        kept = odds >= low
        _tell(
            f"  quality from {low:.1f}: {kept.mean():.2f} of comments, {good[kept].mean():.2f} good"
        )


def _shuffled(thread: Thread) -> Thread:
    order = random.Random(thread.id).sample(thread.answers, len(thread.answers))
    return replace(thread, answers=tuple(order))


def _precision(quality: AnswerQuality, given: Comments) -> float:
    # The judgement stands where acceptance does, which no sign looks at.
    answers = zip(given.thread.answers, given.good, strict=True)
    told = tuple(replace(a, accepted=good) for a, good in answers)
    return precision_of(quality, replace(given.thread, answers=told))


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    main()
