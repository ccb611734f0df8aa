"""Evidence -> probability."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.rank import (
    FEATURES,
    REGIMES,
    Features,
    Ranker,
    Weights,
    applicability_of,
    features_of,
    load_ranker,
    rank,
    save_ranker,
)
from triage.records import Answer, Applicability, Hit, Match, Question, Side, Thread

QUESTION = Question("t", "b", "en", product="ledger", version="8.0.2")


def ranked(
    hits: list[Hit], threads: dict[str, Thread] | None = None, side: Side = Side.BOTH
) -> list[Match]:
    known = threads or {h.thread_id: Thread(h.thread_id, "t", "b") for h in hits}
    return rank(load_ranker(), QUESTION, hits, known, side=side, known_language=True)


def table(hits: list[Hit], side: Side) -> Features:
    threads = {h.thread_id: Thread(h.thread_id, "t", "b", lang="en") for h in hits}
    return features_of(QUESTION, hits, threads, side)


def hit(thread_id: str, similarity: float, words: float, grams: float) -> Hit:
    return Hit(thread_id, similarity, None, similarity, words, grams)


def test_more_evidence_ranks_higher() -> None:
    matches = ranked([hit("weak", 0.2, 0.1, 0.1), hit("strong", 0.9, 0.9, 0.9)])
    assert [m.thread_id for m in matches] == ["strong", "weak"]
    assert matches[0].probability > 0.5 > matches[1].probability


@pytest.mark.parametrize("side", list(Side))
def test_each_side_ranks_by_its_own_evidence_alone(side: Side) -> None:
    dense, lexical = Hit("dense", 0.9, None, 0.9, 0.0, 0.0), Hit("words", 0.1, None, 0.1, 0.9, 0.9)
    first = ranked([dense, lexical], side=side)[0].thread_id
    if side is Side.DENSE:
        assert first == "dense"
    if side is Side.LEXICAL:
        assert first == "words"


def test_the_newest_of_the_rivals_is_most_recent_whatever_day_it_is() -> None:
    day = datetime(2020, 5, 1, tzinfo=UTC)
    threads = {
        "new": Thread("new", "t", "b", created=day),
        "old": Thread("old", "t", "b", created=day.replace(year=2018)),
        "mended": Thread(
            "mended",
            "t",
            "b",
            created=day.replace(year=2010),
            answers=(Answer("a", "x", updated=day.replace(year=2019)),),
        ),
        "undated": Thread("undated", "t", "b"),
    }
    hits = [hit(i, 0.5, 0.5, 0.5) for i in threads]
    rows = features_of(QUESTION, hits, threads, Side.BOTH)
    recency = rows[:, FEATURES.index("recency")]
    assert recency == pytest.approx([1.0, 1 / 3, 1 / 2, 1 / 2], abs=0.002)
    nobody = features_of(QUESTION, hits[3:], threads, Side.BOTH)
    assert nobody[0, FEATURES.index("recency")] == 0.5


def test_nothing_found_ranks_nothing() -> None:
    assert ranked([]) == []


def test_a_thread_that_vanished_meanwhile_is_left_out() -> None:
    assert ranked([hit("gone", 0.9, 0.9, 0.9)], {"other": Thread("other", "", "")}) == []


values = st.floats(0, 1)
hits = st.lists(st.tuples(values, values, values), min_size=1, max_size=8).map(
    lambda rows: [hit(f"t{n}", *row) for n, row in enumerate(rows)]
)


@given(hits)
def test_probabilities_are_finite_ordered_and_within_bounds(found: list[Hit]) -> None:
    matches = ranked(found)
    chances = [m.probability for m in matches]
    assert len(matches) == len(found)
    assert chances == sorted(chances, reverse=True)
    assert all(0 < c < 1 for c in chances)


@given(hits)
def test_the_order_of_candidates_does_not_matter(found: list[Hit]) -> None:
    other = list(reversed(found))
    assert {m.thread_id: round(m.probability, 9) for m in ranked(found)} == {
        m.thread_id: round(m.probability, 9) for m in ranked(other)
    }


def test_features_of_one_side_leave_the_other_at_zero() -> None:
    rows = [hit("a", 0.5, 0.4, 0.3), hit("b", 0.2, 0.1, 0.0)]
    dense = [n for n, name in enumerate(FEATURES) if name.startswith("similarity_")]
    known = ("answer_quality", "same_language", "question_known", "recency")
    lexical = [n for n, name in enumerate(FEATURES) if n not in dense and name not in known]
    for side, own in ((Side.DENSE, dense), (Side.LEXICAL, lexical)):
        found = table(rows, side).any(axis=0)
        assert set(np.flatnonzero(found)) <= set(own)
        assert found[own[0]]
    assert table(rows, Side.BOTH).shape == (2, len(FEATURES))


def test_a_title_counts_by_itself_beside_a_nearer_question() -> None:
    far, near = (Hit(name, title, 0.8, 0.3) for name, title in (("far", 0.2), ("near", 0.7)))
    rows = table([far, near], Side.DENSE)
    assert np.ptp(rows[:, FEATURES.index("similarity_asked")]) == 0.0
    assert np.allclose(rows[:, FEATURES.index("similarity_titled")], [0.2, 0.7])
    untitled = table([Hit("bare", None, None, 0.6)], Side.DENSE)
    assert untitled[0, FEATURES.index("similarity_titled")] == 0.6


def test_the_lead_is_the_distance_to_the_best_rival() -> None:
    rows = [hit("a", 0.9, 0.0, 0.0), hit("b", 0.7, 0.0, 0.0), hit("c", 0.4, 0.0, 0.0)]
    lead = table(rows, Side.BOTH)[:, FEATURES.index("similarity_lead")]
    assert np.allclose(lead, [0.2, -0.2, -0.5])


@pytest.mark.parametrize(
    ("product", "valid", "expected"),
    [
        ("portal", None, Applicability.OTHER_PRODUCT),
        ("ledger", ">=8.0,<8.1", Applicability.FITS),
        ("ledger", "<8.0", Applicability.OTHER_VERSION),
        ("ledger", None, Applicability.UNKNOWN),
        (None, None, Applicability.UNKNOWN),
        (None, ">=8.0", Applicability.FITS),
    ],
)
def test_applicability_says_what_is_known(
    product: str | None, valid: str | None, expected: Applicability
) -> None:
    thread = Thread("t", "", "", product=product, valid_versions=valid)
    assert applicability_of(QUESTION, thread) is expected


def test_an_unreadable_version_is_unknown_not_an_error() -> None:
    question = Question("t", "b", "en", version="the newest one")
    thread = Thread("t", "", "", valid_versions=">=8.0")
    assert applicability_of(question, thread) is Applicability.UNKNOWN


def test_a_thread_for_another_version_loses_probability() -> None:
    threads = {
        "fits": Thread("fits", "", "", product="ledger", valid_versions=">=8.0"),
        "old": Thread("old", "", "", product="ledger", valid_versions="<8.0"),
    }
    fits, old = ranked([hit("fits", 0.7, 0.5, 0.5), hit("old", 0.7, 0.5, 0.5)], threads)
    assert (fits.thread_id, old.thread_id) == ("fits", "old")
    assert fits.probability > old.probability


def test_reasons_name_what_speaks_for_the_answer() -> None:
    answer = Answer("a1", "so", accepted=True, staff=True)
    thread = Thread("t", "", "", (answer,), verified_by="someone")
    evidence = Hit("t", 0.9, None, 0.9, 0.9, 0.9, "a1")
    (match,) = ranked([evidence], {"t": thread})
    assert {r.code for r in match.reasons} == {"accepted_answer", "staff_answer", "staff_verified"}


def test_a_ranker_survives_its_file(tmp_path: Path) -> None:
    weights = Weights(-1.5, tuple(0.1 * n for n in range(len(FEATURES))))
    ranker = Ranker(dict.fromkeys(REGIMES, weights), "a test", -0.5, -0.7)
    save_ranker(ranker, tmp_path / "r.json")
    assert load_ranker(tmp_path / "r.json") == ranker


def test_the_shipped_ranker_has_every_regime() -> None:
    ranker = load_ranker()
    assert set(ranker.regimes) == set(REGIMES)
    assert all(len(w.weights) == len(FEATURES) for w in ranker.regimes.values())
