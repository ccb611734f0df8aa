"""What nobody can be sure of -> a queue for leads, and what they say of it -> cases and measures.

In: the store, the open model, a lead's word. Out: items with what the machine said of each; labels
that the next training learns from; an estimate of precision that no choice has bent. docs/review.md
tells what is drawn and how well it works.
Not here: scores and choosing (insight.choosing), routes and pages (api), commands (cli).
"""

from triage.reviewing.drawing import draw
from triage.reviewing.estimating import Estimate, Unbiased, estimate
from triage.reviewing.queue import Reviewing
from triage.reviewing.values import ASKED, LONGEST_NOTE, Drawn, Progress, Subject, Verdict, Wish

__all__ = [
    "ASKED",
    "LONGEST_NOTE",
    "Drawn",
    "Estimate",
    "Progress",
    "Reviewing",
    "Subject",
    "Unbiased",
    "Verdict",
    "Wish",
    "draw",
    "estimate",
]
