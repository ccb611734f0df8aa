"""One record of the accounts format -> Account.

In: the fields of a record. Out: an `Account`.
Not here: which person belongs to which account (a request or a case says so).
"""

from collections.abc import Mapping

from triage.connect import fields
from triage.records import Account

KNOWN_FIELDS = frozenset(
    "id name support_level expert_team customised_products groups first_seen preferred_channel"
    "".split()
)


def account_from(row: Mapping[str, object]) -> Account:
    """Read one account. Raises BadField without an id."""
    return Account(
        id=fields.required(row, "id"),
        name=fields.short(row, "name"),
        support_level=fields.short(row, "support_level"),
        expert_team=fields.short(row, "expert_team"),
        customised_products=fields.names(row, "customised_products"),
        groups=fields.groups(row),
        first_seen=fields.moment(row, "first_seen"),
        preferred_channel=fields.short(row, "preferred_channel"),
    )
