"""Weeks of made-up asks: persons who return, weekdays of their own, and a change or none."""

from collections.abc import Sequence

import numpy as np

from tests.insight.made import direction
from triage.insight.drift import WEEK, Span, Traffic

REFERENCE = Span(0, 8 * WEEK)
TOPICS = ("bank", "logo", "print", "login")
WORDS = {
    "bank": ("feed", "consent", "stopped"),
    "logo": ("logo", "blurry", "picture"),
    "print": ("paper", "printer", "margin"),
    "login": ("password", "code", "phone"),
    "badge": ("badge", "reader", "door"),
}


def traffic(
    seed: int,
    *,
    weeks: int = 12,
    asks: int = 90,
    regulars: int = 25,
    comes: str | None = None,
    begins: int = 0,
    share: float = 0.25,
    by: Sequence[int] = (),
) -> Traffic:
    """Return asks of so many a week; from the day `begins` on a share of them is about `comes`.

    Half of the asks are of regulars, each of whom has one topic; on weekends all ask about logos
    more. With `by`, only these persons ask about what comes.
    """
    rng = np.random.default_rng(seed)
    likes = rng.choice(TOPICS, regulars)
    days, who, topics = [], [], []
    for day in range(weeks * WEEK):
        for _ in range(rng.poisson(asks / WEEK)):
            again = rng.random() < 0.5
            person = int(rng.integers(regulars)) if again else int(rng.integers(10**6, 10**9))
            usual = "logo" if day % WEEK >= 5 and rng.random() < 0.5 else str(rng.choice(TOPICS))
            topic = str(likes[person]) if again and rng.random() < 0.8 else usual
            if comes is not None and day >= begins and rng.random() < share:
                topic, person = comes, int(rng.choice(by)) if by else person
            days.append(day)
            who.append(person)
            topics.append(topic)
    vectors = np.stack([_said(topic, rng) for topic in topics])
    words = [frozenset(rng.choice(WORDS[t], 2, replace=False).tolist()) for t in topics]
    day, persons = np.array(days), np.array(who)
    classes = {"topic": topics}
    return Traffic(day, persons, vectors, words, classes, {}, {"lang": ["en"] * len(topics)})


def _said(topic: str, rng: np.random.Generator) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    row = direction(topic) + rng.normal(scale=0.08, size=len(direction(topic)))
    return (row / np.linalg.norm(row)).astype(np.float32)
