"""A forum's threads -> pairs of a question and the passages that settle it.

In: threads as the store keeps them. Out: the texts to encode, and, with their vectors, pairs. A
duplicate, as its asker wrote it, belongs to its original's passages, among all threads' passages.
A solved thread's question belongs to its accepted and staff answers, among all answers: its own
title and question are the same text and would teach nothing.
Not here: encoding (embedding), learning from pairs (adaptation_fit).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from triage import text
from triage.encode.base import Vectors
from triage.errors import EmptyDraft
from triage.records import Draft, Thread, Unit, UnitKind

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]


class PairKind(StrEnum):
    """What says that the two belong together."""

    DUPLICATE = "duplicate"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Pair:
    """One thread's question, the rows of `Passages` that settle it, and who is no rival.

    `beside` are numbers of threads that ask the same: theirs are neither right nor wrong.
    """

    thread_id: str
    text: str
    kind: PairKind
    lang: str
    group: str
    right: tuple[int, ...]
    beside: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Passages:
    """The units of all threads as the index has them, one thread after another.

    `first` has the number of each thread's first row, and after the last thread that of all rows.
    """

    units: tuple[Unit, ...]
    answers: Mask
    first: Rows

    @property
    def texts(self) -> tuple[str, ...]:
        """What the units say."""
        return tuple(u.text for u in self.units)


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs with their vectors: one row of `questions` per pair, one of `vectors` per passage."""

    pairs: tuple[Pair, ...]
    passages: Passages
    questions: Vectors
    vectors: Vectors

    def marked(self, chosen: Rows, columns: Rows) -> tuple[Mask, Mask]:
        """Say of the sorted `columns` of passages which are right and which count for each pair.

        Both of shape (len(chosen), len(columns)); a right one always counts.
        """
        answers = np.array([self.pairs[i].kind is PairKind.ANSWER for i in chosen])
        counts: Mask = ~answers[:, None] | self.passages.answers[columns][None, :]
        right = np.zeros_like(counts)
        for row, i in enumerate(chosen):
            pair = self.pairs[i]
            for thread in pair.beside:
                span = self.passages.first[thread : thread + 2]
                start, end = np.searchsorted(columns, span)
                counts[row, start:end] = False
            at = np.minimum(np.searchsorted(columns, pair.right), len(columns) - 1)
            right[row, at] = columns[at] == pair.right
        return right, counts | right


def collect(
    threads: Sequence[Thread], boilerplate: text.Boilerplate = text.NOTHING
) -> tuple[tuple[Pair, ...], Passages]:
    """Find the pairs of a forum and the passages that they choose from, as both are served."""
    units = [text.units_of(t, boilerplate) for t in threads]
    passages = Passages(
        tuple(u for us in units for u in us),
        np.array([u.kind is UnitKind.ANSWER for us in units for u in us], dtype=np.bool_),
        np.cumsum([0, *(len(us) for us in units)]),
    )
    number = {t.id: i for i, t in enumerate(threads)}
    group_of = _groups(threads)
    members: dict[str, list[int]] = defaultdict(list)
    for thread in threads:
        members[group_of[thread.id]].append(number[thread.id])
    pairs: list[Pair] = []
    for thread, its_units in zip(threads, units, strict=True):
        group = group_of[thread.id]
        found = {
            PairKind.DUPLICATE: _of_originals(thread, number, passages),
            PairKind.ANSWER: _settling(thread, its_units, int(passages.first[number[thread.id]])),
        }
        question = _question(thread, boilerplate) if any(found.values()) else ""
        pairs += [
            Pair(thread.id, question, kind, thread.lang or "", group, right, tuple(members[group]))
            for kind, right in found.items()
            if right and question
        ]
    return tuple(pairs), passages


def _of_originals(thread: Thread, number: Mapping[str, int], passages: Passages) -> tuple[int, ...]:
    """Return the rows of the threads that this one was marked a duplicate of."""
    originals = {number[d] for d in thread.duplicate_of if d in number and d != thread.id}
    spans = (passages.first[o : o + 2] for o in sorted(originals))
    return tuple(row for start, end in spans for row in range(int(start), int(end)))


def _settling(thread: Thread, units: Sequence[Unit], first: int) -> tuple[int, ...]:
    """Return the rows of the answers that settled the thread: accepted ones and those by staff."""
    if not thread.solved:
        return ()
    settling = {a.id for a in thread.answers if a.accepted or a.staff}
    return tuple(
        row
        for row, unit in enumerate(units, start=first)
        if unit.kind is UnitKind.ANSWER and unit.answer_id in settling
    )


def _question(thread: Thread, boilerplate: text.Boilerplate) -> str:
    """Word a thread's question as a question is encoded when it is asked; empty: nothing asked."""
    try:
        body = boilerplate.strip(thread.body, person=thread.person, beside=thread.title)
        return text.prepare(Draft(thread.title, body, lang=thread.lang)).text
    except EmptyDraft:
        return ""


def _groups(threads: Sequence[Thread]) -> Mapping[str, str]:
    """Name every thread's duplicate group: those joined by links, through however many others."""
    parent = {t.id: t.id for t in threads}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = name = parent[parent[name]]
        return name

    for thread in threads:
        for original in thread.duplicate_of:
            if original in parent:
                parent[root(thread.id)] = root(original)
    return {name: root(name) for name in parent}
