"""A decision -> the same one with nothing suggested, as if nothing sure had been found.

In: what was decided, for somebody in the holdout. Out: what they are told. Who answers, who may
read, and what is told of both stay; nothing tells that something was found.
Not here: who is in the holdout (assigning), what is found (deciding).
"""

from dataclasses import replace

from triage.records import Decision, Reason


def withhold(decision: Decision) -> Decision:
    """Return the decision as one reads that had matches, none of which was sure enough.

    One that shows nothing says so already, and why; that is as true in the holdout.
    """
    reasons = decision.reasons
    if decision.shown:
        reasons = (*reasons, Reason("nothing_sure"))
    return replace(decision, shown=(), same_question=(), reasons=reasons)
