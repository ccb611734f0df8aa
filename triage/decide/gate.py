"""A probability and a language -> whether a suggestion may be shown.

In: the probability that the ranker gives a suggestion, and the question's language. Out: yes or
no, by a threshold that holds "at most so many wrong among shown" for that language.
A gate belongs to one encoder, index and ranker: probabilities of others mean other things.
Not here: choosing thresholds (learn.suggestions.risk), which file it is (bundle), what is decided
(deciding).
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from triage.errors import BadFile

COLD_START = Path(__file__).with_name("gate_cold_start.json")
# The largest share of wrong suggestions among shown ones that is accepted where nobody says other.
RISK = 0.10
_CONFIDENCE = 0.90


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which probability a suggestion is shown; `value` None: none may be shown.

    `questions` were looked at to choose it. `guaranteed`: the wrong among shown were tested to be
    within the gate's risk, at its confidence; otherwise the value is the best that was known.
    """

    value: float | None
    questions: int
    guaranteed: bool


@dataclass(frozen=True, slots=True)
class Gate:
    """Thresholds by language, and one of all languages together for those without their own.

    `risk` is the largest share of wrong suggestions among shown ones that is accepted, and
    `confidence` how sure each guaranteed threshold is, by itself, to keep it.
    """

    risk: float
    confidence: float
    pooled: Threshold
    by_language: Mapping[str, Threshold]
    fitted_on: str

    def threshold_for(self, lang: str) -> Threshold:
        """Return the language's own threshold, or the pooled one, which guarantees it nothing.

        What holds for all languages in their mixture need not hold for any one of them.
        """
        own = self.by_language.get(lang)
        return replace(self.pooled, guaranteed=False) if own is None else own

    def passes(self, probability: float, lang: str) -> bool:
        """Say whether a suggestion of this probability may be shown to a question in `lang`."""
        value = self.threshold_for(lang).value
        return value is not None and probability >= value

    def told(self) -> dict[str, Any]:
        """Return what a health check wants to know."""
        guaranteed = sorted(n for n, t in self.by_language.items() if t.guaranteed)
        return {"risk": self.risk, "guaranteed": guaranteed, "fitted_on": self.fitted_on}


def shipped_gate(risk: float = RISK, path: Path = COLD_START) -> Gate:
    """Return the gate of forums without history: the loosest shipped one within the risk.

    One that shows nothing where none was chosen at so small a risk. Raises BadFile as load_gate.
    """
    try:
        gates = [_gate(row) for row in json.loads(path.read_text(encoding="utf-8"))["gates"]]
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise BadFile(path, f"it holds no gates ({error})") from error
    within = [gate for gate in gates if gate.risk <= risk]
    if not within:
        return Gate(risk, _CONFIDENCE, Threshold(None, 0, guaranteed=False), {}, "nothing")
    return max(within, key=lambda gate: gate.risk)


def load_gate(path: Path) -> Gate:
    """Read a forum's own gate from its file.

    Raises BadFile when it cannot be read, or holds what can be no gate.
    """
    try:
        return _gate(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise BadFile(path, f"it holds no gate ({error})") from error


def save_gate(gate: Gate, path: Path) -> None:
    """Write a gate as a file that people can read; its numbers are written in full."""
    _write(asdict(gate), path)


def save_gates(gates: Sequence[Gate], path: Path) -> None:
    """Write gates of several risks as one file, for `shipped_gate`."""
    _write({"gates": [asdict(gate) for gate in gates]}, path)


def _write(row: Mapping[str, Any], path: Path) -> None:
    text = json.dumps(row, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _gate(row: Mapping[str, Any]) -> Gate:
    return Gate(
        _share(row["risk"]),
        _share(row["confidence"]),
        _threshold(row["pooled"]),
        {str(lang): _threshold(own) for lang, own in row["by_language"].items()},
        _text(row["fitted_on"]),
    )


def _threshold(row: Mapping[str, Any]) -> Threshold:
    value, questions, guaranteed = row["value"], row["questions"], row["guaranteed"]
    if not isinstance(guaranteed, bool):
        raise TypeError(f"`guaranteed` is {guaranteed!r}, which is neither true nor false")
    if isinstance(questions, bool) or not isinstance(questions, int) or questions < 0:
        raise ValueError(f"`questions` is {questions!r}, which is no count")
    if value is None and guaranteed:
        raise ValueError("a threshold that shows nothing guarantees nothing")
    return Threshold(None if value is None else _probability(value), questions, guaranteed)


def _probability(value: object) -> float:
    # true is a number to Python, and NaN lets every comparison fail.
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r} is no probability")
    if not 0 <= value <= 1:
        raise ValueError(f"{value!r} is no probability")
    return float(value)


def _share(value: object) -> float:
    found = _probability(value)
    if found in (0.0, 1.0):
        raise ValueError(f"{value!r} is not between 0 and 1")
    return found


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
