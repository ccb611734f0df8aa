"""Measure the shipped encoder beside others and write the tables of docs/encoder.md.

Beside it in one run: all-MiniLM-L6-v2 and multilingual-e5-small in PyTorch, and search by words.
Measured are the quality of the dense side alone by language, speed, and what a server takes. A
broken-off run goes on with `--resume`; vectors are kept in build/ in any case.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import astuple
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import encoder_tables as tables
from benchmarks.contestants import WORDS, Contestant, names, present
from benchmarks.encoder_quality import Asked, JudgedSet, judged_sets
from benchmarks.encoder_speed import mixed_texts, time_batches, time_short
from benchmarks.pages import renew
from benchmarks.quality import BUILD
from benchmarks.serving import measure_serving
from benchmarks.sets import ROOT, SHARED
from triage.encode import DEFAULT, MINILM

DONE = BUILD / "encoder.jsonl"
VECTORS = BUILD / "vectors"
PAGE = ROOT / "docs" / "encoder.md"
E5 = BUILD / "encoder" / "e5-small"
STARTS = 3
SHORT, BATCHES, SERVING = "short questions", "batches", "serving"


class Run:
    """Parts of a run by their title, those kept that a broken-off run had measured."""

    def __init__(self, only: str, *, resume: bool) -> None:
        self._only = only
        self._known: dict[str, Any] = {}
        if resume and DONE.exists():
            lines = DONE.read_text(encoding="utf-8").splitlines()
            self._known = dict(json.loads(line) for line in lines)
        elif not only:
            DONE.unlink(missing_ok=True)

    def wants(self, title: str) -> bool:
        """Whether a part belongs to this run."""
        return self._only in title

    def part(self, title: str, measure: Callable[[], Any]) -> Any:  # noqa: ANN401
        """Return what a part gave, measuring it unless it is known; as JSON gives it back."""
        if title not in self._known:
            _tell(f"== {title}")
            line = json.dumps([title, measure()])
            self._known[title] = json.loads(line)[1]
            if not self._only:
                BUILD.mkdir(exist_ok=True)
                with DONE.open("a", encoding="utf-8") as file:
                    file.write(line + "\n")
        return self._known[title]


def quality(run: Run, folder: Path, contestants: Sequence[Contestant]) -> str:
    """Measure the judged sets that are there; word the results."""
    words = Contestant(WORDS, None, VECTORS, _tell)
    results = []
    for judged in judged_sets(folder):
        if not run.wants(judged.title):
            continue
        if (gone := judged.missing()) is not None:
            _tell(f"left out {judged.title}: {gone} is not there")
            continue
        answers: dict[str, dict[str, Asked]] = {}
        for one in (*contestants, words):
            found = run.part(f"{judged.title} | {one.id}", partial(_asked, one, judged))
            answers[one.label] = {query: Asked(*values) for query, values in found.items()}
        results.append(tables.SetResult(judged, answers))
    return tables.quality_section(results, names(contestants)) if results else ""


def speed(run: Run, contestants: Sequence[Contestant], rounds: int) -> str:
    """Time the encoders in turns; word the results."""
    encoders = names(contestants)
    ids = ", ".join(c.id for c in contestants)
    parts: list[str] = []
    if run.wants(SHORT):
        found = run.part(f"{SHORT} | {ids}", partial(time_short, encoders, rounds))
        parts.append(tables.short_section(found))
    if run.wants(BATCHES):
        for name, english in (("English", True), ("the other five languages", False)):
            texts = mixed_texts(english)
            title = f"{BATCHES}, {name} | {ids}"
            found = run.part(title, partial(time_batches, encoders, texts, rounds))
            parts.append(tables.batches_section(name, texts, found))
    return "\n\n".join(parts)


def serving(run: Run, contestants: Sequence[Contestant]) -> str:
    """Start servers with the first encoder and with MiniLM; word the results."""
    compared = [c for c in contestants if c is contestants[0] or c.label == MINILM]
    if not run.wants(SERVING):
        return ""
    ids = ", ".join(c.id for c in compared)
    found = run.part(f"{SERVING} | {ids}", partial(measure_serving, names(compared), STARTS))
    return tables.serving_section(found)


def main() -> None:
    """Run the parts (or those whose title holds `--only`) and renew the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--encoder", default=DEFAULT, help="the encoder that is compared")
    parser.add_argument("--e5", type=Path, default=E5, help="folder of multilingual-e5-small")
    parser.add_argument("--only", default="", help="run these parts and print, write nothing")
    parser.add_argument("--resume", action="store_true", help="keep the parts of a broken-off run")
    parser.add_argument("--rounds", type=int, default=7, help="turns of each encoder in speed")
    chosen = parser.parse_args()
    run = Run(chosen.only, resume=chosen.resume)
    asked = {chosen.encoder: chosen.encoder, MINILM: MINILM, "e5-small": str(chosen.e5.resolve())}
    contestants = [Contestant(label, name, VECTORS, _tell) for label, name in asked.items()]
    contestants = present(contestants, _tell)
    sections = (
        quality(run, chosen.shared, contestants),
        speed(run, contestants, chosen.rounds),
        serving(run, contestants),
    )
    text = "\n\n".join(section for section in sections if section)
    if chosen.only:
        sys.stdout.write(text + "\n")
        return
    renew(PAGE, text)


def _asked(one: Contestant, judged: JudgedSet) -> dict[str, tuple[str | float, ...]]:
    return {query: astuple(asked) for query, asked in one.ask(judged).items()}


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    main()
