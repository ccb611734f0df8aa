"""A kept question comes back whole and is labelled as it was."""

from datetime import UTC, datetime
from math import log
from pathlib import Path

import pytest

from tests.forum import SmallForum, small_forum
from tests.test_desk import learn
from triage import store
from triage.classify import Explanation, Head
from triage.errors import NoTriage
from triage.explanation import Wanted, explain_question, find_triage
from triage.kept import kept_question
from triage.records import Attachment, Context, Draft, Labels, Stage, Target

DRAFT = Draft(
    "Crash with a stack trace",
    "Data is lost in ledger, write to jane@customer.example",
    lang="en",
    product="ledger",
    version="8.2",
    context=Context(page="/books", error_text="E-417"),
    customer_severity=2,
    attachments=(Attachment("log.txt", "text/plain", "boom"),),
    person="p",
    account="acme",
    groups=frozenset({"beta", "alpha"}),
    session="s",
    stage=Stage.TYPING,
)


def test_a_question_comes_back_from_the_store_as_it_was(tmp_path: Path) -> None:
    with small_forum(tmp_path) as small:
        reply = small.desk().ask(DRAFT, clock=lambda: datetime(2026, 3, 2, tzinfo=UTC))
        row = find_triage(small.database, small.forum.id, reply.triage_id)
        assert kept_question(row) == reply.question
        assert reply.question.sensitive


def test_a_triage_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with small_forum(tmp_path) as small, pytest.raises(NoTriage):
        find_triage(small.database, small.forum.id, "0" * 32)


@pytest.mark.parametrize("encoder", [True, False])
def test_every_label_that_a_head_gave_is_explained(tmp_path: Path, encoder: bool) -> None:
    without = {} if encoder else {"encoder": None}
    with small_forum(tmp_path, **without) as small:
        version = learn(small)
        desk = small.desk()
        reply = desk.ask(DRAFT)
        found = explain_question(
            small.database, small.forum.id, desk.parts(), reply.question, Wanted(None)
        )
        assert found.model_version == reply.model_version == version
        assert found.labels == reply.labels
        classifier = desk.parts().classifier
        assert classifier is not None
        for target, why in found.explanations.items():
            said = _said(reply.labels, classifier.heads[target], why)
            assert why.log_odds == pytest.approx(said, abs=1e-4)
            if target is not Target.DIFFICULTY:
                assert why.explained == reply.labels[target].value
        assert found.explanations.keys() >= {Target.KIND, Target.DESTINATION}
        assert (found.nearest.compared == 60) is encoder
        assert _labelled(small) == 60


def _said(labels: Labels, head: Head, why: Explanation) -> float:
    """The log-odds that the reply's probabilities came of, before the lapse."""
    label = labels[why.target]
    assert label.probability is not None
    known = {why.explained: label.probability, **dict(label.alternatives)}
    lapse = head.lapse / len(head.classes)
    return log((known[why.explained] - lapse) / (known[why.against] - lapse))


def _labelled(small: SmallForum) -> int:
    with small.database.read() as c:
        return store.count_cases(c, small.forum.id)
