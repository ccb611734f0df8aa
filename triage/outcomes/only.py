"""Some of the asks: of one language, topic or product, of one account, of newcomers or of others.

In: what is asked for by its names, as text. Out: an `Only`, and which asks it means.
Not here: the period (exclusion), all slices beside each other (experiment).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from triage.errors import BadField
from triage.languages import language_code
from triage.outcomes.asks import Asks, Flags, Names
from triage.outcomes.columns import NAMED
from triage.records import LANGUAGES, Destination

# The place of no name; unknown ones are at -1.
_NOBODY = -2
_YES = {"yes": True, "true": True, "no": False, "false": False}
_DESTINATIONS = tuple(one.value for one in Destination)
# What may have no asks yet and is still something to ask for.
_KNOWN = {"lang": frozenset(LANGUAGES), "destination": frozenset(_DESTINATIONS)}
# What these are called comes from models, not from askers: it may stand in a problem.
_OURS = ("lang", "topic", "destination")
_NAMES = ("lang", "topic", "newcomer", "product", "account", "destination")


@dataclass(frozen=True, slots=True)
class Only:
    """What the asks of a report have in common; None is any.

    None of it depends on what was suggested, so that the two arms stay comparable: it is what the
    first call of an ask said, or what was made of its words alone.
    """

    lang: str | None = None
    topic: str | None = None
    newcomer: bool | None = None
    product: str | None = None
    account: str | None = None
    destination: str | None = None

    @property
    def told(self) -> dict[str, str | bool]:
        """What is asked for, by its names; empty for all asks."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def among(self, asks: Asks) -> Flags:
        """Say which asks are meant; raises BadField for a name that none ever had.

        One of our own languages, and a destination, may have no asks yet.
        """
        meant: Flags = np.ones(len(asks), dtype=bool)
        for name in NAMED:
            wanted, names = getattr(self, name), getattr(asks, name)
            if wanted is not None:
                meant &= names.code == _place(name, wanted, names)
        if self.newcomer is not None:
            meant &= asks.newcomer == int(self.newcomer)
        return meant


ALL = Only()


def read_only(given: Mapping[str, str | None]) -> Only:
    """Read what a report is to be of. Raises BadField for a name or a value that cannot be."""
    for name in given.keys() - set(_NAMES):
        named = ", ".join(f"`{one}`" for one in _NAMES[:-1])
        raise BadField(name, f"is nothing to choose asks by: {named} and `{_NAMES[-1]}` are")
    newcomer = given.get("newcomer")
    if newcomer is not None and newcomer.lower() not in _YES:
        raise BadField("newcomer", "should be yes or no")
    lang = given.get("lang")
    if lang is not None and language_code(lang) is None:
        raise BadField("lang", "should be a language, such as `nb`")
    destination = given.get("destination")
    if destination is not None and destination.lower() not in _DESTINATIONS:
        raise BadField("destination", f"should be {' or '.join(_DESTINATIONS)}")
    return Only(
        lang=language_code(lang),
        topic=given.get("topic"),
        newcomer=None if newcomer is None else _YES[newcomer.lower()],
        product=given.get("product"),
        account=given.get("account"),
        destination=None if destination is None else destination.lower(),
    )


def _place(name: str, wanted: str, names: Names) -> int:
    if wanted in names.names:
        return names.names.index(wanted)
    if wanted in _KNOWN.get(name, ()):
        return _NOBODY
    if name not in _OURS:
        raise BadField(name, "is none that an ask has")
    there = ", ".join(sorted(one for one in names.names if one)[:30])
    raise BadField(name, f"is none that an ask has; there are {there or 'none at all'}")
