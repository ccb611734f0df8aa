"""Whether somebody comes back with a problem that they had before: found by meaning, not by words.

In: the vector of what somebody asks, posts or files now, and their asks of the last weeks. Out: the
ask that it comes back to, if any.
How near two texts are says little by itself: with some encoders every two questions are near, and
questions of two languages never are. So a pair is held against how near other questions of the
forum are to each of the two: `z` is by how many standard deviations it is nearer than those.
Not here: cases and threads that come later (revisiting), what a return means (outcomes), clusters
of different people's asks (insight).
"""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from triage import store

Vector = NDArray[np.float32]

# As long as a post or a word belongs to an ask (docs/measures.md).
RETURNS_WITHIN = timedelta(days=28)
# Of pairs of one person about different problems 5 in 100 are nearer, and of pairs of different
# people about one problem half are (docs/events.md).
NEAR = 2.2
# Of pairs about one problem 4 in 100 are farther apart, and half of those about two problems of one
# person are not (docs/events.md).
FAR = 0.0
# The same text with a word changed, whatever else the forum is asked.
ALIKE = 0.97
# Before so many others are known, only what is alike is found.
FEWEST_OTHERS = 30
_MOST_OTHERS = 300
_KNOWN_FOR = timedelta(hours=1)
# Of a draft that somebody has only begun, nothing can be told.
FEWEST_WORDS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What somebody asks, posts or files: its vector, its language, its product where known."""

    vector: Vector
    lang: str | None
    product: str | None
    at: datetime


@dataclass
class Surroundings:
    """What else a forum is asked, by language: read now and then, and held."""

    forum_id: int
    space: str
    _held: dict[str | None, tuple[datetime, Vector]] = field(default_factory=dict)

    def of(self, c: store.Connection, lang: str | None, now: datetime) -> Vector:
        """Return vectors (n, dimension) of questions in a language, the latest ones."""
        held = self._held.get(lang)
        if held is None or not timedelta() <= now - held[0] < _KNOWN_FOR:
            held = now, store.other_questions(c, self.forum_id, self.space, lang, _MOST_OTHERS)
            self._held[lang] = held
        return held[1]


def returns_to(
    c: store.Connection, around: Surroundings, person: str, said: Said, leave: str | None = None
) -> str | None:
    """Return the ask of this person that they come back to, if any; `leave` is no candidate.

    An ask of another product is none, and neither is one that began later.
    """
    since = said.at - RETURNS_WITHIN
    asks = store.ask_vectors(
        c, around.forum_id, around.space, since, person=person, include_test=True
    )
    asks = [a for a in asks if a.ask_id != leave and since <= a.opened_at < said.at]
    asks = [a for a in asks if a.product is None or said.product in (None, a.product)]
    if not asks:
        return None
    nearness = [_nearness(c, around, said, ask.vector, ask.lang) for ask in asks]
    best = int(np.argmax(nearness))
    return asks[best].ask_id if nearness[best] >= NEAR else None


def is_another_problem(c: store.Connection, around: Surroundings, ask_id: str, said: Said) -> bool:
    """Say whether what somebody asks now is clearly another problem than that of an ask.

    Where the forum's other questions are not known well enough to say, it is not.
    """
    ask = store.get_ask(c, around.forum_id, ask_id)
    vector = store.vectors_of_asks(c, around.forum_id, around.space, [ask_id]).get(ask_id)
    if ask is None or vector is None:
        return False
    return -math.inf < _nearness(c, around, said, vector, ask.lang) < FAR


def _nearness(
    c: store.Connection, around: Surroundings, said: Said, vector: Vector, lang: str | None
) -> float:
    """Return by how many standard deviations two texts are nearer than others are to each."""
    cosine = float(said.vector @ vector)
    if cosine >= ALIKE:
        return float("inf")
    seen = [
        _standing(cosine, said.vector, around.of(c, lang, said.at)),
        _standing(cosine, vector, around.of(c, said.lang, said.at)),
    ]
    return float(np.mean(seen))


def _standing(cosine: float, vector: Vector, others: Vector) -> float:
    if len(others) < FEWEST_OTHERS:
        return -float("inf")
    near = others @ vector
    # The two themselves may be among the others.
    near = near[near < ALIKE]
    spread = float(near.std()) if len(near) >= FEWEST_OTHERS else 0.0
    return (cosine - float(near.mean())) / spread if spread > 0 else -float("inf")


def tells_enough(text: str) -> bool:
    """Say whether a draft that is still being typed says enough to be compared."""
    return len(text.split()) >= FEWEST_WORDS
