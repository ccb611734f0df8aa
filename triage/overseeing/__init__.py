"""Whether a forum's service is alive, and what changed since yesterday.

In: the store, and what the server knows of its own parts. Out: checks, each with a plain standing;
figures of a day against usual days; what people and machines changed.
Not here: looking at traffic for drift (watching), words (web), when it is looked (api).
"""

from triage.overseeing.changed import Change, ChangeKind, changed_since
from triage.overseeing.checking import check_forum, worst_first
from triage.overseeing.day import DayFigure, figures_of_day
from triage.overseeing.rhythm import Rhythm, rhythm_of
from triage.overseeing.silence import Silence, Speech, listen
from triage.overseeing.telling import tell_silence
from triage.overseeing.values import Check, Standing

__all__ = [
    "Change",
    "ChangeKind",
    "Check",
    "DayFigure",
    "Rhythm",
    "Silence",
    "Speech",
    "Standing",
    "changed_since",
    "check_forum",
    "figures_of_day",
    "listen",
    "rhythm_of",
    "tell_silence",
    "worst_first",
]
