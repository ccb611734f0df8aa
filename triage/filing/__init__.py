"""Questions handed over with everything known: tickets, topics, e-mail; and what comes back.

In: messages that are due, what other systems tell. Out: each question filed once behind a channel,
its changes told there, and it itself changed as staff change its ticket.
Not here: what a message is and when it is tried again (delivering), the other systems' APIs
(connect), threads and cases that are read from them (importing).
"""

from triage.filing.around import Around, Opened
from triage.filing.looking import Looking
from triage.filing.working import KINDS, senders, work

__all__ = ["KINDS", "Around", "Looking", "Opened", "senders", "work"]
