"""Which questions belong to which passages, and which passages are no rivals."""

from dataclasses import replace

import numpy as np

from tests.shifted import pairs_of
from triage.learn.suggestions.adaptation_pairs import PairKind, collect
from triage.records import Answer, Thread
from triage.text import units_of

ORIGINAL = Thread(
    "original",
    "Feed stopped",
    "Since Friday.",
    (Answer("o1", "Renew the consent.", accepted=True), Answer("o2", "Same here.")),
    solved=True,
    lang="en",
)
TWIN = Thread("twin", "No bank lines", "Help!", lang="sv", duplicate_of=("original", "elsewhere"))
STAFF = Thread(
    "staff", "Blurry logo", "", (Answer("s1", "Upload a PNG.", staff=True),), solved=True
)
OPEN = Thread("open", "Dark mode", "", (Answer("p1", "Not yet.", staff=True),))
PAGE = Thread("page", "", "", (Answer("k1", "How imports work.", staff=True),), solved=True)
FORUM = [replace(t, lang=t.lang or "en") for t in (ORIGINAL, TWIN, STAFF, OPEN, PAGE)]


def texts(name: str, kind: PairKind) -> list[str]:
    pairs, passages = collect(FORUM)
    (pair,) = [p for p in pairs if (p.thread_id, p.kind) == (name, kind)]
    return [passages.texts[row] for row in pair.right]


def test_a_question_belongs_to_what_settled_it_and_not_to_itself() -> None:
    assert texts("original", PairKind.ANSWER) == ["Renew the consent."]
    assert texts("staff", PairKind.ANSWER) == ["Upload a PNG."]


def test_a_duplicate_belongs_to_all_of_its_original() -> None:
    assert texts("twin", PairKind.DUPLICATE) == [u.text for u in units_of(ORIGINAL)]


def test_open_threads_and_pages_without_a_question_make_no_pair() -> None:
    pairs, _ = collect(FORUM)
    assert sorted(p.thread_id for p in pairs) == ["original", "staff", "twin"]


def test_passages_are_those_of_the_index() -> None:
    _, passages = collect(FORUM)
    assert list(passages.texts) == [u.text for t in FORUM for u in units_of(t)]


def test_a_question_is_worded_as_it_is_encoded_when_asked() -> None:
    pairs, _ = collect(FORUM)
    assert {p.text for p in pairs} == {
        "Feed stopped\nSince Friday.",
        "No bank lines\nHelp!",
        "Blurry logo",
    }


def test_links_join_groups_through_others() -> None:
    chain = [
        Thread("a", "one", "", (Answer("x", "so", accepted=True),), solved=True),
        Thread("b", "two", "", duplicate_of=("a",)),
        Thread("c", "three", "", duplicate_of=("b",)),
        Thread("d", "four", "", (Answer("y", "thus", accepted=True),), solved=True),
    ]
    pairs, _ = collect([replace(t, lang="en") for t in chain])
    groups = {p.thread_id: p.group for p in pairs}
    assert groups["a"] == groups["b"] == groups["c"] != groups["d"]
    assert {p.beside for p in pairs if p.thread_id != "d"} == {(0, 1, 2)}


def test_its_own_group_is_no_rival_and_answers_have_answers_as_rivals() -> None:
    pairs = pairs_of(FORUM)
    every = np.arange(len(pairs.vectors))
    right, counts = pairs.marked(np.arange(len(pairs.pairs)), every)
    for row, pair in enumerate(pairs.pairs):
        assert set(np.flatnonzero(right[row])) == set(pair.right)
        rivals = {pairs.passages.texts[i] for i in np.flatnonzero(counts[row] & ~right[row])}
        if pair.thread_id == "original":
            assert rivals == {"Upload a PNG.", "Not yet.", "How imports work."}
        if pair.thread_id == "twin":
            assert "Blurry logo" in rivals
            assert not rivals & {"No bank lines", "Same here."}


def test_a_part_of_the_passages_is_marked_alike() -> None:
    pairs = pairs_of(FORUM)
    chosen = np.arange(len(pairs.pairs))
    whole = pairs.marked(chosen, np.arange(len(pairs.vectors)))
    some = np.array([1, 2, 5, len(pairs.vectors) - 1])
    for of_some, of_all in zip(pairs.marked(chosen, some), whole, strict=True):
        assert np.array_equal(of_some, of_all[:, some])
