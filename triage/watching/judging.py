"""Cases that people labelled after a model was trained -> whether the model is right of them.

In: the open model, and cases that it has not seen. Out: its guesses, right or wrong, and what was
promised of them when it was evaluated. A label is what people filed.
Not here: the betting (insight.drift), learning (learn).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from triage import store
from triage.classify import facts_of
from triage.embedding import embed, matrix
from triage.encode import TextRole
from triage.insight.drift import Judged
from triage.pipeline import Parts
from triage.records import Case, Target
from triage.review import is_ours, relabelled
from triage.store import ReviewedLabel
from triage.watching.moments import day_of, moment_of

# The id of a case, and a target.
_Labelled = tuple[str, str]
TARGETS = (Target.KIND, Target.TOPIC, Target.SEVERITY, Target.DESTINATION)
# The latest ones; so many say enough.
_MOST = 5_000


@dataclass(frozen=True, slots=True)
class Guess:
    """What a model says of one target of a case, and what people filed; `spoken`: surely enough."""

    day: int
    who: str
    target: Target
    guess: str
    filed: str
    spoken: bool
    lang: str | None
    product: str | None

    @property
    def right(self) -> bool:
        """Whether people filed what the model says."""
        return _key(self.guess) == _key(self.filed)


def guesses(
    database: store.Database, forum_id: int, parts: Parts, since: int, until: int
) -> list[Guess]:
    """Have a model label the cases created from the day `since` to before the day `until`."""
    if parts.classifier is None:
        return []
    with database.read() as c:
        revision = store.revision_of(c, forum_id)
        rows = store.iter_cases(c, forum_id, moment_of(since))
        found = [case for case, _ in rows if case.created and day_of(case.created) < until]
        cases = unbent(c, forum_id, found)[-_MOST:]
        named = sorted({case.account for case in cases if case.account})
        accounts = {name: store.get_account(c, forum_id, name) for name in named}
    vectors = None
    texts = [case.text for case in cases]
    if parts.encoder is not None and cases:
        where = (database, forum_id, parts.encoder)
        known = embed(*where, texts, TextRole.QUERY, revision=revision)
        vectors = matrix(known, texts, parts.encoder.dimension)
    facts = [facts_of(case, accounts.get(case.account or ""), case.created) for case in cases]
    words = [case.title for case in cases], [case.body for case in cases]
    labels = parts.classifier.predict(*words, vectors, facts)
    return [one for case, said in zip(cases, labels, strict=True) for one in _of(case, said)]


def unbent(c: store.Connection, forum_id: int, cases: Sequence[Case]) -> list[Case]:
    """Return the cases that no doubt of the machine's has chosen, with the labels they came with.

    What leads chose to look at was chosen because it might be wrong; it says nothing of the rest,
    nor does what they corrected. What the review queue drew by lot counts as they labelled it. Of
    what this service made cases of itself, it alone counts: the rest is there for how it ended.
    """
    ids = [case.id for case in cases]
    said = store.reviewed_labels_of(c, forum_id, ids)
    drawn = {(one.case_id, one.target): one.label for one in said if one.by_lot}
    filed = _filed(said, store.settled_doubts(c, forum_id, ids))
    kept = [_unbent(case, drawn, filed) for case in cases]
    return [case for case in kept if any(getattr(case, t.value) is not None for t in TARGETS)]


def _unbent(
    case: Case, drawn: Mapping[_Labelled, str], filed: Mapping[_Labelled, str | None]
) -> Case:
    for target in TARGETS:
        name = case.id, target.value
        if name in drawn:
            case = relabelled(case, target, drawn[name])
        elif is_ours(case.id):
            case = relabelled(case, target, None)
        elif name in filed:
            case = relabelled(case, target, filed[name])
    return case


def _filed(
    said: Sequence[ReviewedLabel], doubts: Sequence[store.DoubtRow]
) -> dict[_Labelled, str | None]:
    """Return with which labels cases came: those that the first word on each began from."""
    filed = {(one.case_id, one.target): one.filed for one in said}
    at = {(one.case_id, one.target): one.decided_at for one in said}
    for one in doubts:
        name = one.case_id, one.target
        if name not in filed:
            filed[name] = one.label
        elif filed[name] == one.decided and one.decided_at and one.decided_at <= at[name]:
            filed[name] = one.label
    return filed


def judged_of(found: Sequence[Guess]) -> dict[str, Judged]:
    """Return the guesses that were spoken, by target, with slices."""
    told: dict[str, Judged] = {}
    numbers: dict[str, int] = {}
    for target in TARGETS:
        mine = [one for one in found if one.target is target and one.spoken]
        slices: dict[str, list[str | None]] = {
            "lang": [one.lang for one in mine],
            "product": [one.product for one in mine],
            target.value: [one.guess for one in mine],
        }
        told[target.value] = Judged(
            np.array([one.day for one in mine], dtype=np.int64),
            np.array([numbers.setdefault(one.who, len(numbers)) for one in mine], dtype=np.int64),
            np.array([one.right for one in mine], dtype=np.bool_),
            slices,
        )
    return told


def promises_of(metrics: Mapping[str, Any]) -> dict[str, float]:
    """Return the precision that was promised of each target when the model was evaluated.

    What was wanted, and less where even then it was not reached. Who was to keep silent of a target
    promised nothing of it.
    """
    found: dict[str, float] = {}
    for target in TARGETS:
        told = metrics.get(target.value) or {}
        wanted, reached = told.get("precision_wanted"), told.get("precision")
        if wanted is not None and reached is not None and told.get("coverage"):
            found[target.value] = min(float(wanted), float(reached), 0.999)
    return found


def _of(case: Case, labels: Mapping[Target, Any]) -> list[Guess]:
    assert case.created is not None
    told: list[Guess] = []
    for target in TARGETS:
        label, filed = labels.get(target), getattr(case, target.value)
        if filed is None or label is None or label.value is None:
            continue
        one = Guess(
            day_of(case.created),
            case.person or case.id,
            target,
            str(label.value),
            str(filed),
            not label.abstained,
            case.lang,
            case.product,
        )
        told.append(one)
    return told


def _key(label: str) -> str:
    return " ".join(label.split()).casefold()
