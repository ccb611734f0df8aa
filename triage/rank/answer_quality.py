"""The answers of a thread -> how likely each is to be one that helps.

In: a thread with its answers. Out: a number between 0 and 1 per answer.
A logistic model over few signs that read alike in every language. None of them looks at whether an
answer was accepted, since that is what they are fitted to tell; what the forum itself says of an
answer (accepted, by staff, verified, outdated) is added by amounts that are written down here.
Not here: whether an answer speaks to somebody's question (rank), fitting (learn).
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from triage.records import Answer, Thread

Floats = NDArray[np.float64]

# Every sign, which way it may count (1 for, -1 against), and what it is worth before anything was
# fitted. The directions hold in every fit: of two answers that differ in one sign alone it is
# always clear which is the better, whatever a small forum's data seem to say.
SIGNS: Mapping[str, tuple[int, float]] = {
    "votes": (1, 0.5),
    "votes_lead": (1, 0.5),
    "length": (1, 1.0),
    "brief": (-1, -1.0),
    "shared_words": (1, 1.0),
    "link": (1, 0.3),
    "number": (1, 0.2),
    "steps": (1, 0.5),
    "code": (1, 0.3),
    "asks": (-1, -1.0),
    "by_asker": (-1, -2.0),
    "again": (-1, -0.3),
    "later": (-1, -0.3),
}
_BY_ASKER = list(SIGNS).index("by_asker")

COLD_START = Path(__file__).with_name("answer_quality_cold_start.json")

# Bounded, and only this much of a text is read: a hostile one must not cost more than a long one.
_READ = 8_000
_WORD = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")
_LINK = re.compile(r"https?://|\bwww\.")
_STEP = re.compile(r"^[ \t]{0,8}(?:[-*+•]|\d{1,3}[.)])[ \t]+\S", re.M)
_PATH = re.compile(r"\w ?(?:->|→|»|>) ?\w")
_CODE = re.compile(r"`[^`\n]{1,200}`|^[ \t]{0,8}(?:```|~~~)|^(?: {4}|\t)\S", re.M)
_END = re.compile(r"[.!?…]+(?=\s|$)|\n+")

_MANY_VOTES = math.log1p(30)
_LONG = math.log1p(200)
_BRIEF_WORDS = 12


@dataclass(frozen=True, slots=True)
class AnswerQuality:
    """A logistic model: log-odds = bias + sum(weights * signs) + what the forum says.

    The last four are amounts of log-odds. Accepted: the asker, who knows best, said that it helped;
    from an even chance that makes about nine in ten. By staff, or in a thread that staff verified:
    written or read by who should know, but nobody said that it helped. Outdated: per doubling of
    the readers who say so, one to begin with.
    """

    bias: float
    weights: tuple[float, ...]
    fitted_on: str
    accepted: float = 2.2
    staff: float = 1.0
    verified: float = 0.5
    outdated: float = -1.0

    def quality_of(self, answer: Answer, thread: Thread) -> float:
        """Return the quality of one answer of the thread.

        Raises ValueError when the thread has no such answer: its neighbours are part of it.
        """
        return float(self.qualities_of(thread)[thread.answers.index(answer)])

    def qualities_of(self, thread: Thread) -> Floats:
        """Return the quality of every answer, in the thread's order, shape (len(answers),)."""
        signs = signs_of(thread)
        told = np.asarray([self._told(answer, thread) for answer in thread.answers])
        taken = np.asarray([answer.accepted for answer in thread.answers], dtype=bool)
        # Askers mostly come back to thank or to ask on; what they accept is their own solution.
        signs[taken, _BY_ASKER] = 0.0
        return sigmoid(self.content(signs) + told)

    def content(self, signs: Floats) -> Floats:
        """Return the log-odds by the signs alone, which say nothing of being accepted."""
        odds: Floats = signs @ np.asarray(self.weights) + self.bias
        return odds

    def _told(self, answer: Answer, thread: Thread) -> float:
        return (
            self.accepted * answer.accepted
            + self.staff * answer.staff
            + self.verified * (thread.verified_by is not None)
            + self.outdated * math.log2(1 + max(0, answer.outdated_votes))
        )


def signs_of(thread: Thread) -> Floats:
    """Return the signs of every answer, shape (len(answers), len(SIGNS)); none looks at `accepted`.

    A lead is how far an answer's votes are ahead of the best other one's; `again` is a person who
    has answered before in the thread; `later` the logarithm of the place.
    """
    asked = _words(f"{thread.title}\n{thread.body}")
    votes = np.asarray([_squeeze_votes(a.votes) for a in thread.answers])
    leads = _leads(votes)
    table = np.zeros((len(thread.answers), len(SIGNS)))
    seen: set[str] = set()
    for place, answer in enumerate(thread.answers):
        person = answer.person
        table[place] = [
            votes[place],
            leads[place],
            *_form_of(answer.body[:_READ], asked),
            float(person is not None and person == thread.person),
            float(person is not None and person in seen),
            math.log1p(place) / math.log(10),
        ]
        seen |= {person} if person is not None else set()
    return table


def load_quality(path: Path = COLD_START) -> AnswerQuality:
    """Read a model from its file; the shipped one by default."""
    row = json.loads(path.read_text(encoding="utf-8"))
    weights = tuple(float(row["weights"][name]) for name in SIGNS)
    told = {name: float(row[name]) for name in ("accepted", "staff", "verified", "outdated")}
    return AnswerQuality(float(row["bias"]), weights, row["fitted_on"], **told)


def save_quality(quality: AnswerQuality, path: Path) -> None:
    """Write a model as a file that people can read."""
    row = {**asdict(quality), "weights": dict(zip(SIGNS, quality.weights, strict=True))}
    path.write_text(json.dumps(row, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def sigmoid(odds: Floats) -> Floats:
    """Return the probability of log-odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(odds, -30.0, 30.0))))


def _form_of(body: str, asked: frozenset[str]) -> list[float]:
    """Return the signs from `length` to `asks`."""
    words = _WORD.findall(body)
    said = {word.lower() for word in words}
    ends = [end for end in _END.findall(body.strip()) if end.strip()]
    # Looking whether a character is there at all is far quicker than the pattern that needs it.
    link = ("://" in body or "www." in body) and _LINK.search(body) is not None
    path = any(arrow in body for arrow in ">→»") and _PATH.search(body) is not None
    return [
        min(1.0, math.log1p(len(words)) / _LONG),
        max(0.0, 1.0 - len(words) / _BRIEF_WORDS),
        len(asked & said) / len(asked) if asked else 0.0,
        float(link),
        float(_DIGIT.search(body) is not None),
        float(path or _STEP.search(body) is not None),
        float(_CODE.search(body) is not None),
        sum("?" in end for end in ends) / len(ends) if ends else 0.0,
    ]


def _leads(votes: Floats) -> Floats:
    """Return how far each is ahead of the best other one; an only one leads nobody."""
    if len(votes) < 2:
        return np.zeros(len(votes))
    order = np.argsort(votes)
    best_other = np.full(len(votes), votes[order[-1]])
    best_other[order[-1]] = votes[order[-2]]
    return np.asarray(votes - best_other)


def _words(text: str) -> frozenset[str]:
    return frozenset(w.lower() for w in _WORD.findall(text[:_READ]) if len(w) > 2)


def _squeeze_votes(votes: int) -> float:
    return math.copysign(min(1.0, math.log1p(abs(votes)) / _MANY_VOTES), votes)
