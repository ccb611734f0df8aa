"""A sentence -> what it says: the situation, the problem, the impact, what is wanted next. Pure.

In: a sentence, its language, whether it is the title. Out: a weight per slot and the signs that
gave it, so that anybody can see why. A sum of few weights that are read off this file.
Not here: the words of the signs (cues), which sentences fill which slot (intake).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from triage.lifecycle.cues import CUES
from triage.lifecycle.signs import Sign


class Slot(StrEnum):
    """The four things that an expert wants to know first."""

    SITUATION = "situation"
    PROBLEM = "problem"
    IMPACT = "impact"
    NEXT_STEP = "next_step"


_S, _P, _I, _N = Slot.SITUATION, Slot.PROBLEM, Slot.IMPACT, Slot.NEXT_STEP

# What each sign adds. A number before people or an error's name are signs of their own.
WEIGHTS: Mapping[str, Mapping[Slot, float]] = {
    Sign.TROUBLE: {_P: 1.5},
    Sign.CANNOT: {_P: 1.0},
    Sign.BUT: {_P: 0.7, _S: 0.2},
    Sign.WISH: {_N: 1.2, _I: -0.3},
    Sign.ASKS: {_N: 1.0},
    Sign.CHANGE: {_S: 0.8},
    Sign.HAVING: {_S: 0.6},
    Sign.TRIED: {_S: 0.9},
    Sign.STEPS: {_S: 0.7},
    Sign.STANDSTILL: {_I: 1.5},
    Sign.PEOPLE: {_I: 0.9},
    Sign.DEADLINE: {_I: 0.9},
    Sign.STAKES: {_I: 0.5},
    "question_mark": {_N: 1.5, _P: -0.6, _S: -0.6, _I: -0.4},
    "soon": {_I: 0.9},
    "error_code": {_P: 1.2},
    "quoted": {_P: 0.5},
    "title": {_P: 0.2, _S: -0.6},
    "plain": {_S: 0.6},
    "title_of_problem": {_P: 1.0},
    "title_of_wish": {_N: 1.0},
}
# From which weight on a sentence fills a slot. Impact is told in passing: one sign will do.
LEAST = {_S: 1.0, _P: 1.0, _I: 0.8, _N: 1.0}
LEAST_ALONE = 0.6

ERROR_CODE = re.compile(
    r"\b(?:[A-Z]{1,6}[-_ ]?\d{3,8}|0x[0-9A-Fa-f]{4,16}"
    r"|HTTP [45]\d\d|(?:gives?|returns?|gir|ger|får|så|liefert|gibt|antaa|palauttaa) [45]\d\d"
    r"|[45]\d\d(?= (?:error|fehler|feil|fel|fejl))"
    r"|[a-z]{2,30}(?:_[a-z]{2,30}){1,6}|[A-Z]\w{2,60}(?:Error|Exception))\b|\bkv-?\d{3,5}\b"
)
_QUOTED = re.compile(r"[\"“”„«»][^\"“”„«»\n]{3,200}[\"“”«»]")
_ASKED = re.compile(r"\?(?=[\s\"'”’)!?.]|$)")
_SOON = re.compile(
    r"\b(?:om|in|i|within|inom|innen|inden|inden for|binnen|innerhalb|have|i've|got|kun|vain|noch)"
    r"\s(?:von\s)?\d{1,3}\s(?:days?|hours?|minutes?|dagar|timmar|dager|dage|timer|tage?n?|stunden?"
    r"|päivä|tun)|\b\d{1,3}\s(?:päivän|tunnin)\s(?:päästä|kuluttua|sisällä)"
)
_NUMBER = r"\b\d[\d.  ]{0,9}\s+(?:[^\W\d_]{1,15}\s+)?"


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence weighs for each slot, and the signs that were seen in it."""

    weights: Mapping[Slot, float]
    signs: tuple[str, ...]

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The slots that it fills: the heavy ones, or the heaviest where none is heavy."""
        heavy = tuple(slot for slot in Slot if self.weights.get(slot, 0.0) >= LEAST[slot])
        if heavy or not self.weights:
            return heavy
        best = max(Slot, key=lambda slot: self.weights.get(slot, 0.0))
        return (best,) if self.weights.get(best, 0.0) >= LEAST_ALONE else ()


def read(sentence: str, lang: str, *, title: Slot | None = None) -> Said:
    """Return what a sentence says. A language without cues is read by the English ones.

    A title is told with the slot that the text under it is about.
    """
    signs = _signs(sentence, lang)
    if title is not None:
        named = "title_of_problem" if title is Slot.PROBLEM else "title_of_wish"
        speaks = any(slot is not Slot.SITUATION for sign in signs for slot in WEIGHTS[sign])
        signs.append("title" if speaks else named)
    elif not signs and not sentence.endswith("!"):
        signs.append("plain")
    weights: dict[Slot, float] = {}
    for sign in signs:
        for slot, weight in WEIGHTS[sign].items():
            weights[slot] = weights.get(slot, 0.0) + weight
    return Said(weights, tuple(signs))


def _signs(sentence: str, lang: str) -> list[str]:
    lowered = sentence.lower().replace("’", "'")
    found: list[str] = [
        sign
        for sign, pattern in _patterns(lang if lang in CUES else "en").items()
        if (pattern.match(lowered) if sign is Sign.ASKS else pattern.search(lowered))
    ]
    if _ASKED.search(sentence):
        found.append("question_mark")
    if _SOON.search(lowered):
        found.append("soon")
    if ERROR_CODE.search(sentence):
        found.append("error_code")
    if _QUOTED.search(sentence):
        found.append("quoted")
    return found


@lru_cache(maxsize=16)
def _patterns(lang: str) -> Mapping[Sign, re.Pattern[str]]:
    return {sign: _pattern(sign, cues) for sign, cues in CUES[lang].items()}


def _pattern(sign: Sign, cues: str) -> re.Pattern[str]:
    """Compile the cues of a sign: beginnings of words, at the sentence's head for a question."""
    any_of = "|".join(
        re.escape(cue.removesuffix("$")) + (r"\b" if cue.endswith("$") else "")
        for cue in sorted(cues.split("|"), key=len, reverse=True)
    )
    if sign is Sign.ASKS:
        return re.compile(rf"\W*(?:(?:and|og|och|und|ja|so|but|men)\s+)?(?:{any_of})")
    if sign is Sign.PEOPLE:
        return re.compile(rf"{_NUMBER}(?:{any_of})")
    return re.compile(rf"(?<!\w)(?:{any_of})")
