"""A headline -> the sentences that tell it, the same on every page and in every file.

In: a `Headline`, a language. Out: a `VerdictShown`.
Not here: the verdict itself (headline), where it stands (weekly, the analyst's pages).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from triage.analytics.headline import Headline, Verdict
from triage.analytics.values import FEWEST_PERSONS
from triage.web import Numbers, word

_TONES: Mapping[Verdict, str] = {
    Verdict.PREVENTS: "good",
    Verdict.CAUSES: "bad",
    Verdict.UNSOUND: "bad",
}


@dataclass(frozen=True, slots=True)
class VerdictShown:
    """What the lift says as people read it. The last of the lines says of how many it is."""

    name: str
    tone: str
    title: str
    text: str
    lines: tuple[str, ...]


def verdict_shown(found: Headline, lang: str) -> VerdictShown:
    """Return what the lift says, what it is worth where it holds, and what it was found from."""
    numbers, name = Numbers(lang), found.verdict.value
    persons = {
        "treatment": numbers.count(found.persons_treatment),
        "holdout": numbers.count(found.persons_holdout),
    }
    return VerdictShown(
        name=name,
        tone=_TONES.get(found.verdict, ""),
        title=word(f"verdict.{name}_title", lang),
        text=word(f"verdict.{name}", lang, fewest=FEWEST_PERSONS),
        lines=(*_lift_lines(found, numbers), word(f"verdict.of_{found.unit}", lang, **persons)),
    )


def _lift_lines(found: Headline, numbers: Numbers) -> Iterator[str]:
    """Give how large the lift is and what it is worth; nothing of one that does not hold."""
    if not found.enough or found.verdict is Verdict.UNSOUND:
        return
    lang = numbers.lang
    if found.verdict is Verdict.CAUSES:
        # Its words name the direction, so that a sign would say it twice, or the opposite.
        lift, span = numbers.apart(found.lift), numbers.apart_span(found.low, found.high)
    else:
        lift, span = numbers.points(found.lift), numbers.points_span(found.low, found.high)
    yield word(f"verdict.lift_{found.verdict.value}", lang, lift=lift, span=span)
    if found.verdict is Verdict.UNDECIDED:
        yield word("verdict.visible", lang, points=numbers.apart(found.smallest_visible))
    else:
        yield _worth(found, numbers)


def _worth(found: Headline, numbers: Numbers) -> str:
    """Return how many posts a lift is that is clearly above or below zero."""
    ends = (found.prevented_low, found.prevented_high)
    low, high = sorted(abs(end) for end in ends if end is not None)
    return word(
        f"verdict.worth_{found.verdict.value}",
        numbers.lang,
        posts=numbers.count(abs(found.prevented or 0.0)),
        low=numbers.count(low),
        high=numbers.count(high),
    )
