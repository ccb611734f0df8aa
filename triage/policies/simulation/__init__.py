"""A policy tried on past asks, beside the one that is in force. Pure.

In: asks as they were decided about, what became of them, two policies. Out: how many questions the
community takes, the experts' load, wrong public routes and waiting, each with its interval.
Not here: reading past asks (store), activating a policy.
"""

from triage.policies.simulation.asks import Asks, Past, asks_of
from triage.policies.simulation.comparing import (
    Comparison,
    Measured,
    Options,
    compared_row,
    simulate,
)
from triage.policies.simulation.moving import Counts, Move
from triage.policies.simulation.replaying import Replayed, replay
from triage.policies.simulation.waiting import AnswerTimes

__all__ = [
    "AnswerTimes",
    "Asks",
    "Comparison",
    "Counts",
    "Measured",
    "Move",
    "Options",
    "Past",
    "Replayed",
    "asks_of",
    "compared_row",
    "replay",
    "simulate",
]
