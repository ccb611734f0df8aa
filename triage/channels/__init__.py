"""Ways to other systems and to single persons: written, sealed, opened, their secrets changed.

In: what somebody writes of a channel, the installation key. Out: rows to keep; channels opened.
Not here: what is sent (delivering, filing), rows (store), who may do this (api, cli).
"""

from triage.channels.forms import EVERY_MESSAGE, FORMS, Form
from triage.channels.opening import (
    BOTH_VALID,
    OpenChannel,
    SigningKey,
    address_in,
    new_channel,
    open_channel,
    ping_message,
    plain_secret,
    rotated,
    sealed_again,
    shown_address,
)
from triage.channels.writing import Written, changed, created, noted

__all__ = [
    "BOTH_VALID",
    "EVERY_MESSAGE",
    "FORMS",
    "Form",
    "OpenChannel",
    "SigningKey",
    "Written",
    "address_in",
    "changed",
    "created",
    "new_channel",
    "noted",
    "open_channel",
    "ping_message",
    "plain_secret",
    "rotated",
    "sealed_again",
    "shown_address",
]
