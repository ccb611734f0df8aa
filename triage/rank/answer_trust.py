"""What is known of answers -> matches that are offered for as much as they are worth.

In: matches with their probabilities, and the trust in the answer of each. Out: the same matches,
marked. What is outdated, or is for other versions, is never said to fit: it costs what an answer
for another version costs, which is what it is to whoever asks. Pure.
Not here: what the trust in an answer is (answers.trusting), what is shown (decide).
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from triage.records import Applicability, Holds, Match, Reason, Trust
from triage.versions import in_range

# Beyond this a probability is zero as far as anybody can tell.
_FARTHEST = 700.0


def weighed(
    matches: Sequence[Match],
    trust_in: Callable[[Match], Trust | None],
    version: str | None,
    cost: float,
) -> list[Match]:
    """Return the matches, best first, after what is known of their answers.

    `cost` is in log-odds, below zero; `version` is the asker's.
    """
    told = [_told(match, trust_in(match), version, cost) for match in matches]
    return sorted(told, key=lambda match: -match.probability)


def _told(match: Match, trust: Trust | None, version: str | None, cost: float) -> Match:
    if trust is None:
        return match
    fit = _fit(match.applicability, trust, version)
    moved = _charged(fit) - _charged(match.applicability)
    return replace(
        match,
        probability=_moved(match.probability, cost * moved),
        applicability=fit,
        reasons=tuple(_reasons(match, trust)),
    )


def _fit(known: Applicability, trust: Trust, version: str | None) -> Applicability:
    """Return whether an answer is for this asker; another product comes before all else."""
    if known is Applicability.OTHER_PRODUCT:
        return known
    if trust.holds is Holds.OUTDATED:
        return Applicability.OUTDATED
    if trust.holds is Holds.OTHER_VERSION:
        return Applicability.OTHER_VERSION
    fits = version and trust.valid_versions and in_range(version, trust.valid_versions)
    return Applicability.FITS if fits else Applicability.UNKNOWN


def _charged(fit: Applicability) -> int:
    return fit in (Applicability.OTHER_VERSION, Applicability.OUTDATED)


def _moved(probability: float, log_odds: float) -> float:
    if log_odds == 0 or not 0 < probability < 1:
        return probability
    odds = math.log(probability) - math.log1p(-probability) + log_odds
    return 1 / (1 + math.exp(min(-odds, _FARTHEST)))


def _reasons(match: Match, trust: Trust) -> Iterator[Reason]:
    """Give the reasons for a match; that staff have checked it counts only while it holds."""
    known = [r for r in match.reasons if r.code != "staff_verified"]
    if trust.verified:
        yield Reason("staff_verified")
    yield from known
    if trust.holds is Holds.OUTDATED:
        yield Reason("outdated_answer")
