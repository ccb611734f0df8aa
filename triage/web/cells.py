"""A value of a table's column -> how people read it, in their language.

In: the name and the kind of a column, a value. Out: text.
Not here: which tables there are (analytics), how numbers are written (figures).

One name means the same in every table, so what a number is of is known by its name alone.
"""

from collections.abc import Callable
from datetime import date, datetime

from triage.web.figures import UNKNOWN, Numbers
from triage.web.words import word, words_of

# Differences of two shares, and their ends.
_POINTS = ("lift", "change", "change_elsewhere")
_PLAIN = frozenset({"expected", "ratio", "prevented", "staff_minutes"})
_SMALL = frozenset({"p_value", "q_value"})
# Ids and names that people gave are never words of ours.
_NAMES = frozenset({"by", "title", "terms", "topic", "product", "account"})


def heading(name: str, lang: str) -> str:
    """Return what a column is called. Raises KeyError for a name without words."""
    return word(f"column.{name}", lang)


def cell(name: str, kind: str, value: object, lang: str) -> str:
    """Return a value as people read it; what is not known is a dash."""
    numbers = Numbers(lang)
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, bool):
        return word("value.yes" if value else "value.no", lang)
    if isinstance(value, int | float):
        return _number(name, kind, numbers)(value)
    if isinstance(value, date | datetime):
        return numbers.day(value)
    return str(value) if name in _NAMES else _word(str(value), lang)


def between(name: str, low: float | None, high: float | None, lang: str) -> str:
    """Return the interval of a number of this name; nothing where there is none."""
    numbers = Numbers(lang)
    if low is None:
        return ""
    if "seconds" in name:
        return f"{numbers.wait(low)} … {'' if high is None else numbers.wait(high)}".rstrip()
    return (numbers.points_span if _is_points(name) else numbers.span)(low, high)


def _word(value: str, lang: str) -> str:
    """Return the words of a closed choice, a card or a guardrail; of whatever else itself."""
    words = words_of(lang)
    keys = (f"{section}.{value}" for section in ("value", "card", "guard"))
    return next((words[key] for key in keys if key in words), value)


def _is_points(name: str) -> bool:
    return any(name in (stem, f"{stem}_low", f"{stem}_high") for stem in _POINTS)


def _number(name: str, kind: str, numbers: Numbers) -> Callable[[float], str]:
    """Return how a number of this name is said."""
    if kind == "whole":
        return numbers.count
    if _is_points(name):
        return numbers.points
    if "seconds" in name:
        return numbers.wait
    if name in _SMALL:
        return numbers.chance
    if name in _PLAIN:
        return lambda value: numbers.number(value, 1)
    return numbers.share
