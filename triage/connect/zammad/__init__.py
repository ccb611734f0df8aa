"""The ticket system Zammad, by its REST API: tickets made, noted on, and read again.

In: an address, a token, what a ticket is to say. Out: tickets and articles as values, or SendFailed
with a code. What sends (rest) is imported from there: whoever only checks options needs no client.
Not here: which question becomes which ticket, and what follows from what comes back (filing).
"""

from triage.connect.zammad.options import Group, Phase, ZammadOptions, zammad_options
from triage.connect.zammad.webhooks import is_signed, told_items

__all__ = ["Group", "Phase", "ZammadOptions", "is_signed", "told_items", "zammad_options"]
