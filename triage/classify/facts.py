"""What is known of a question besides its words: the facts of its account and of how it came.

In: a question or a case, and the account's row. Out: Facts, where whatever is unknown is None, and
a table that gives each fact which enough persons share a column.
Not here: the other columns (features), looking accounts up (desk, training).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from scipy import sparse

from triage.classify.vocabulary import FEWEST
from triage.records import Account, Case, Question

NEW_FOR = timedelta(days=90)
_MOST_COLUMNS = 1_000


@dataclass(frozen=True, slots=True)
class Facts:
    """What a form or a customer register knows of a question; None is unknown, which is usual."""

    product: str | None = None
    lang: str | None = None
    customer_severity: int | None = None
    support_level: str | None = None
    customised: bool | None = None
    new_account: bool | None = None

    def told(self) -> Iterator[str]:
        """Give what is known as `name=value`, spelt alike however it was filed."""
        for name in self.__slots__:
            value = getattr(self, name)
            if value is not None:
                yield f"{name}={' '.join(str(value).casefold().split())}"


UNKNOWN = Facts()


@dataclass(frozen=True, slots=True)
class FactTable:
    """The facts that have a column each, in their order."""

    names: tuple[str, ...] = ()

    def rows(self, facts: Sequence[Facts]) -> sparse.csr_matrix:
        """Return one row of ones and zeros per question; a fact without a column is left out."""
        at = {name: place for place, name in enumerate(self.names)}
        found = [[at[told] for told in fact.told() if told in at] for fact in facts]
        columns = np.array([column for row in found for column in row], dtype=np.int32)
        ends = np.cumsum([0, *map(len, found)], dtype=np.int32)
        ones = np.ones(len(columns), dtype=np.float32)
        return sparse.csr_matrix((ones, columns, ends), (len(facts), len(self.names)))


def fit_facts(facts: Sequence[Facts], owners: Sequence[str]) -> FactTable:
    """Give a column to each fact that holds for questions of enough persons."""
    persons: defaultdict[str, set[str]] = defaultdict(set)
    for fact, owner in zip(facts, owners, strict=True):
        for told in fact.told():
            persons[told].add(owner)
    shared = [told for told, found in persons.items() if len(found) >= FEWEST]
    chosen = sorted(shared, key=lambda told: (-len(persons[told]), told))[:_MOST_COLUMNS]
    return FactTable(tuple(sorted(chosen)))


def facts_of(question: Question | Case, account: Account | None, at: datetime | None) -> Facts:
    """Gather what is known of a question that was asked at some time by some account."""
    severity, lang = question.customer_severity, question.lang
    if account is None:
        return Facts(question.product, lang, severity)
    return Facts(
        product=question.product,
        lang=lang,
        customer_severity=severity,
        support_level=account.support_level,
        customised=_is_customised(question.product, account),
        new_account=_is_new(account, at),
    )


def _is_customised(product: str | None, account: Account) -> bool | None:
    if product is None:
        return None
    return product.casefold() in {name.casefold() for name in account.customised_products}


def _is_new(account: Account, at: datetime | None) -> bool | None:
    if account.first_seen is None or at is None:
        return None
    return at - account.first_seen < NEW_FOR
