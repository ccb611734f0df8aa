"""An export of a Zendesk-like system -> rows of our cases format.

In: the files of an export, and a map if the company has one. Out: one row a ticket, the last of
what is told of it; `gone` for a ticket that was deleted there. What is told apart, such as comments
in a file of their own, is sorted into files first: memory stays small.
Not here: what a ticket means (tickets), keeping cases (importing).
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from triage.connect.buckets import Buckets, Record
from triage.connect.lines import Row
from triage.connect.mapped import Unmapped, fields_of, flat
from triage.connect.mapping import CaseMap, key_of
from triage.connect.zendesk.files import Told, files_of, told
from triage.connect.zendesk.people import People, number_of
from triage.connect.zendesk.tickets import (
    case_fields,
    columns_of,
    comments_of,
    usual_fields,
)
from triage.errors import BadRecord

_TICKET, _COMMENT = 0, 1
_PERSONS = "requester."


@dataclass
class Export:
    """An export, ready to be read. What is counted fills in reading.

    `unmapped`: values that the map does not know. `unseen`: columns of the map that no ticket has.
    `internal`: tickets in which nothing was for the customer; they are left out. `orphans`:
    comments whose ticket is not there.
    """

    path: Path
    case_map: CaseMap | None = None
    unmapped: Unmapped = field(default_factory=Unmapped)
    unseen: set[str] = field(default_factory=set)
    internal: int = 0
    orphans: int = 0

    def rows(self) -> Generator[Row | BadRecord, None, None]:
        """Yield a row for each ticket, and what could not be read. Raises BadFile.

        Close it where it is not read to its end: what it has sorted lies in temporary files.
        """
        files = files_of(self.path)
        fitted = _Fitted(self.case_map)
        people = People(wants_persons=any(one.startswith(_PERSONS) for one in fitted.names))
        with Buckets(sum(file.stat().st_size for _, file in files)) as buckets:
            for kind, file in files:
                for one in told(kind, file):
                    if isinstance(one, BadRecord):
                        yield one
                    else:
                        yield from _sorted_in(one, people, buckets)
            for _, records in buckets.groups():
                yield from self._row(records, people, fitted)
        self.unseen = fitted.unseen

    def _row(self, records: Sequence[Record], people: People, fitted: "_Fitted") -> Iterator[Row]:
        tickets = [one for one in records if one[0] == _TICKET]
        beside = [one[2] for one in records if one[0] == _COMMENT]
        if not tickets:
            self.orphans += len(beside)
            return
        # A ticket that changed while it was exported stands in two pages.
        latest = max(reversed(tickets), key=lambda one: str(one[2].get("updated_at") or ""))
        line, ticket = latest[1], latest[2]
        if ticket.get("status") == "deleted":
            yield Row(line, {"id": number_of(ticket.get("id")), "gone": True})
            return
        facts = case_fields(ticket, comments_of(ticket, beside), people)
        if facts is None:
            self.internal += 1
            # It may have been kept while it was the customer's as well.
            yield Row(line, {"id": number_of(ticket.get("id")), "gone": True})
            return
        constants, mapped = fitted.fields(columns_of(ticket, people), self.unmapped)
        yield Row(line, {**usual_fields(ticket), **constants, **facts, **mapped})


def _sorted_in(one: Told, people: People, buckets: Buckets) -> Iterator[BadRecord]:
    if one.kind not in ("tickets", "comments"):
        people.take(one.kind, one.values)
        return
    try:
        yield from _put(one, buckets)
    except RecursionError:
        # It could just be read, and what is written around it is too much.
        yield BadRecord(str(one.file), one.line, None, "is nested too deeply")


def _put(one: Told, buckets: Buckets) -> Iterator[BadRecord]:
    name = "id" if one.kind == "tickets" else "ticket_id"
    number = number_of(one.values.get(name))
    if number is None:
        yield BadRecord(str(one.file), one.line, name, "is missing or no number")
    else:
        kind = _TICKET if one.kind == "tickets" else _COMMENT
        buckets.put(number, (kind, one.line, one.values))


class _Fitted:
    """A map whose columns are looked up as tickets spell them; case and spaces do not count."""

    def __init__(self, case_map: CaseMap | None) -> None:
        self._map = case_map
        self._constants = {} if case_map is None else dict(case_map.constants)
        columns = {} if case_map is None else case_map.columns
        self.names = frozenset(key_of(one) for several in columns.values() for one in several)
        self.unseen = {one for several in columns.values() for one in several}
        if case_map is not None:
            keyed = {k: tuple(key_of(one) for one in names) for k, names in columns.items()}
            self._map = CaseMap(
                case_map.path,
                keyed,
                case_map.values,
                {},
                case_map.date_formats,
                case_map.zone,
                case_map.separator,
            )

    def fields(
        self, columns: Mapping[str, object], unmapped: Unmapped
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the map's constants, and what it makes of a ticket's columns."""
        if self._map is None:
            return {}, {}
        cells = {key_of(name): value for name, value in flat(columns).items()}
        self.unseen = {one for one in self.unseen if key_of(one) not in cells}
        return self._constants, fields_of(cells, self._map, unmapped)
