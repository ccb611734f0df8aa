"""A question -> why it is labelled as it is, and the labelled cases that are nearest to it.

In: what a request works with, and a question, which may be that of a reply long past. Out: labels,
what moved each of them, cases; all made anew with the model that is live now.
Not here: the arithmetic (classify.explaining), who may see any of it and in which shape (api).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from triage import store
from triage.classify import Explanation, attribute, explain
from triage.errors import NoTriage
from triage.nearest import NEAREST, Nearest, find_nearest
from triage.pipeline import Parts, label
from triage.records import Labels, Question, Target


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for besides: classes to explain a prediction against, and how many cases.

    `groups` are those of whoever will read it, None of one who reads all.
    """

    groups: frozenset[str] | None
    against: Mapping[Target, str] = field(default_factory=dict)
    most_cases: int = NEAREST


@dataclass(frozen=True, slots=True)
class Explained:
    """Labels, why they are what they are, and the nearest cases, by one model version.

    A target without a head has no explanation; nor has any without a model.
    """

    model_version: str | None
    labels: Labels
    explanations: Mapping[Target, Explanation]
    nearest: Nearest


def explain_question(
    database: store.Database, forum_id: int, parts: Parts, question: Question, wanted: Wanted
) -> Explained:
    """Label a question and say why. Raises BadField where `against` names no class."""
    made = label(parts, question)
    explanations: dict[Target, Explanation] = {}
    if parts.classifier is not None:
        words = question.title, question.body
        read = attribute(parts.classifier.featuriser, *words, made.vector, made.facts)
        for target in Target:
            found = explain(parts.classifier, read, target, wanted.against.get(target))
            if found is not None:
                explanations[target] = found
    with database.read() as c:
        near = find_nearest(
            c, forum_id, parts.encoder, made.vector, groups=wanted.groups, most=wanted.most_cases
        )
    return Explained(parts.version, made.labels, explanations, near)


def find_triage(database: store.Database, forum_id: int, triage_id: str) -> store.TriageRow:
    """Return a kept triage. Raises NoTriage for one of another forum too, or without its words."""
    with database.read() as c:
        row = store.get_triage(c, forum_id, triage_id)
    if row is None or not (row.question["title"] or row.question["body"]):
        raise NoTriage
    return row
