"""A forum and its live model -> whether traffic is still what the model was made for.

In: the store, and the open model. Out: drifts, daily cards of precision and coverage, an alert when
a verdict turns. docs/watching.md tells what is compared with what, and how well it works.
Not here: the arithmetic (insight.drift), pages and commands (api, cli), when it is looked (api).
"""

from triage.watching.daily import Card
from triage.watching.judging import Guess, guesses
from triage.watching.looking import Watched, Wish, watch
from triage.watching.telling import EVERY, see, tell

__all__ = ["EVERY", "Card", "Guess", "Watched", "Wish", "guesses", "see", "tell", "watch"]
