"""Events -> what became of each ask, and what suggestions are worth. Pure.

In: events and asks as values (mappings of the event contract, arrays). Out: an outcome per ask, and
measures with intervals, each defined in docs/measures.md.
Not here: SQL, HTTP, files, settings, the clock.
"""

from triage.outcomes.asks import Asks, asks_of
from triage.outcomes.experiment import WORTH_KNOWING, Wanted
from triage.outcomes.log import EventLog, Gathering
from triage.outcomes.money import Costs
from triage.outcomes.only import Only, read_only
from triage.outcomes.outcome import WINDOW_DAYS, Outcome, Settled, settle
from triage.outcomes.report import report_of
from triage.outcomes.routing import Handled, Routed, routing_told
from triage.outcomes.told import seconds

__all__ = [
    "WINDOW_DAYS",
    "WORTH_KNOWING",
    "Asks",
    "Costs",
    "EventLog",
    "Gathering",
    "Handled",
    "Only",
    "Outcome",
    "Routed",
    "Settled",
    "Wanted",
    "asks_of",
    "read_only",
    "report_of",
    "routing_told",
    "seconds",
    "settle",
]
