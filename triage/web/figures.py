"""Numbers -> what people read: shares, points, waits, each in the way of their language.

In: a language, a number of a known unit. Out: text. What is not known is said as a dash.
Not here: which numbers (analytics), words (words).
"""

from dataclasses import dataclass
from datetime import date, datetime

# What parts groups of thousands, what parts decimals; a blank there never breaks a line.
_NARROW = "\u202f"
_MARKS = {
    "en": (",", "."),
    "sv": (_NARROW, ","),
    "nb": (_NARROW, ","),
    "da": (".", ","),
    "fi": (_NARROW, ","),
    "de": (".", ","),
}
_BLANK = "\u00a0"
_MINUS = "\u2212"
_POINTS = {"en": "pp", "sv": "pe", "nb": "pp", "da": "pp", "fi": "%-yks.", "de": "PP"}
# Until so many of one unit the smaller one is said.
_UNITS = ((90.0, 1.0, "s"), (90.0 * 60, 60.0, "min"), (36.0 * 3600, 3600.0, "h"))
_DAYS = {"en": "d", "sv": "d", "nb": "d", "da": "d", "fi": "pv", "de": "T"}
UNKNOWN = "–"
_TINY = 0.001


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of one language."""

    lang: str

    def count(self, value: float | None) -> str:
        """Return a whole number."""
        return UNKNOWN if value is None else self._number(round(value), 0)

    def number(self, value: float | None, digits: int = 2) -> str:
        """Return a number with so many decimals."""
        return UNKNOWN if value is None else self._number(value, digits)

    def chance(self, value: float | None) -> str:
        """Return how likely something is by chance alone; what is tiny is said to be below."""
        if value is None:
            return UNKNOWN
        tiny = value < _TINY
        return f"<{_BLANK}{self._number(_TINY, 3)}" if tiny else self._number(value, 3)

    def share(self, value: float | None) -> str:
        """Return a share of 1 as percents, to a tenth below ten of them and near a hundred."""
        if value is None:
            return UNKNOWN
        percents = 100 * value
        return f"{self._number(percents, self._digits(percents))}{self._percent}"

    def points(self, value: float | None) -> str:
        """Return a difference of two shares, with its sign, in percentage points."""
        if value is None:
            return UNKNOWN
        return f"{self._signed(100 * value)}{_BLANK}{_POINTS[self.lang]}"

    def span(self, low: float | None, high: float | None) -> str:
        """Return the interval of a share, or nothing where there is none."""
        if low is None or high is None:
            return ""
        digits = max(self._digits(100 * end) for end in (low, high))
        ends = (self._number(100 * end, digits) for end in (low, high))
        return f"{UNKNOWN.join(ends)}{self._percent}"

    def points_span(self, low: float | None, high: float | None) -> str:
        """Return the interval of a difference of shares, or nothing where there is none."""
        if low is None or high is None:
            return ""
        return f"{self._signed(100 * low)} … {self._signed(100 * high)}{_BLANK}{_POINTS[self.lang]}"

    def apart(self, value: float | None) -> str:
        """Return how far two shares lie apart, without a sign, in percentage points."""
        if value is None:
            return UNKNOWN
        return f"{self._number(abs(100 * value), 1)}{_BLANK}{_POINTS[self.lang]}"

    def apart_span(self, low: float | None, high: float | None) -> str:
        """Return the interval of that, of a difference that is on one side of zero."""
        if low is None or high is None:
            return ""
        near, far = sorted(abs(100 * end) for end in (low, high))
        ends = f"{self._number(near, 1)} … {self._number(far, 1)}"
        return f"{ends}{_BLANK}{_POINTS[self.lang]}"

    def wait(self, seconds: float | None) -> str:
        """Return how long something took, in one unit."""
        if seconds is None:
            return UNKNOWN
        for until, size, name in _UNITS:
            if seconds < until:
                return f"{self._number(round(seconds / size), 0)}{_BLANK}{name}"
        return f"{self._number(seconds / 86_400, 1)}{_BLANK}{_DAYS[self.lang]}"

    def day(self, value: date | datetime | None) -> str:
        """Return a day as all six languages read it without a doubt."""
        return UNKNOWN if value is None else f"{value:%Y-%m-%d}"

    @property
    def separators(self) -> str:
        """The decimal mark and that of thousands, as a chart's axes are told."""
        thousands, decimal = _MARKS[self.lang]
        return decimal + thousands

    @property
    def _percent(self) -> str:
        return "%" if self.lang == "en" else f"{_BLANK}%"

    @staticmethod
    def _digits(percents: float) -> int:
        return 1 if percents not in (0, 100) and (percents < 10 or percents > 90) else 0

    def _signed(self, value: float) -> str:
        shown = self._number(abs(value), 1)
        if not any(c in shown for c in "123456789"):
            return shown
        return f"{_MINUS if value < 0 else '+'}{shown}"

    def _number(self, value: float, digits: int) -> str:
        thousands, decimal = _MARKS[self.lang]
        shown = f"{abs(value):,.{digits}f}"
        whole, _, rest = shown.partition(".")
        told = whole.replace(",", thousands) + (decimal + rest if rest else "")
        negative = value < 0 and any(c in shown for c in "123456789")
        return f"{_MINUS}{told}" if negative else told
