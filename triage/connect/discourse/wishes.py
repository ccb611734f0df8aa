"""What is wanted of a Discourse site, as the channel's options say it.

In: options. Out: frozen values, checked, with a print that changes when what is kept would.
Not here: asking the site (client).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any, TypeVar

from triage.errors import BadField

Choice = TypeVar("Choice", bound=StrEnum)

_KNOWN = frozenset({"categories", "restricted", "persons", "solved", "staff_groups", "products"})


class Restricted(StrEnum):
    """What becomes of categories that not everyone may read."""

    LEAVE_OUT = "leave_out"
    # Their groups become the groups of the threads.
    GROUPS = "groups"


class Persons(StrEnum):
    """By what people are known: as the forum calls them where it asks us."""

    USERNAME = "username"
    ID = "id"


class Solved(StrEnum):
    """What settles a topic: an answer of the staff, too, or only one that was accepted."""

    STAFF = "staff"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is read. No categories: every one. `staff_groups` answer as staff besides the staff."""

    categories: frozenset[str] = frozenset()
    restricted: Restricted = Restricted.LEAVE_OUT
    persons: Persons = Persons.USERNAME
    solved: Solved = Solved.STAFF
    staff_groups: frozenset[str] = frozenset()
    products: Mapping[str, str] = field(default_factory=dict)

    @property
    def print(self) -> str:
        """What changes when another thread would be made of the same topic."""
        said = (
            self.persons.value,
            self.solved.value,
            sorted(self.staff_groups),
            sorted(self.products.items()),
        )
        return sha256(repr(said).encode()).hexdigest()[:12]


def read_wishes(options: Mapping[str, Any]) -> Wishes:
    """Read `reading` of a channel's options; the others are about posting. Raises BadField."""
    said = options.get("reading")
    if said is None:
        return Wishes()
    if not isinstance(said, dict):
        raise BadField("reading", "is no object")
    if unknown := sorted(map(str, said.keys() - _KNOWN)):
        raise BadField(f"reading.{unknown[0]}", f"is none of {', '.join(sorted(_KNOWN))}")
    return Wishes(
        categories=_names(said, "categories"),
        restricted=_one_of(said, "restricted", Restricted),
        persons=_one_of(said, "persons", Persons),
        solved=_one_of(said, "solved", Solved),
        staff_groups=_names(said, "staff_groups"),
        products=_products(said),
    )


def _names(options: Mapping[str, Any], name: str) -> frozenset[str]:
    value = options.get(name)
    if value is None:
        return frozenset()
    if not isinstance(value, list) or not all(
        isinstance(one, str | int) and not isinstance(one, bool) for one in value
    ):
        raise BadField(f"reading.{name}", "is no list of names or numbers")
    return frozenset(str(one).strip() for one in value if str(one).strip())


def _one_of(options: Mapping[str, Any], name: str, choices: type[Choice]) -> Choice:
    value = options.get(name)
    if value is None:
        return next(iter(choices))
    try:
        return choices(value)
    except ValueError:
        raise BadField(f"reading.{name}", f"is none of {', '.join(choices)}") from None


def _products(options: Mapping[str, Any]) -> Mapping[str, str]:
    value = options.get("products")
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise BadField("reading.products", "is no object of category and product")
    return {str(name): product for name, product in value.items() if product.strip()}
