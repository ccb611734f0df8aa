"""Some of the asks: of one language, of one topic, of newcomers or of others.

In: what is asked for by its names, as text. Out: an `Only`, and which asks it means.
Not here: the period (exclusion), all slices beside each other (experiment).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from triage.errors import BadField
from triage.languages import language_code
from triage.outcomes.asks import Asks, Flags, Names
from triage.records import LANGUAGES

# The place of no name; unknown ones are at -1.
_NOBODY = -2
_YES = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True, slots=True)
class Only:
    """What the asks of a report have in common; None is any.

    None of it depends on what was suggested, so that the two arms stay comparable.
    """

    lang: str | None = None
    topic: str | None = None
    newcomer: bool | None = None

    @property
    def told(self) -> dict[str, str | bool]:
        """What is asked for, by its names; empty for all asks."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def among(self, asks: Asks) -> Flags:
        """Say which asks are meant; raises BadField for a topic or language that none ever had.

        One of our own languages may have no asks yet.
        """
        meant: Flags = np.ones(len(asks), dtype=bool)
        for name, wanted, names in (
            ("lang", self.lang, asks.lang),
            ("topic", self.topic, asks.topic),
        ):
            if wanted is not None:
                meant &= names.code == _place(name, wanted, names)
        if self.newcomer is not None:
            meant &= asks.newcomer == int(self.newcomer)
        return meant


ALL = Only()


def read_only(given: Mapping[str, str | None]) -> Only:
    """Read what a report is to be of. Raises BadField for a name or a value that cannot be."""
    for name in given.keys() - {"lang", "topic", "newcomer"}:
        raise BadField(name, "is nothing to choose asks by: `lang`, `topic` and `newcomer` are")
    newcomer = given.get("newcomer")
    if newcomer is not None and newcomer.lower() not in _YES:
        raise BadField("newcomer", "should be yes or no")
    lang = given.get("lang")
    if lang is not None and language_code(lang) is None:
        raise BadField("lang", "should be a language, such as `nb`")
    known = None if newcomer is None else _YES[newcomer.lower()]
    return Only(language_code(lang), given.get("topic"), known)


def _place(name: str, wanted: str, names: Names) -> int:
    if wanted in names.names:
        return names.names.index(wanted)
    if name == "lang" and wanted in LANGUAGES:
        return _NOBODY
    there = ", ".join(sorted(one for one in names.names if one)[:30])
    raise BadField(name, f"is none that an ask has; there are {there or 'none at all'}")
