"""Who and what tickets speak of by number: people, organizations, groups, fields of their own.

In: the objects of an export that are no tickets. Out: who is of the staff, and names by number.
Not here: what a ticket says (tickets).
"""

from collections.abc import Collection, Mapping
from typing import Any

_STAFF = frozenset({"agent", "admin"})
# What a map may want to know of whoever asked.
_OF_PERSONS = ("external_id", "email", "locale", "time_zone")
_SYSTEM = "-1"
_LONGEST_ID = 200

Values = Mapping[str, Any]


def number_of(value: object) -> str | None:
    """Return an id as a text; None where there is none."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    name = str(value).strip()
    # No database keeps what is half a character, and nobody numbers so.
    return name if name.isprintable() and 0 < len(name) <= _LONGEST_ID else None


class People:
    """What is known beside the tickets. It fills while files are read.

    `wants_persons`: keep what a map may want to know of those who ask; of many it is much.
    """

    def __init__(self, wants_persons: bool = False) -> None:
        self._wants_persons = wants_persons
        self._staff: set[str] = set()
        self._customers: set[str] = set()
        self._persons: dict[str, Values] = {}
        self._names: dict[str, dict[str, str]] = {}

    def take(self, kind: str, values: Values) -> None:
        """Remember an object; one without an id tells nothing."""
        number = number_of(values.get("id"))
        if number is None:
            return
        if kind == "users":
            self._take_person(number, values)
        elif kind != "tickets":
            name = values.get("name") or values.get("title")
            if isinstance(name, str) and name.strip():
                self._names.setdefault(kind, {})[number] = " ".join(name.split())

    def _take_person(self, number: str, values: Values) -> None:
        role = str(values.get("role") or "").lower()
        if role in _STAFF:
            self._staff.add(number)
        elif role:
            self._customers.add(number)
        if self._wants_persons:
            said = {one: values[one] for one in _OF_PERSONS if values.get(one)}
            if said:
                self._persons[number] = said

    def name(self, kind: str, number: object) -> str | None:
        """Return the name of a group, an organization or a field."""
        return self._names.get(kind, {}).get(number_of(number) or "")

    def person(self, number: str | None) -> Values:
        """Return what was kept of whoever asked."""
        return self._persons.get(number or "", {})

    def is_staff(self, author: str | None, ticket: Values, wrote_notes: Collection[str]) -> bool:
        """Say whether somebody who wrote in a ticket answers for the company.

        Where nobody says which role they have, it is whoever the ticket was given to, and whoever
        wrote a note in it that customers cannot see; others in it may be customers, too.
        """
        if author is None or author == _SYSTEM:
            return False
        if author in self._staff:
            return True
        if author in self._customers or author == number_of(ticket.get("requester_id")):
            return False
        return author in wrote_notes or author == number_of(ticket.get("assignee_id"))
