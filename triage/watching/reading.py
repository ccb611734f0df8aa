"""Asks as they are kept -> columns of inputs, and of what a model version said of them.

In: days of a forum. Out: traffic for insight.drift, whose each ask is, and its last reply.
Not here: comparing (insight.drift), cases (judging).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from triage import store
from triage.encode import TextRole
from triage.insight.drift import Span, Traffic, strange
from triage.insight.drift.drawing import one_a_week
from triage.insight.naming import words_in
from triage.records import Forum, Target
from triage.watching.moments import day_of, moment_of

# Where the model keeps silent it says this, too.
SILENT = "silent"
WATCHED = (Target.KIND, Target.TOPIC, Target.SEVERITY)
_MOST_ASKS = 40_000
_MOST_CASES = 20_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Asks of some days, one row each: marks, persons as numbers, and last replies by ask."""

    marks: Sequence[store.AskMark]
    who: Sequence[int]
    replies: Mapping[str, store.LastReply]

    def __len__(self) -> int:
        """Return how many asks there are."""
        return len(self.marks)


def read_asks(
    c: store.Connection,
    forum_id: int,
    spans: Iterable[Span],
    *,
    anchor: int | None = None,
    include_simulated: bool = False,
) -> Asked:
    """Return the asks of some stretches of days, oldest first.

    With `anchor`, only each person's first ask of each week counted from there: nobody reads the
    replies to the others.
    """
    marks: dict[str, store.AskMark] = {}
    for span in spans:
        days = moment_of(span.first), moment_of(span.end)
        found = store.ask_marks(c, forum_id, *days, include_simulated=include_simulated)
        marks.update((mark.ask_id, mark) for mark in found)
    rows = sorted(marks.values(), key=lambda mark: (mark.opened_at, mark.ask_id))
    numbers: dict[str, int] = {}
    who = np.array([numbers.setdefault(mark.who, len(numbers)) for mark in rows], dtype=np.int64)
    if anchor is not None and rows:
        day = np.array([day_of(mark.opened_at) for mark in rows], dtype=np.int64)
        kept = one_a_week(day, who, anchor).tolist()
        rows, who = [rows[i] for i in kept], who[kept]
    if len(rows) > _MOST_ASKS:
        # Some persons with all that is theirs, by lot, and the same at each look.
        drawn = np.random.default_rng(len(numbers)).permutation(len(numbers))
        chosen = np.flatnonzero(drawn[who] < len(numbers) * _MOST_ASKS / len(rows)).tolist()
        rows, who = [rows[i] for i in chosen], who[chosen]
    replies = store.last_replies(c, forum_id, [mark.ask_id for mark in rows])
    return Asked(rows, who.tolist(), replies)


def taught_words(c: store.Connection, forum_id: int, until: int) -> frozenset[str]:
    """Return the words of the cases from before a day, which are what a model is taught."""
    found: set[str] = set()
    for number, (case, _) in enumerate(store.iter_cases(c, forum_id)):
        if number >= _MOST_CASES:
            break
        if case.created is None or day_of(case.created) < until:
            found |= words_in(case.text)
    return frozenset(found)


def inputs_of(c: store.Connection, forum: Forum, asked: Asked, taught: frozenset[str]) -> Traffic:
    """Return what was asked: meaning, words, language and product."""
    words = [_words(asked.replies.get(mark.ask_id)) for mark in asked.marks]
    classes = {
        "lang": [mark.lang for mark in asked.marks],
        "product": [_product(asked, mark) for mark in asked.marks],
    }
    numbers = {}
    if taught:
        shares = [strange(found, taught) if found else float("nan") for found in words]
        numbers["unseen_words"] = np.array(shares, dtype=np.float64)
    return Traffic(
        _days(asked),
        np.array(asked.who, dtype=np.int64),
        _vectors(c, forum, asked),
        words,
        _told(classes),
        numbers,
        _told(classes),
    )


def predictions_of(asked: Asked, version: str) -> Traffic:
    """Return what one model version said of the asks that it replied to."""
    rows = [
        i
        for i, mark in enumerate(asked.marks)
        if (reply := asked.replies.get(mark.ask_id)) and reply.model_version == version
    ]
    marks = [asked.marks[i] for i in rows]
    replies = [asked.replies[mark.ask_id].reply for mark in marks]
    labels = {target: [said(reply, target) for reply in replies] for target in WATCHED}
    classes: dict[str, list[str | None]] = {t.value: [n for n, _ in labels[t]] for t in WATCHED}
    classes["destination"] = [(one.get("decision") or {}).get("destination") for one in replies]
    classes["offered"] = ["yes" if _offered(one) else "no" for one in replies]
    numbers = {
        f"confidence_{target}": np.array([p for _, p in labels[target]], dtype=np.float64)
        for target in WATCHED
    }
    slices = {
        "lang": [mark.lang for mark in marks],
        "product": [_product(asked, mark) for mark in marks],
    }
    return Traffic(
        _days(asked)[rows],
        np.array([asked.who[i] for i in rows], dtype=np.int64),
        np.zeros((len(rows), 0), dtype=np.float32),
        [None] * len(rows),
        _told(classes),
        {name: found for name, found in numbers.items() if not np.isnan(found).all()},
        _told(slices),
    )


def said(reply: Mapping[str, Any], target: Target) -> tuple[str | None, float]:
    """Return a label and its probability; None and nan where the model has no such head."""
    label = (reply.get("labels") or {}).get(target.value)
    if not label or label.get("probability") is None:
        return None, float("nan")
    return SILENT if label["abstained"] else str(label["value"]), float(label["probability"])


def _offered(reply: Mapping[str, Any]) -> bool:
    """Say whether there was something good to show; in the holdout, too, where it was withheld."""
    withheld = reply.get("withheld") or {}
    return bool(reply.get("suggestions") or withheld.get("suggestions"))


def _words(reply: store.LastReply | None) -> frozenset[str] | None:
    """Return the words of an ask; None where they were too old to be kept."""
    question = reply.question if reply is not None else {}
    told = f"{question.get('title') or ''}\n{question.get('body') or ''}".strip()
    return words_in(told) if told else None


def _product(asked: Asked, mark: store.AskMark) -> str | None:
    """Return which product an ask is of, however it was spelt."""
    reply = asked.replies.get(mark.ask_id)
    told = mark.product or (reply.question.get("product") if reply is not None else None)
    return " ".join(told.split()).casefold() if told else None


def _days(asked: Asked) -> Any:  # noqa: ANN401
    return np.array([day_of(mark.opened_at) for mark in asked.marks], dtype=np.int64)


def _vectors(c: store.Connection, forum: Forum, asked: Asked) -> Any:  # noqa: ANN401
    """Return the vectors of asks, rows of zeros where there are none of this encoder."""
    space = f"{forum.encoder_id}#{TextRole.QUERY}"
    ids = [mark.ask_id for mark in asked.marks]
    found = store.vectors_of_asks(c, forum.id, space, ids) if forum.encoder_id else {}
    dimension = len(next(iter(found.values()))) if found else 0
    none = np.zeros(dimension, dtype=np.float32)
    rows = [found.get(one, none) for one in ids]
    return np.stack(rows) if rows else np.zeros((0, dimension), dtype=np.float32)


def _told(classes: Mapping[str, Sequence[str | None]]) -> dict[str, Sequence[str | None]]:
    """Leave out what is not known of any ask."""
    return {name: found for name, found in classes.items() if any(found)}
