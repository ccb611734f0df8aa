"""Whom suggestions are withheld from, so that it can be known what they do: the holdout.

In: shares, and who asks. Out: the arm of one ask. Pure, and the same for the same person for ever:
raising a share moves people into the holdout and nobody out of it.
Not here: what is withheld (decide), keeping the arm (store), what came of it (outcomes).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from triage.errors import BadField
from triage.records import LANGUAGES, Arm

# What half of the askers do not get is no service, and a larger holdout tells nothing more.
LARGEST_SHARE = 0.5
_LABEL = "holdout 1"


@dataclass(frozen=True, slots=True)
class Shares:
    """The chance of the holdout: by language where that is said, or else `share`; 0 is off."""

    share: float
    by_language: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise BadField for what is no share, or none of a language."""
        for name, share in (("share", self.share), *self.by_language.items()):
            if not 0 <= share <= LARGEST_SHARE:
                raise BadField(name, f"is not a share from 0 to {LARGEST_SHARE}")
        unknown = sorted(set(self.by_language) - set(LANGUAGES))
        if unknown:
            raise BadField(unknown[0][:12], f"is no language of {', '.join(LANGUAGES)}")

    def of(self, lang: str | None) -> float:
        """Return the chance of the holdout for a question in this language."""
        return self.by_language.get(lang or "", self.share)


@dataclass(frozen=True, slots=True)
class Assigned:
    """The arm of an ask, and what it was drawn by: a person or a session, with which chance.

    Without either (`unit` None) nobody could be followed, so that nothing is withheld: such an ask
    is in the treatment with no chance of the holdout, and in no comparison.
    """

    arm: Arm
    unit: str | None
    share: float


def assign(shares: Shares, person: str | None, session: str | None, lang: str | None) -> Assigned:
    """Return the arm of a new ask. `person` and `session` are keyed hashes, or None."""
    who = person or session
    if who is None:
        return Assigned(Arm.TREATMENT, None, 0.0)
    unit, share = "person" if person else "session", shares.of(lang)
    arm = Arm.HOLDOUT if _drawn(unit, who) < share else Arm.TREATMENT
    return Assigned(arm, unit, share)


def _drawn(unit: str, who: str) -> float:
    """Return a number in [0, 1) that nobody can foresee who lacks the installation's key.

    The hash of a person is keyed, and another one in each forum: that is where the secret is.
    """
    digest = hashlib.sha256(f"{_LABEL}\n{unit}\n{who}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
