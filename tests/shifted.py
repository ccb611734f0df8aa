"""A made-up forum whose askers and experts use different words for the same things.

Nothing but the pairs says which word means which, so that only learning from them can help.
"""

import numpy as np

from triage.encode import HashingEncoder, TextRole
from triage.learn.suggestions.adaptation import AdaptationOptions
from triage.learn.suggestions.adaptation_fit import FactorOptions
from triage.learn.suggestions.adaptation_pairs import Pairs, collect
from triage.records import Answer, Thread

ENCODER = HashingEncoder(64)
_SYLLABLES = ("ba", "ko", "ri", "tu", "ne", "sa", "mo", "li", "pe", "du", "ga", "fi")
_THINGS = 12

# As the real ones, but quick.
QUICK = AdaptationOptions(
    folds=3, strengths=(0.0005,), fit=FactorOptions(rank=16, steps=60, batch=64)
)


class Words:
    """The vocabulary of one forum: each thing has a word of askers and one of experts."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        found: dict[str, None] = {}
        while len(found) < 3 * _THINGS:
            found.setdefault("".join(self._rng.choice(_SYLLABLES, 4)))
        words = list(found)
        self._asked, self._answered = words[:_THINGS], words[_THINGS : 2 * _THINGS]
        self._filling = words[2 * _THINGS :]

    def things(self) -> list[int]:
        """Draw what a thread is about."""
        return [int(i) for i in self._rng.choice(_THINGS, 3, replace=False)]

    def asked(self, things: list[int]) -> str:
        """Word it as askers do."""
        return self._sentence([self._asked[i] for i in things])

    def answered(self, things: list[int]) -> str:
        """Word it as experts do."""
        return self._sentence([self._answered[i] for i in things])

    def _sentence(self, words: list[str]) -> str:
        return " ".join([*words, *self._rng.choice(self._filling, 2)])


def settled(n: int, seed: int = 0, *, shifted: bool = True, lang: str = "en") -> list[Thread]:
    """Make solved threads; without `shifted` an answer has nothing to do with its question."""
    words = Words(seed)
    threads = []
    for i in range(n):
        things = words.things()
        answer = words.answered(things if shifted else words.things())
        threads.append(
            Thread(
                f"{lang}-{i}",
                words.asked(things),
                "",
                (Answer(f"{lang}-{i}-a", answer, accepted=True),),
                solved=True,
                lang=lang,
            )
        )
    return threads


def linked(n: int, seed: int = 0) -> list[Thread]:
    """Make originals worded by experts, and for each a duplicate worded by an asker."""
    words = Words(seed)
    threads = []
    for i in range(n):
        things = words.things()
        answers = (Answer(f"original-{i}-a", words.answered(things), accepted=True),)
        threads.append(
            Thread(f"original-{i}", words.answered(things), "", answers, solved=True, lang="en")
        )
        threads.append(
            Thread(f"twin-{i}", words.asked(things), "", lang="en", duplicate_of=(f"original-{i}",))
        )
    return threads


def pairs_of(threads: list[Thread]) -> Pairs:
    """Collect a forum's pairs with the vectors of the plainest encoder."""
    pairs, passages = collect(threads)
    return Pairs(
        pairs,
        passages,
        ENCODER.encode([p.text for p in pairs], TextRole.QUERY),
        ENCODER.encode(passages.texts, TextRole.PASSAGE),
    )
