"""Who anybody can be in the demo: made-up customers, helpers, and staff.

In: what a person is called. Out: the person, as a forum's own server would know them.
Not here: how a browser keeps who it is (cards), the questions that they ask (forum).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from triage.records import Role, Visitor


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of the demo.

    `user` is what the forum calls them, `name` what pages show. `staff` answers for the company;
    a `helper` answers as another customer. Who has a `role` signs in to the pages of the staff.
    """

    user: str
    name: str
    lang: str
    account: str | None = None
    groups: frozenset[str] = frozenset()
    account_admin: bool = False
    staff: bool = False
    helper: bool = False
    role: Role | None = None
    email: str | None = None

    def visitor(self, expires: datetime) -> Visitor | None:
        """Return them as the forum's server vouches for them; None of whom no forum does."""
        if self.role is not None:
            return None
        return Visitor(self.user, self.account, self.groups, expires, self.account_admin)


# What accounts.jsonl of the sample says of these two.
COMPANIES: Mapping[str, str] = MappingProxyType(
    {"a07": "Tre Tallar Redovisning AB", "a05": "Hafenkontor Weber GmbH"}
)
_PINES, _HARBOUR = ("a07", frozenset({"partners"})), ("a05", frozenset({"beta"}))

PEOPLE = (
    DemoPerson("sanna", "Sanna Ek", "sv", *_PINES, account_admin=True),
    DemoPerson("ingrid", "Ingrid Moen", "nb", *_PINES),
    DemoPerson("aino", "Aino Salmi", "fi", *_PINES),
    DemoPerson("jonas", "Jonas Behrens", "de", *_HARBOUR),
    DemoPerson("mette", "Mette Juhl", "da", *_HARBOUR),
    DemoPerson("claire", "Claire Rowan", "en", *_HARBOUR),
    # They answered in the sample as well.
    DemoPerson("maggie_books", "maggie_books", "en", helper=True),
    DemoPerson("redovisarn_i_ume", "redovisarn_i_ume", "sv", helper=True),
    DemoPerson(
        "lead", "Orla Brennan", "en", staff=True, role=Role.LEAD, email="lead@kvistor.example"
    ),
    DemoPerson("analyst", "Elin Berg", "sv", role=Role.ANALYST, email="analyst@kvistor.example"),
)
_BY_USER = MappingProxyType({person.user: person for person in PEOPLE})


def person_called(user: str) -> DemoPerson | None:
    """Return whom the forum calls this, or None."""
    return _BY_USER.get(user)
