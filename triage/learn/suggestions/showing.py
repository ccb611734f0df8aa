"""Ranked queries and what decides about them -> what people would be shown, and how true it is.

In: judged queries with their matches, gates and rankers. Out: shares under the keys of
docs/commands.md.
Not here: fitting any of them (retrieval, gating), the order of what was found (measures).
"""

from collections.abc import Sequence

import numpy as np

from triage.decide import Policy, decide
from triage.decide.gate import Gate
from triage.learn.statistics.reliability import reliability
from triage.learn.suggestions.ranking import Judged, chances
from triage.rank import Ranker
from triage.records import Match, Side


def shares_shown(
    judged: Sequence[Judged], ranked: Sequence[list[Match]], gates: Sequence[Gate]
) -> dict[str, float | str]:
    """Measure what the decision would show: offered drafts, and the wrong share of the shown."""
    shown = wrong = offered = answerable = offered_answerable = settled = 0
    guaranteed = 0
    for j, matches, gate in zip(judged, ranked, gates, strict=True):
        decision = decide(j.question, matches, j.threads, {}, Policy(), gate)
        right = [m.thread_id in j.right for m in decision.shown]
        shown += len(right)
        wrong += right.count(False)
        offered += bool(right)
        answerable += bool(j.right)
        offered_answerable += bool(j.right and right)
        settled += any(right)
        guaranteed += gate.threshold_for(j.lang).guaranteed
    return {
        "offered": offered / max(1, len(judged)),
        "offered_of_answerable": offered_answerable / max(1, answerable),
        "settled_of_answerable": settled / max(1, answerable),
        "no_right_among_offered": (offered - settled) / max(1, offered),
        "wrong_among_shown": wrong / max(1, shown),
        "guaranteed": guaranteed / max(1, len(judged)),
    }


def reliable(
    judged: Sequence[Judged], rankers: Sequence[Ranker], side: Side
) -> dict[str, float | str]:
    """Measure how far the probabilities of each query's best candidates can be believed."""
    most = Policy().most_shown
    found: list[float] = []
    right: list[bool] = []
    for j, ranker in zip(judged, rankers, strict=True):
        odds = chances(ranker, j, side)
        best = np.argsort(-odds, kind="stable")[:most]
        found += odds[best].tolist()
        right += j.labels[best].tolist()
    if not found:
        return {}
    measured = reliability(np.asarray(found), np.asarray(right))
    return {"ece": measured.ece, "brier": measured.brier}
