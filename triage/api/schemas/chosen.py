"""Which asks a report or an export is of, as parameters of an address say it.

In: query parameters. Out: an `Only`.
Not here: the period and what else a report is asked for (report), what it means (outcomes.only).
"""

from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import Query

from triage.outcomes import Only, read_only

Lang = Annotated[
    str | None, Query(description="Only asks in this language, as `nb`.", max_length=12)
]
Topic = Annotated[
    str | None, Query(description="Only asks of this topic, as labelled.", max_length=300)
]
Newcomer = Annotated[
    bool | None,
    Query(description="Only asks of persons who had never asked or answered before, or of others."),
]

Product = Annotated[
    str | None,
    Query(description="Only asks about this product, as the ask named it.", max_length=300),
]
Account = Annotated[
    str | None,
    Query(description="Only asks of this account, by the forum's own id.", max_length=300),
]
Decided = Annotated[
    str | None,
    Query(
        description="Only asks for `community` or `expert`, as their first call was decided.",
        max_length=20,
    ),
]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which asks a report is of, as parameters say it."""

    lang: Lang = None
    topic: Topic = None
    newcomer: Newcomer = None
    product: Product = None
    account: Account = None
    destination: Decided = None

    def read(self) -> Only:
        """Return it as the measures want it. Raises BadField."""
        newcomer = None if self.newcomer is None else str(self.newcomer)
        return read_only({**asdict(self), "newcomer": newcomer})
