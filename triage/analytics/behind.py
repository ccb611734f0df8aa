"""The key of a row -> the asks behind it, by the very predicate that counted them.

In: a `Context`, a key such as `gap:0a1b2c`. Out: which asks of the view those are.
Not here: the predicates (gaps, faq, trends), the asks of cards (drilling) and threads (threads).
"""

from triage.analytics.context import Context
from triage.analytics.faq import faq_asks
from triage.analytics.gaps import gap_asks
from triage.analytics.trends import GROUP, rising_asks
from triage.errors import BadField
from triage.outcomes.asks import Flags


def asks_behind(context: Context, key: str) -> Flags:
    """Return the asks behind a row of gaps, faq, rising or issue_candidates.

    Those of rising and issue_candidates are of the row's seven days: the view has to reach so far.
    Raises BadField for a key that no row has.
    """
    kind, _, name = key.partition(":")
    if kind == "gap":
        return gap_asks(context, name)
    if kind == "faq":
        return faq_asks(context, name)
    if kind == "issue":
        return rising_asks(context, GROUP, name)
    if kind == "rising":
        of, _, called = name.partition(":")
        return rising_asks(context, of, called)
    raise BadField("behind", "names no row of gaps, faq, rising or issue_candidates")
