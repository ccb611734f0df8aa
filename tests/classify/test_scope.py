"""What a scope says of vectors, whoever fitted it."""

from dataclasses import replace

import numpy as np
import pytest

from triage.classify import Classifier, Head, Known, Scope, fit_featuriser
from triage.errors import IndexMismatch
from triage.records import Novelty, Target


def a_scope(novel_from: float = 0.9) -> Scope:
    """Two topics, along the first and the second of three directions."""
    basis = np.eye(3, dtype=np.float32)
    return Scope(
        Known(
            basis,
            prototypes=basis[:2],
            first_of=np.array([0, 1]),
            weights=basis[:, :2],
            intercept=np.zeros(2, dtype=np.float32),
        ),
        slopes=np.array([4.0, 4.0, 0.5, 0.0]),
        constant=5.0,
        tail_from=0.0,
        steepness=0.0,
        novel_from=novel_from,
    )


KNOWN, NOVEL = np.array([[1, 0, 0]], np.float32), np.array([[0, 0, 1]], np.float32)


def test_what_lies_in_no_topics_direction_is_novel() -> None:
    scope = a_scope()
    (known,), (novel,) = scope.labels(KNOWN), scope.labels(NOVEL)
    assert (known.value, novel.value) == (Novelty.KNOWN, Novelty.NOVEL)
    assert not known.abstained
    assert not novel.abstained
    assert known.alternatives[0][0] == Novelty.NOVEL


def test_novel_is_only_a_suspicion_below_its_threshold() -> None:
    (label,) = a_scope(novel_from=0.9999).labels(NOVEL)
    assert label.value == Novelty.NOVEL
    assert label.abstained


def test_a_rows_signals_do_not_hang_on_the_rows_beside_it() -> None:
    known = a_scope().known
    rows = np.random.default_rng(0).normal(size=(5000, 3)).astype(np.float32)
    together = known.signals(rows)
    np.testing.assert_allclose(together[4321:4322], known.signals(rows[4321:4322]), rtol=1e-4)


def test_vectors_of_another_dimension_are_refused() -> None:
    with pytest.raises(IndexMismatch):
        a_scope().probabilities(np.ones((1, 4), np.float32))


def test_no_rows_give_no_labels() -> None:
    assert a_scope().labels(np.empty((0, 3), np.float32)) == []


def test_a_classifier_says_what_its_scope_says_and_nothing_without_vectors() -> None:
    featuriser, _ = fit_featuriser(["a b"], [""], KNOWN)
    width = featuriser.width
    head = Head(
        Target.KIND,
        ("bug", "how_to"),
        np.zeros((width, 2), np.float32),
        np.zeros(2),
        1.0,
        np.zeros(2),
        0.0,
        (0.1, 0.1),
    )
    classifier = Classifier(featuriser, {Target.KIND: head}, "some", a_scope())
    assert classifier.predict(["a"], [""], NOVEL)[0][Target.SCOPE].value == Novelty.NOVEL
    assert classifier.predict(["a"], [""], None)[0][Target.SCOPE].value is None


def test_below_the_tail_the_odds_grow_faster_and_above_it_nothing_changes() -> None:
    plain, steep = a_scope(), replace(a_scope(), tail_from=2.0, steepness=1.0)
    assert steep.probabilities(KNOWN) == plain.probabilities(KNOWN)
    assert steep.probabilities(NOVEL) > plain.probabilities(NOVEL)
