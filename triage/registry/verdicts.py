"""A manifest -> what the gate said of the version.

In: a manifest. Out: the verdict, which training wrote there, or that there is none.
Not here: judging (learn).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_AGAINST = "refused"
_REASONS = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a version may go live without anyone's reason, in a word, and the first reasons.

    `more`: how many reasons there are besides.
    """

    passed: bool
    word: str
    why: str
    more: int = 0


def verdict_of(manifest: Mapping[str, Any]) -> Verdict | None:
    """Return the gate's verdict; None for a version that was never judged."""
    row = manifest.get("verdict")
    if not isinstance(row, Mapping) or "outcome" not in row:
        return None
    why = [str(sentence) for sentence in row.get("why", ())]
    first = " ".join(why[:_REASONS])
    return Verdict(row["outcome"] != _AGAINST, str(row["outcome"]), first, len(why[_REASONS:]))
