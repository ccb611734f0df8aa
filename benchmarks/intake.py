"""How well the expert's form is filled: sentences labelled by hand against what the cues say.

Per slot: of the sentences put there, how many belong there (precision); of those that belong, how
many are there (recall), with Wilson intervals; and whether a text that has something for a slot
has something right in it. Texts that were read while the cues were written stand apart from those
that were not.
"""

import argparse
import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.sets import ROOT, SAMPLE
from triage.lifecycle.intake import read_all, take_in
from triage.lifecycle.saying import Slot
from triage.records import Question

LABELS = ROOT / "benchmarks" / "intake_labels.txt"
_SLOTS = {"S": Slot.SITUATION, "P": Slot.PROBLEM, "I": Slot.IMPACT, "N": Slot.NEXT_STEP}
_PART = "# part: "
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Labelled:
    """One text, and per sentence the slots that it belongs to."""

    id: str
    question: Question
    slots: tuple[frozenset[Slot], ...]


@dataclass(slots=True)
class Counts:
    """What was put right, put wrongly, and left out; and texts with something right or nothing."""

    right: int = 0
    wrong: int = 0
    left_out: int = 0
    texts: int = 0
    texts_right: int = 0

    @property
    def precision(self) -> float:
        """Of what was put there, the share that belongs there."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Of what belongs there, the share that was put there."""
        return self.right / max(1, self.right + self.left_out)


def load(labels: Path = LABELS, sample: Path = SAMPLE) -> Mapping[str, list[Labelled]]:
    """Return the labelled texts of each part. Raises ValueError where labels do not fit."""
    questions = _questions(sample)
    parts: dict[str, list[Labelled]] = {}
    part = ""
    for line in labels.read_text(encoding="utf-8").splitlines():
        if line.startswith(_PART):
            part = line.removeprefix(_PART)
        elif line and not line.startswith("#"):
            name, *marks = line.split()
            slots = tuple(frozenset(_SLOTS[m] for m in mark if m != "-") for mark in marks)
            one = Labelled(name, questions[name], slots)
            if len(read_all(one.question)) != len(slots):
                raise ValueError(f"{name} has {len(read_all(one.question))} sentences.")
            parts.setdefault(part, []).append(one)
    return parts


def count(texts: Iterable[Labelled]) -> Mapping[Slot, Counts]:
    """Return how each slot was filled."""
    counts = {slot: Counts() for slot in Slot}
    for text in texts:
        sentences = read_all(text.question)
        filled = take_in(text.question)
        for slot, found in counts.items():
            belongs = {
                sentence.span
                for sentence, slots in zip(sentences, text.slots, strict=True)
                if slot in slots
            }
            put = {sentence.span for sentence in sentences if slot in sentence.said.slots}
            found.right += len(put & belongs)
            found.wrong += len(put - belongs)
            found.left_out += len(belongs - put)
            found.texts += bool(belongs)
            found.texts_right += bool(belongs & set(filled.spans(slot)))
    return counts


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a share."""
    if not of:
        return 0.0, 1.0
    share, z = hits / of, _Z**2 / of
    middle = (share + z / 2) / (1 + z)
    half = _Z / (1 + z) * math.sqrt(share * (1 - share) / of + z / (4 * of))
    return middle - half, middle + half


def table(parts: Mapping[str, Sequence[Labelled]]) -> str:
    """Return the figures as a table."""
    lines = [
        "| texts | slot | precision | recall | sentences | right in the form, of texts with it |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for part, texts in parts.items():
        for slot, found in count(texts).items():
            put, belongs = found.right + found.wrong, found.right + found.left_out
            precision, recall = (_share(found.right, of) for of in (put, belongs))
            lines.append(
                f"| {part} ({len(texts)}) | {slot} | {precision} | {recall} | {belongs}"
                f" | {found.texts_right} of {found.texts} |"
            )
    return "\n".join(lines)


def by_language(texts: Iterable[Labelled]) -> str:
    """Return precision and recall over all slots, for each language."""
    languages: dict[str, list[Labelled]] = {}
    for text in texts:
        languages.setdefault(text.question.lang, []).append(text)
    lines = ["| language | precision | recall | sentences |", "| --- | --- | --- | --- |"]
    for lang, those in languages.items():
        counts = count(those).values()
        right, wrong, left = (
            sum(getattr(one, name) for one in counts) for name in ("right", "wrong", "left_out")
        )
        shares = f"{_share(right, right + wrong)} | {_share(right, right + left)}"
        lines.append(f"| {lang} | {shares} | {right + left} |")
    return "\n".join(lines)


def _share(hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"{hits / max(1, of):.2f} ({low:.2f}-{high:.2f})"


def _questions(sample: Path) -> dict[str, Question]:
    found = {}
    for name in ("drafts.jsonl", "cases.jsonl"):
        for line in (sample / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found[row["id"]] = Question(row["title"], row["body"], row["lang"])
    return found


def main() -> None:
    """Show the figures."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    parts = load()
    sys.stdout.write(table(parts) + "\n\n")
    for part, texts in parts.items():
        sys.stdout.write(f"{part}:\n{by_language(texts)}\n\n")


if __name__ == "__main__":
    main()
