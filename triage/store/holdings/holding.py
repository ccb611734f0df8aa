"""One table's promise to the people in it: what for, for how long, and what erasure does.

In: nothing. Out: the values that such a promise is made of.
Not here: the promises themselves (register).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

FORUM = "forum"
LOG = "log"
PART = "part"
# In a link, instead of a table: the sessions in which the person was known.
VISITS = "their visits"
# Classes that no setting shortens, as people are told of them.
FIXED: Mapping[str, str] = {
    FORUM: "as long as the forum is served, or until it is removed there",
    LOG: "as long as there is a backup that it could be needed for",
    PART: "as long as what it is a part of",
}


class Fate(StrEnum):
    """What erasing a person does to the rows that are theirs."""

    DELETED = "deleted"
    STAFF = "holds staff alone, and is left"
    KEPT = "kept: the proof that it was done, and what repeats it"
    NOTHING = "holds nothing of a person"


@dataclass(frozen=True, slots=True)
class Link:
    """How a row is found to be a person's.

    Its `column` is the `key` of a row of `table` that is theirs, behind a `prefix` where it has
    one; without a table, it is the person. With VISITS it is a session of theirs, and the row says
    of no other person that it is theirs.
    """

    column: str
    table: str | None = None
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """One table. `persons`, `texts` and `plain` name every column that could hold words.

    `persons` say who it is (keyed hashes; of staff, names), `texts` what people wrote, `plain` are
    ids, codes and numbers; those of `persons` that are `staff` are in no customer's export. `kept`
    is the class of its rows, `aged` the column that tells their age,
    `blanked` the class after which `texts` and `persons` are emptied in rows that stay; a row that
    `waits` is there for as long as its words are.
    """

    table: str
    purpose: str
    fate: Fate
    kept: str = FORUM
    aged: str | None = None
    blanked: str | None = None
    waits: bool = False
    persons: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    of: tuple[Link, ...] = ()
    key: str | None = None
    exported: bool = False

    @property
    def personal(self) -> bool:
        """Whether it holds persons, what they wrote, or what is said of it."""
        return bool(self.persons or self.texts or self.exported)
