"""Messages on their way to other systems and to people: claimed, sent, tried again, written down.

In: a store, and what sends for each kind of channel. Out: deliveries that have arrived, or wait, or
are dead. One slow or broken receiver holds up nobody else, and nothing is lost: what is not known
to have arrived is sent once more, under the same id.
Not here: what is told (questions, affected), the rows (store), HTTP and SMTP (connect).
"""

from triage.delivering.due import Due, Send
from triage.delivering.engine import Engine, Turn
from triage.delivering.mails import PersonMailSender
from triage.delivering.schedule import WAITS
from triage.delivering.webhooks import Opened, WebhookSender

__all__ = [
    "WAITS",
    "Due",
    "Engine",
    "Opened",
    "PersonMailSender",
    "Send",
    "Turn",
    "WebhookSender",
]
