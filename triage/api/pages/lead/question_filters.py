"""What the address of /lead/questions asks for, and what its form offers.

In: the fields of an address; owners and products that there are. Out: an `Asked`, whether an open
question is meant by it, and the fields of the form.
Not here: reading questions (questions), how one is shown (question_cells).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from triage.api.pages.lead.here import Here
from triage.api.problems import FieldProblem, bad_request
from triage.lifecycle import OPEN, State
from triage.questions import AGES, Queued
from triage.records import Destination

Option = tuple[str, str]
Field = tuple[str, str, str, list[Option]]
KEPT = frozenset({"state", "owner", "severity", "destination", "product", "age", "page", "after"})
# What the field of states offers besides the states themselves.
LATE, ENDED = "late", "ended"
_SEVERITIES = ("1", "2", "3", "4")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; empty is not asked about."""

    state: str = ""
    owner: str = ""
    severity: str = ""
    destination: str = ""
    product: str = ""
    age: str = ""

    @property
    def ended(self) -> bool:
        """Whether what is over is looked for."""
        return self.state == ENDED or (self.state in set(State) and State(self.state) not in OPEN)

    def query(self, **other: str) -> dict[str, str]:
        """Return the fields of an address, some of them as they are to be there."""
        said = {name: getattr(self, name) for name in self.__slots__} | other
        return {name: value for name, value in said.items() if value}


def asked_of(given: Mapping[str, str]) -> Asked:
    """Return what an address asks for. Raises Problem for what there is not."""
    asked = Asked(**{name: given.get(name, "").strip() for name in Asked.__slots__})
    choices = {
        "state": {LATE, ENDED, *State},
        "severity": set(_SEVERITIES),
        "destination": set(Destination),
        "age": {str(number) for number in range(len(AGES) + 1)},
    }
    wrong = [
        FieldProblem(name, f"is none of {', '.join(sorted(known))}")
        for name, known in choices.items()
        if getattr(asked, name) and getattr(asked, name) not in known
    ]
    if wrong:
        raise bad_request(wrong)
    return asked


def page_of(given: str | None) -> int:
    """Return the number of a page, from 1 on. Raises Problem."""
    if not given:
        return 1
    if not (given.isascii() and given.isdigit() and len(given) < 7 and int(given)):
        raise bad_request([FieldProblem("page", "should be 1 or more")])
    return int(given)


def fits(one: Queued, asked: Asked) -> bool:
    """Say whether an open question is one of those that are asked for."""
    row = one.row
    if asked.state == LATE and not one.late:
        return False
    if asked.state in set(State) and row.state != asked.state:
        return False
    if asked.age and str(one.age_class) != asked.age:
        return False
    wanted = (
        (asked.owner, row.owner),
        (asked.destination, row.destination),
        (asked.severity, "" if row.severity is None else str(row.severity)),
        (asked.product, row.product or ""),
    )
    return all(not given or given == has for given, has in wanted)


def fields_of(here: Here, asked: Asked, owners: set[str], products: set[str]) -> list[Field]:
    """Return what can be chosen by: name, what it is called, what is chosen, what there is."""
    states = [(LATE, here.part("state_late"))]
    states += [(state.value, here.part(f"state_{state}")) for state in State if state in OPEN]
    states += [(ENDED, here.part("state_ended"))]
    states += [(state.value, here.part(f"state_{state}")) for state in State if state not in OPEN]
    me = here.caller.actor.name
    named = [(one, here.part("mine", who=one) if one == me else one) for one in sorted(owners)]
    made = {
        "state": states,
        "owner": _with(named, asked.owner),
        "severity": [(one, here.part(f"severity_{one}")) for one in _SEVERITIES],
        "destination": [(one.value, here.name_of("destination", one)) for one in Destination],
        "product": _with([(one, one) for one in sorted(products)], asked.product),
        "age": [(str(n), here.part(f"col_age_{n}")) for n in range(len(AGES) + 1)],
    }
    if asked.ended:
        del made["age"]
    return [
        (name, here.part(f"by_{name}"), getattr(asked, name), options)
        for name, options in made.items()
    ]


def _with(options: list[Option], chosen: str) -> list[Option]:
    """Return options with the one that is chosen, which may be gone by now."""
    known = not chosen or chosen in {value for value, _ in options}
    return options if known else [*options, (chosen, chosen)]
