"""Months of asks whose drift is known: real texts, made-up persons, a shift or none.

Texts are Banking77 (English, by topic) and the sample's cases (six languages, products); a topic
head is fitted on the half that nobody asks. Persons come once or again, and again mostly about the
same; weekends ask about other things than weekdays, topics have weeks of their own, and each week a
few more ask than the week before. Not here: looking at any of it (drift).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from benchmarks.kept import KeptEncoder
from benchmarks.meanings import rows_of
from benchmarks.sets import SAMPLE
from triage.encode import TextRole
from triage.insight.drift import WEEK, Judged, Span, Traffic, strange
from triage.insight.naming import words_in
from triage.insight.values import Codes, Numbers, Vectors

REFERENCE_WEEKS, WEEKS = 8, 6
PROMISE = 0.9
_TOPICS = 50
_NEW_TOPIC = "card_swallowed"
_SAMPLE_SHARE = 0.4
_NEW_TAG = "excel"


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Texts with what is true of them and what the head says of them."""

    words: Sequence[frozenset[str]]
    vectors: Vectors
    topic: Sequence[str]
    lang: Sequence[str]
    product: Sequence[str]
    said: Sequence[str]
    sure: Numbers
    spoken: NDArray[np.bool_]

    def where(self, names: Sequence[str], wanted: str) -> Codes:
        """Return the places of the texts with a name."""
        return np.flatnonzero(np.array(names) == wanted)


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What is asked usually, what never was, and the words that the model was taught."""

    usual: Texts
    strange: Mapping[str, Texts]
    taught: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shift:
    """What changes: which texts come in, on how many of the asks; or how many labels are wrong."""

    name: str
    comes: str | None = None
    share: float = 0.0
    wrong_labels: float = 0.0
    # So many days after it began it has to be told, by its own promise.
    days: int = 2 * WEEK


SHIFTS = (
    Shift("a product line nobody had, 8 % of the asks", "product", 0.08),
    Shift("a product line nobody had, 15 %", "product", 0.15),
    Shift("a topic nobody asked about, 8 %", "topic", 0.08),
    Shift("a topic nobody asked about, 15 %", "topic", 0.15),
    Shift("Swedish from 7 % to 17 % of the asks", "language", 0.11),
    Shift("Swedish from 7 % to 26 % of the asks", "language", 0.20),
    Shift("labels: 25 % more wrong than before", wrong_labels=0.25, days=4 * WEEK),
    Shift("labels: 40 % more wrong than before", wrong_labels=0.40, days=3 * WEEK),
)


@dataclass(frozen=True, slots=True)
class World:
    """How a forum lives: asks a week, how many of them by persons who return, restlessness."""

    asks: int = 250
    returning: float = 0.45
    regulars: int = 150
    # The shape of the gamma by which a topic's weeks differ; the larger, the calmer.
    calm: float = 12.0
    growth: float = 0.02
    judged: int = 40


@dataclass(frozen=True, slots=True, eq=False)
class Months:
    """What happened: inputs and predictions as columns, and the cases that were labelled."""

    inputs: Traffic
    predictions: Traffic
    judged: Judged
    reference: Span = field(default=Span(0, REFERENCE_WEEKS * WEEK))
    end: int = (REFERENCE_WEEKS + WEEKS) * WEEK


def material(shared: Path, encoder: KeptEncoder) -> Material:
    """Read and encode the texts, and fit the topic head on the half that nobody asks."""
    rows, new_topic = _usual_rows(shared)
    vectors = _encoded(rows, encoder)
    half = np.random.default_rng(0).permutation(len(rows))
    taught, asked = half[: len(half) // 2], half[len(half) // 2 :]
    head = LogisticRegression(C=20.0, max_iter=300)
    topics = np.array([row["topic"] for row in rows])
    head.fit(vectors[taught], topics[taught])
    bar = _bar(head, vectors[asked[::2]], topics[asked[::2]])
    chosen = asked[1::2]

    def texts(rows: Sequence[dict[str, Any]], vectors: Vectors) -> Texts:
        chances = head.predict_proba(vectors)
        sure = chances.max(axis=1)
        return Texts(
            words=[words_in(f"{row['title']} {row.get('body') or ''}") for row in rows],
            vectors=vectors,
            topic=[row["topic"] for row in rows],
            lang=[row["lang"] for row in rows],
            product=[row["product"] for row in rows],
            said=[str(name) for name in head.classes_[chances.argmax(axis=1)]],
            sure=sure,
            spoken=sure >= bar,
        )

    usual = texts([rows[i] for i in chosen], vectors[chosen])
    swedish = [i for i in chosen if rows[i]["lang"] == "sv"]
    other = [
        {**row, "lang": "en", "product": "sheets", "body": ""}
        for row in rows_of(shared / "stackoverflow20" / "train.jsonl.gz")
        if row["topic"] == _NEW_TAG
    ]
    return Material(
        usual,
        {
            "topic": texts(new_topic, _encoded(new_topic, encoder)),
            "language": texts([rows[i] for i in swedish], vectors[swedish]),
            "product": texts(other, _encoded(other, encoder)),
        },
        frozenset().union(*(words_in(f"{rows[i]['title']} {rows[i].get('body')}") for i in taught)),
    )


def months(made: Material, world: World, seed: int, shift: Shift | None, begins: int) -> Months:
    """Make the reference and the weeks after it; a shift begins on the day `begins`."""
    rng = np.random.default_rng(seed)
    chance = _topic_chances(made.usual, world, rng)
    days, persons, places = [], [], []
    liked = rng.integers(0, len(made.usual.topic), size=(world.regulars, 3))
    for day in range((REFERENCE_WEEKS + WEEKS) * WEEK):
        week, weekday = divmod(day, WEEK)
        usual = world.asks / 6.0 * (1 + world.growth) ** week * (1.0 if weekday < 5 else 0.5)
        count = rng.poisson(usual)
        again = rng.random(count) < world.returning
        who = np.where(again, rng.integers(0, world.regulars, count), _newcomers(rng, count))
        drawn = rng.choice(len(made.usual.topic), size=count, p=chance(week, weekday >= 5))
        same = again & (rng.random(count) < 0.6)
        favourites = _alike(made.usual, liked[np.where(again, who, 0), rng.integers(0, 3)], rng)
        days.append(np.full(count, day))
        persons.append(who)
        places.append(np.where(same, favourites, drawn))
    asked = np.concatenate(days), np.concatenate(persons), np.concatenate(places)
    return _made(made, world, shift, begins, asked, rng)


def _made(
    made: Material,
    world: World,
    shift: Shift | None,
    begins: int,
    asked: tuple[Codes, Codes, Codes],
    rng: np.random.Generator,
) -> Months:
    day, who, place = asked
    comes = made.strange[shift.comes] if shift is not None and shift.comes else made.usual
    share = shift.share if shift is not None else 0.0
    strangers = (day >= begins) & (rng.random(len(day)) < share)
    other = rng.integers(0, len(comes.topic), len(day))
    pairs = [
        (comes, int(o)) if s else (made.usual, int(p))
        for s, o, p in zip(strangers, other, place, strict=True)
    ]
    lang, product = ([getattr(t, n)[i] for t, i in pairs] for n in ("lang", "product"))
    said = [t.said[i] if t.spoken[i] else "silent" for t, i in pairs]
    words = [t.words[i] for t, i in pairs]
    slices = {"lang": lang, "product": product}
    unseen = np.array([strange(found, made.taught) for found in words])
    inputs = Traffic(
        day,
        who,
        np.stack([t.vectors[i] for t, i in pairs]),
        words,
        {"lang": lang, "product": product},
        {"unseen_words": unseen},
        slices,
    )
    predictions = Traffic(
        day,
        who,
        np.zeros((len(day), 0), dtype=np.float32),
        [None] * len(day),
        {"topic": said},
        {"confidence_topic": np.array([t.sure[i] for t, i in pairs])},
        slices,
    )
    return Months(inputs, predictions, _judged(world, shift, begins, day, who, pairs, rng))


def _judged(
    world: World,
    shift: Shift | None,
    begins: int,
    day: Codes,
    who: Codes,
    pairs: Sequence[tuple[Texts, int]],
    rng: np.random.Generator,
) -> Judged:
    """Have people label some of the asks after the reference; some shifts have them err."""
    spoken = np.array([bool(t.spoken[i]) for t, i in pairs])
    after = np.flatnonzero((day >= REFERENCE_WEEKS * WEEK) & spoken)
    kept = np.sort(rng.permutation(after)[: world.judged * WEEKS])
    seen = [pairs[i] for i in kept]
    right = np.array([t.said[i] == t.topic[i] for t, i in seen])
    wrong = shift.wrong_labels if shift is not None else 0.0
    right &= ~((day[kept] >= begins) & (rng.random(len(kept)) < wrong))
    return Judged(day[kept], who[kept], right, {"lang": [t.lang[i] for t, i in seen]})


def _usual_rows(shared: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return what is asked usually, and the topic that nobody was taught."""
    bank = rows_of(shared / "banking77" / "train.jsonl")
    topics = sorted({row["topic"] for row in bank})
    known = set(np.random.default_rng(1).permutation(topics)[:_TOPICS].tolist()) - {_NEW_TOPIC}
    products = {topic: f"bank-{i % 4}" for i, topic in enumerate(sorted(known))}
    rows = [{**row, "product": products[row["topic"]]} for row in bank if row["topic"] in known]
    cases = [row for row in rows_of(SAMPLE / "cases.jsonl") if row.get("topic")]
    rows += [{**row, "product": row.get("product") or "none"} for row in cases]
    new = [{**row, "product": "bank-0"} for row in bank if row["topic"] == _NEW_TOPIC]
    return rows, new


def _encoded(rows: Sequence[dict[str, Any]], encoder: KeptEncoder) -> Vectors:
    texts = [f"{row['title']}\n{row.get('body') or ''}".strip() for row in rows]
    return encoder.encode(texts, TextRole.QUERY)


def _bar(head: LogisticRegression, vectors: Vectors, topics: NDArray[np.str_]) -> float:
    """Return the confidence from which on the head is right a little more often than promised."""
    chances = head.predict_proba(vectors)
    sure = chances.max(axis=1)
    right = head.classes_[chances.argmax(axis=1)] == topics
    order = np.argsort(-sure)
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(precision >= PROMISE + 0.03)
    return float(sure[order][enough[-1]])


def _topic_chances(usual: Texts, world: World, rng: np.random.Generator) -> Any:  # noqa: ANN401
    """Return how likely each text is in a week, on a weekday or not."""
    names, codes = np.unique(np.array(usual.topic), return_inverse=True)
    of_sample = np.array([not product.startswith("bank-") for product in usual.product])
    each = np.where(of_sample, _SAMPLE_SHARE / of_sample.sum(), 0.0)
    each += np.where(~of_sample, (1 - _SAMPLE_SHARE) / (~of_sample).sum(), 0.0)
    moods = rng.gamma(world.calm, 1 / world.calm, size=(REFERENCE_WEEKS + WEEKS, len(names)))
    leisure = rng.gamma(2.0, 0.5, size=len(names))

    def chance(week: int, weekend: bool) -> Numbers:
        weight = each * moods[week][codes] * (leisure[codes] if weekend else 1.0)
        found: Numbers = weight / weight.sum()
        return found

    return chance


def _newcomers(rng: np.random.Generator, count: int) -> Codes:
    return rng.integers(1_000_000, 2**40, count)


def _alike(usual: Texts, liked: Codes, rng: np.random.Generator) -> Codes:
    """Return texts of the topics of those that are liked."""
    names, codes = np.unique(np.array(usual.topic), return_inverse=True)
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(len(names) + 1))
    low, high = starts[codes[liked]], starts[codes[liked] + 1]
    return order[low + (rng.random(len(liked)) * (high - low)).astype(np.int64)]
