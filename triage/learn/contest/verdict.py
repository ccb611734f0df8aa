"""What the gate found of a new model, as values: for people, for the manifest, for a job's result.

In: what challenge measured. Out: a Verdict, its JSON, and its lines.
Not here: measuring (challenge, losses), publishing (training).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from triage.learn.statistics.losses import Found, Standing
from triage.learn.statistics.slices import ALL

COST = "cost"


class Basis(StrEnum):
    """Which cases both models were asked: new to both, or learnt from by both, each out of fold."""

    TIME = "time"
    FOLDS = "folds"


class Outcome(StrEnum):
    """What becomes of the challenger."""

    FIRST = "first"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    FORCED = "forced"
    UNCOMPARED = "uncompared"


@dataclass(frozen=True, slots=True)
class Tried:
    """One measure (a head's share of right answers, or the cost of a decision) in one slice."""

    basis: Basis
    measure: str
    slice: str
    margin: float
    found: Found

    @property
    def worse(self) -> bool:
        """Whether this alone refuses the challenger."""
        return self.found.standing is Standing.WORSE

    @property
    def undecided(self) -> bool:
        """Whether there are too few cases to tell."""
        return self.found.standing is Standing.UNDECIDED

    def told(self) -> str:
        """Say it in one sentence."""
        f, what = self.found, "decisions" if self.measure == COST else self.measure
        where = "overall" if self.slice == ALL else f"in {self.slice}"
        cases = f"{f.n} cases that are new to both models"
        if self.basis is Basis.FOLDS:
            cases = f"{f.n} cases that both models learnt from, each asked about them unseen"
        if self.measure == COST:
            change = f"cost {-f.before:.2f} expert hours a question before and {-f.after:.2f} now"
        else:
            change = f"right {f.before:.0%} before and {f.after:.0%} now"
        return (
            f"{what} {where}: {change} on {cases} ({f.wins} better, {f.losses} worse);"
            f" the margin is {self.margin:g}, the probability of such a loss by chance"
            f" {max(f.p_worse, 0.001):.3f}."
        )

    def facts(self) -> dict[str, Any]:
        """Return it as JSON; of a cost `before` and `after` are hours, less is better."""
        row = {"basis": self.basis.value, "measure": self.measure, "slice": self.slice}
        found = asdict(self.found)
        found["ties"] = self.found.n - self.found.wins - self.found.losses
        if self.measure == COST:
            found |= {"before": -found["before"], "after": -found["after"]}
        rounded = {k: round(v, 4) if isinstance(v, float) else v for k, v in found.items()}
        return {**row, "margin": self.margin, **rounded, "standing": self.found.standing.value}


@dataclass(frozen=True, slots=True)
class Calibrated:
    """How far both models' confidences are from what came true (ECE), and when they speak up.

    `low` to `high` holds the difference with 95 % confidence. `precision` is of the labels that
    are not abstained from, `coverage` their share; each is before, after.
    """

    basis: Basis
    measure: str
    n: int
    before: float
    after: float
    low: float
    high: float
    worse: bool
    coverage: tuple[float, float]
    precision: tuple[float | None, float | None]

    def told(self) -> str:
        """Say it in one sentence."""
        return (
            f"{self.measure}: its probabilities are further from the truth than before, by"
            f" {self.after:.3f} instead of {self.before:.3f} on {self.n} cases (ECE; the difference"
            f" is {self.low:+.3f} to {self.high:+.3f})."
        )

    def facts(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"basis": self.basis.value, **{k: v for k, v in _rounded(asdict(self)).items()}}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate found: the outcome, why, and the numbers behind it.

    `judged` says of each basis how many cases and of which days, or why it could not be used;
    `notes` what else changed; `suggestions` how ranker and gate changed, which decides nothing.
    `gains` are the one-sided probabilities of each measure's gain overall; `live_before` is the
    version that was live when the run began, whatever could be said of it.
    """

    outcome: Outcome
    champion: str | None = None
    why: tuple[str, ...] = ()
    judged: Mapping[str, Any] = field(default_factory=dict)
    tried: tuple[Tried, ...] = ()
    calibrated: tuple[Calibrated, ...] = ()
    gains: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    suggestions: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None
    live_before: str | None = None

    @property
    def passed(self) -> bool:
        """Whether nobody's reason is needed to make it live."""
        return self.outcome not in (Outcome.REFUSED, Outcome.FORCED)

    @property
    def refused(self) -> bool:
        """Whether the champion stays."""
        return self.outcome is Outcome.REFUSED

    @property
    def undecided(self) -> tuple[str, ...]:
        """The slices in which too few cases could tell a loss beyond the margin, by measure."""
        held = {(t.measure, t.slice) for t in self.tried if not t.undecided}
        open_ = [t for t in self.tried if (t.measure, t.slice) not in held]
        return tuple(dict.fromkeys(f"{t.measure} in {t.slice}" for t in open_))

    def forced(self, reason: str) -> "Verdict":
        """Return the verdict of a person who knows better, for this reason."""
        return replace(self, outcome=Outcome.FORCED, reason=reason)

    def unbound(self, because: str) -> "Verdict":
        """Return the verdict where the champion cannot stay, whatever was found; for the record."""
        why = (f"{because} The gate would have refused it:", *self.why)
        return replace(self, outcome=Outcome.UNCOMPARED, why=why)

    def facts(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "outcome": self.outcome.value,
            "word": self.outcome.value,
            "passed": self.passed,
            "champion": self.champion,
            "sentence": self.sentence(),
            "why": list(self.why),
            "reason": self.reason,
            "judged": {k: dict(v) for k, v in self.judged.items()},
            "slices": [t.facts() for t in self.tried],
            "undecided": list(self.undecided),
            "calibration": [c.facts() for c in self.calibrated],
            "gains": {k: round(v, 4) for k, v in self.gains.items()},
            "notes": list(self.notes),
            "suggestions": dict(self.suggestions),
        }

    def sentence(self) -> str:
        """Say in one sentence what becomes of the model."""
        match self.outcome:
            case Outcome.FIRST:
                return "There was no model to compare with; this is the first."
            case Outcome.UNCOMPARED:
                return f"Not held against {self.champion}: {' '.join(self.why)}"
            case Outcome.ACCEPTED:
                open_ = f"; {len(self.undecided)} comparisons are undecided" * bool(self.undecided)
                return f"Accepted: nowhere clearly worse than {self.champion}{open_}."
            case Outcome.FORCED:
                return f"Made live against the gate, because: {self.reason}"
            case Outcome.REFUSED:
                return f"Refused, {self.champion} stays: {self.why[0]}"


def _rounded(values: Mapping[str, Any]) -> dict[str, Any]:
    def one(value: Any) -> Any:  # noqa: ANN401 - JSON
        if isinstance(value, float):
            return round(value, 4)
        return [one(v) for v in value] if isinstance(value, tuple | list) else value

    return {name: one(value) for name, value in values.items()}
