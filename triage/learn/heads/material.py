"""What heads are learnt from: a forum's cases with their vectors, facts, labels and twins.

In: a forum of the store and its encoder. Out: Material, every part in the order of the cases.
Not here: learning (heads), splitting (unseen).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from triage import store
from triage.classify import Classifier, Facts, facts_of
from triage.embedding import Progress, embed, matrix
from triage.encode import Encoder, TextRole
from triage.encode.base import Vectors
from triage.learn.heads.difficulty import Usual
from triage.learn.heads.fitting import FitOptions, FitReport, fit_classifier
from triage.learn.heads.labels import filed_labels
from triage.learn.heads.sayings import Sayings, sayings_in
from triage.learn.heads.side_by_side import plain_products
from triage.learn.heads.twins import grouped, twin_sets
from triage.records import Case, Labels, Target

Row = tuple[Case, str]


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Cases with the digests of their texts, and what belongs to each; `sets` numbers twins."""

    rows: Sequence[Row]
    facts: Sequence[Facts]
    sets: NDArray[np.int64]
    filed: Mapping[Target, Sequence[str | None]]
    vectors: Vectors | None
    encoder_id: str | None
    sayings: Sayings | None = None

    @property
    def cases(self) -> list[Case]:
        """The cases as they are stored."""
        return [case for case, _ in self.rows]

    def part(self, places: NDArray[np.int64]) -> "Material":
        """Return some of it, by place."""
        chosen = places.tolist()
        return Material(
            [self.rows[i] for i in chosen],
            [self.facts[i] for i in chosen],
            self.sets[places],
            {t: [labels[i] for i in chosen] for t, labels in self.filed.items()},
            None if self.vectors is None else self.vectors[places],
            self.encoder_id,
            self.sayings,
        )

    def fit(self, options: FitOptions, progress: Progress) -> FitReport:
        """Fit heads; no fold splits a set of twins."""
        cases = grouped(self.cases, self.sets)
        told = options, progress, self.facts, self.sayings
        with plain_products():
            return fit_classifier(cases, self.vectors, self.encoder_id, *told)

    def ask(self, classifier: Classifier) -> list[Labels]:
        """Return what a classifier says of every case."""
        cases = self.cases
        titles, bodies = [c.title for c in cases], [c.body for c in cases]
        return classifier.predict(titles, bodies, self.vectors, self.facts)


def gather_material(
    database: store.Database,
    forum_id: int,
    encoder: Encoder | None,
    rows: Sequence[Row],
    revision: int,
    progress: Progress,
    usual: Usual | None = None,
) -> Material:
    """Encode what is new of the cases, which were read at a revision of the store.

    `usual` is the time against which a difficulty that nobody filed is made out.
    """
    cases = [case for case, _ in rows]
    named = {case.account for case in cases if case.account}
    with database.read() as c:
        accounts = {name: store.get_account(c, forum_id, name) for name in sorted(named)}
    facts = [facts_of(case, accounts.get(case.account or ""), case.created) for case in cases]
    vectors: Vectors | None = None
    sayings: Sayings | None = None
    if encoder is not None and cases:
        texts = [case.text for case in cases]
        where = (database, forum_id, encoder)
        found = embed(*where, texts, TextRole.QUERY, progress, revision=revision)
        vectors = matrix(found, texts, encoder.dimension)
        languages = {case.lang for case in cases}
        sayings = sayings_in(languages, partial(encoder.encode, role=TextRole.QUERY))
    return Material(
        rows,
        facts,
        twin_sets([case.group for case in cases], [digest for _, digest in rows]),
        filed_labels(cases, usual),
        vectors,
        encoder.id if encoder else None,
        sayings,
    )
