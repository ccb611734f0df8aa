"""What a question lacks, and what such questions were asked before -> what to ask back. Pure.

In: the pieces that are given, counts from history, costs. Out: at most two pieces, the most
valuable first, with what each is worth and on how many questions that rests.
Not here: reading the question (given), the sentences (phrases), counting (store).

Asking for a piece is worth what it moves: the decision (a wrong side avoided), and a round trip
(an expert who would ask anyway need not). It costs the customer trouble, and some never come back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from triage.costs import Costs
from triage.lifecycle.given import Piece
from triage.records import Kind, Reason

MOST = 2
# How many questions' worth of evidence what was believed before counts for.
_STRENGTH = 10.0


@dataclass(frozen=True, slots=True)
class Lacked:
    """Earlier questions of one sort that lacked a piece.

    Of `cases` in all, experts asked for it in `asked`, and in `moved` the decision (who answers,
    how severe) was changed once it was known.
    """

    cases: int = 0
    asked: int = 0
    moved: int = 0

    def __post_init__(self) -> None:
        """Refuse counts that cannot be. Raises ValueError."""
        if not 0 <= max(self.asked, self.moved) <= self.cases or min(self.asked, self.moved) < 0:
            raise ValueError("No more can be asked for or moved than lacked it.")


History = Mapping[Piece, Lacked]


@dataclass(frozen=True, slots=True)
class Worth:
    """What asking is worth, in hours of an expert's work, as in `Costs`."""

    moved: float
    round_trip: float = 0.5
    trouble: float = 0.15

    @classmethod
    def of(cls, costs: Costs) -> "Worth":
        """Return it where a decision that is moved is a wrong community route avoided."""
        return cls(moved=costs.missed_expert - costs.expert)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A piece to ask for: what asking is worth, and the shares that say so, over how many cases."""

    piece: Piece
    worth: float
    asked: float
    moved: float
    cases: int

    @property
    def reason(self) -> Reason:
        """The question to ask, as a code."""
        return _ASKED_AS[self.piece]


_ASKED_AS: Mapping[Piece, Reason] = {
    Piece.VERSION: Reason("ask_version"),
    Piece.ERROR: Reason("ask_error"),
    Piece.STEPS: Reason("ask_steps"),
    Piece.IMPACT: Reason("ask_impact"),
}
# Believed before anything is counted: (asked, moved) per kind. Ours; ten counted cases weigh as
# much. A how-to or a wish is hardly ever clearer for a version or an error.
_RARE = (0.03, 0.0)
_BELIEVED: Mapping[str, Mapping[Piece, tuple[float, float]]] = {
    Kind.PROBLEM: {
        Piece.VERSION: (0.30, 0.05),
        Piece.ERROR: (0.40, 0.10),
        Piece.STEPS: (0.25, 0.05),
        Piece.IMPACT: (0.15, 0.15),
    },
    Kind.BUG: {
        Piece.VERSION: (0.50, 0.08),
        Piece.ERROR: (0.40, 0.10),
        Piece.STEPS: (0.50, 0.05),
        Piece.IMPACT: (0.20, 0.12),
    },
    Kind.COMPLAINT: {Piece.IMPACT: (0.25, 0.10), Piece.ERROR: (0.10, 0.02)},
    Kind.REQUEST: {Piece.IMPACT: (0.15, 0.02)},
    Kind.HOW_TO: {Piece.VERSION: (0.12, 0.02)},
}


@dataclass(frozen=True, slots=True)
class Asking:
    """What decides what is asked: the kind, counts from broad to narrow, what asking is worth.

    `levels` holds the counts of the forum, of its kind, of its topic, as far as there are any:
    each is the belief of the next. `flips` overrules them per piece where it is known how likely
    this very decision changes. `settled` says that a rule decided, so that nothing would move it.
    """

    kind: str | None
    worth: Worth
    levels: Sequence[History] = ()
    flips: Mapping[Piece, float] = field(default_factory=dict)
    settled: bool = False


def ask_back(known: frozenset[Piece], asking: Asking, most: int = MOST) -> tuple[Wanted, ...]:
    """Return what to ask for: what is lacking and worth more than the trouble, at most two."""
    weighed = [_weigh(piece, asking) for piece in Piece if piece not in known]
    worth_it = [wanted for wanted in weighed if wanted.worth > 0]
    ranked = sorted(worth_it, key=lambda wanted: (-wanted.worth, list(Piece).index(wanted.piece)))
    return tuple(ranked[: min(most, MOST)])


def _weigh(piece: Piece, asking: Asking) -> Wanted:
    asked, moved = _BELIEVED.get(asking.kind or "", {}).get(piece, _RARE)
    cases = 0
    for level in asking.levels:
        seen = level.get(piece, Lacked())
        asked = (seen.asked + _STRENGTH * asked) / (seen.cases + _STRENGTH)
        moved = (seen.moved + _STRENGTH * moved) / (seen.cases + _STRENGTH)
        cases = seen.cases or cases
    moved = 0.0 if asking.settled else asking.flips.get(piece, moved)
    value = moved * asking.worth.moved + asked * asking.worth.round_trip - asking.worth.trouble
    return Wanted(piece, value, asked, moved, cases)
