"""A Discourse forum: what it says, read as threads; what it tells, by its webhooks.

In: a site's address and an API key. Out: threads of the documented format, and which topic an
event is of.
Not here: keeping anything (importing), when it is read (cli, api).
"""

from triage.connect.discourse.client import Discourse
from triage.connect.discourse.source import EVERYTHING, DiscourseSource
from triage.connect.discourse.webhooks import is_signed, told_items
from triage.connect.discourse.wishes import Wishes, read_wishes

__all__ = [
    "EVERYTHING",
    "Discourse",
    "DiscourseSource",
    "Wishes",
    "is_signed",
    "read_wishes",
    "told_items",
]
