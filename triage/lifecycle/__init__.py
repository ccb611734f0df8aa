"""A posted question from received to solved: what it may become, who owns it, what is due. Pure.

In: values, and `now`. Out: values: changes to keep, timelines, owners, what is due, what to ask
back, what an expert reads first. docs/lifecycle.md tells the whole.
Not here: SQL, HTTP, settings, clocks, sentences for people (phrases).
"""

from triage.lifecycle.changing import NOTHING, Bringing, change, follow, possible, receive, replay
from triage.lifecycle.given import Piece, given
from triage.lifecycle.intake import Environment, Filled, Intake, take_in
from triage.lifecycle.lateness import Awaiting, Basis, Lateness, lateness
from triage.lifecycle.missing import Asking, Lacked, Wanted, Worth, ask_back
from triage.lifecycle.owning import Alert, By, Owned, Owners, Taken, alert_of, measure, name_owner
from triage.lifecycle.saying import Slot
from triage.lifecycle.sentences import Span
from triage.lifecycle.sweeping import Due, Limits, Then, Watched, carry_out, due, sweep
from triage.lifecycle.table import RULES, Need, allowed, needs
from triage.lifecycle.timeline import Told, tell_asker, tell_expected, tell_staff
from triage.lifecycle.values import OPEN, Change, Posted, State, Who, Why
from triage.lifecycle.waiting import Expected, Wait, Waits, learn_waits

__all__ = [
    "NOTHING",
    "OPEN",
    "RULES",
    "Alert",
    "Asking",
    "Awaiting",
    "Basis",
    "Bringing",
    "By",
    "Change",
    "Due",
    "Environment",
    "Expected",
    "Filled",
    "Intake",
    "Lacked",
    "Lateness",
    "Limits",
    "Need",
    "Owned",
    "Owners",
    "Piece",
    "Posted",
    "Slot",
    "Span",
    "State",
    "Taken",
    "Then",
    "Told",
    "Wait",
    "Waits",
    "Wanted",
    "Watched",
    "Who",
    "Why",
    "Worth",
    "alert_of",
    "allowed",
    "ask_back",
    "carry_out",
    "change",
    "due",
    "follow",
    "given",
    "lateness",
    "learn_waits",
    "measure",
    "name_owner",
    "needs",
    "possible",
    "receive",
    "replay",
    "sweep",
    "take_in",
    "tell_asker",
    "tell_expected",
    "tell_staff",
]
