"""Every KnowledgeIndex finds what the plainest one finds."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.encode import HashingEncoder, TextRole
from triage.errors import IndexMismatch
from triage.records import Hit, Unit, UnitKind
from triage.retrieve import IndexedThread, KnowledgeIndex, LocalIndex, PlainIndex, Search

ENCODER = HashingEncoder(64)
Make = Callable[[int | None], KnowledgeIndex]
IMPLEMENTATIONS: list[Make] = [LocalIndex, PlainIndex]

# An index may keep rows as 16-bit fixed point (or half floats).
STORED = 1e-4

every_index = pytest.mark.parametrize("make", IMPLEMENTATIONS)

SENTENCES = (
    "The bank feed stopped with KV-1042 after ninety days.",
    "Renew the consent under Bank and Connections.",
    "Fakturan skickades till fel adress, kan jag skicka den igen?",
    "Rechnungsnummernkreis beginnt jedes Jahr neu",
    "Laskun viitenumero puuttuu verkkolaskulta",
    "Logo is blurry on the printed invoice",
    "Kvitteringer fra mobilen kommer aldrig frem",
)


def thread(
    thread_id: str,
    title: str,
    *answers: str,
    body: str = "",
    groups: frozenset[str] = frozenset(),
    lang: str = "en",
    encoder: HashingEncoder | None = ENCODER,
) -> IndexedThread:
    units = [Unit(UnitKind.TITLE, title)]
    if body:
        units.append(Unit(UnitKind.QUESTION, body))
    units += [Unit(UnitKind.ANSWER, a, f"{thread_id}-a{n}") for n, a in enumerate(answers)]
    texts = [u.text for u in units]
    vectors = encoder.encode(texts, TextRole.PASSAGE) if encoder else None
    return IndexedThread(thread_id, tuple(units), vectors, lang, groups)


def search(text: str, **more: object) -> Search:
    vector = ENCODER.encode([text], TextRole.QUERY)[0]
    return Search(**{"text": text, "lang": "en", "vector": vector, **more})  # type: ignore[arg-type]


def ids(hits: list[Hit]) -> set[str]:
    return {h.thread_id for h in hits}


@every_index
def test_an_empty_index_finds_nothing(make: Make) -> None:
    assert make(64).search(search("anything")) == []
    assert make(64).thread_ids() == frozenset()


@every_index
def test_a_thread_is_found_by_its_own_words(make: Make) -> None:
    index = make(64)
    index.put([thread(f"t{n}", s) for n, s in enumerate(SENTENCES)])
    for n, sentence in enumerate(SENTENCES):
        hits = {h.thread_id: h for h in index.search(search(sentence))}
        own = hits[f"t{n}"]
        assert own.similarity == pytest.approx(1.0, abs=STORED)
        assert own.words is not None
        assert own.words > 0.5
        assert all(h.similarity <= own.similarity for h in hits.values())
        assert all((h.words or 0) <= own.words for h in hits.values())


@every_index
def test_the_best_answer_is_named(make: Make) -> None:
    index = make(64)
    index.put([thread("t", "Bank feed", "Restart the program.", "Renew the consent at the bank.")])
    (hit,) = index.search(search("renew consent"))
    assert hit.answer_id == "t-a1"


@every_index
def test_a_thread_without_answers_names_none(make: Make) -> None:
    index = make(64)
    index.put([thread("t", "Bank feed")])
    (hit,) = index.search(search("bank feed"))
    assert hit.answer_id is None
    assert hit.similarity_answer is None
    assert hit.similarity_question is None


@every_index
def test_a_replaced_thread_is_found_by_its_new_words_alone(make: Make) -> None:
    index = make(64)
    index.put([thread("t", "old zebra text"), thread("other", "something else")])
    index.put([thread("t", "fresh walrus text")])
    found = {h.thread_id: h for h in index.search(search("zebra", vector=None))}
    assert "t" not in found or found["t"].words == 0
    assert "t" in ids(index.search(search("walrus", vector=None)))
    assert index.thread_ids() == {"t", "other"}


@every_index
def test_a_removed_thread_is_gone_from_both_sides(make: Make) -> None:
    index = make(64)
    index.put([thread("t", "walrus"), thread("u", "walrus two")])
    index.remove(["t", "never there"])
    assert ids(index.search(search("walrus"))) == {"u"}
    assert ids(index.search(search("walrus", vector=None))) == {"u"}
    assert ids(index.search(search("walrus", among=frozenset({"t", "u"})))) == {"u"}


@every_index
def test_group_threads_are_found_by_their_groups_alone(make: Make) -> None:
    index = make(64)
    index.put(
        [
            thread("open", "walrus"),
            thread("partners", "walrus", groups=frozenset({"partners"})),
            thread("both", "walrus", groups=frozenset({"partners", "beta"})),
        ]
    )
    assert ids(index.search(search("walrus"))) == {"open"}
    assert ids(index.search(search("walrus", groups=frozenset({"beta"})))) == {"open", "both"}
    everything = frozenset({"open", "partners", "both"})
    assert ids(index.search(search("walrus", among=everything))) == {"open"}


@every_index
def test_hidden_threads_do_not_crowd_out_open_ones(make: Make) -> None:
    index = make(64)
    hidden = [thread(f"h{n}", "walrus", groups=frozenset({"staff"})) for n in range(40)]
    index.put([*hidden, thread("open", "walrus and more words beside it")])
    assert ids(index.search(search("walrus", limit=2))) == {"open"}


@every_index
def test_among_returns_every_named_thread_even_without_a_match(make: Make) -> None:
    index = make(64)
    index.put([thread("a", "walrus"), thread("b", "zebra"), thread("c", "lion")])
    hits = index.search(search("walrus", among=frozenset({"a", "b", "missing"})))
    assert ids(hits) == {"a", "b"}


@every_index
def test_an_index_without_vectors_searches_words(make: Make) -> None:
    index = make(None)
    index.put([thread("a", "walrus", encoder=None), thread("b", "zebra", encoder=None)])
    hits = index.search(search("walrus", vector=None))
    assert ids(hits) == {"a"}
    assert hits[0].similarity is None


@every_index
def test_vectors_of_another_size_are_refused(make: Make) -> None:
    index = make(64)
    with pytest.raises(IndexMismatch):
        index.put([thread("a", "walrus", encoder=HashingEncoder(32))])
    with pytest.raises(IndexMismatch):
        index.put([thread("a", "walrus", encoder=None)])
    assert index.thread_ids() == frozenset()


@every_index
@pytest.mark.parametrize("text", ["", "   ", "\x00", '"(unbalanced AND OR ~^*', "x" * 100_000])
def test_strange_queries_do_not_fail(make: Make, text: str) -> None:
    index = make(64)
    index.put([thread("a", "walrus")])
    assert ids(index.search(search(text))) <= {"a"}


words = st.sampled_from("bank feed logo faktura sende laskun portal walrus zebra KV-1042".split())
titles = st.lists(words, min_size=1, max_size=6).map(" ".join)


@settings(max_examples=40, deadline=None)
@given(corpus=st.lists(titles, min_size=1, max_size=12), query=titles, scale=st.integers(0, 2))
def test_similarities_equal_those_of_plain_numpy(corpus: list[str], query: str, scale: int) -> None:
    """Longer queries are scaled copies: an engine that mixes up distances would show it."""
    threads = [thread(f"t{n:02}", title, *corpus[:2]) for n, title in enumerate(corpus)]
    fast, plain = LocalIndex(64), PlainIndex(64)
    fast.put(threads)
    plain.put(threads)
    asked = search(" ".join([query] * (scale + 1)), among=frozenset(t.thread_id for t in threads))
    expected = {h.thread_id: h for h in plain.search(asked)}
    found = {h.thread_id: h for h in fast.search(asked)}
    assert found.keys() == expected.keys()
    for thread_id, hit in found.items():
        other = expected[thread_id]
        assert hit.similarity_title == pytest.approx(other.similarity_title, abs=STORED)
        assert hit.similarity_answer == pytest.approx(other.similarity_answer, abs=STORED)
        # Word terms differ (stems stand beside words), character n-grams are the same terms;
        # the engine rounds passage lengths, hence the tolerance.
        assert hit.grams == pytest.approx(other.grams, abs=0.12)
        assert ((hit.words or 0) > 0) == ((other.words or 0) > 0)


@settings(max_examples=30, deadline=None)
@given(
    steps=st.lists(st.tuples(st.sampled_from("abcdef"), st.one_of(st.none(), titles)), max_size=25),
    query=titles,
)
def test_any_history_of_puts_and_removes_ends_like_a_fresh_index(
    steps: list[tuple[str, str | None]], query: str
) -> None:
    lived, kept = LocalIndex(64), {}
    for thread_id, title in steps:
        if title is None:
            lived.remove([thread_id])
            kept.pop(thread_id, None)
        else:
            kept[thread_id] = thread(thread_id, title)
            lived.put([kept[thread_id]])
    fresh = PlainIndex(64)
    fresh.put(list(kept.values()))
    assert lived.thread_ids() == fresh.thread_ids()
    asked = search(query, limit=20)
    expected = {h.thread_id: h.similarity for h in fresh.search(asked)}
    found = {h.thread_id: h.similarity for h in lived.search(asked)}
    assert found.keys() == expected.keys()
    for thread_id, similarity in found.items():
        assert similarity == pytest.approx(expected[thread_id], abs=STORED)


def test_inflected_words_are_found_by_their_stem() -> None:
    index = LocalIndex(None)
    index.put([thread("sv", "Fakturorna skickades", lang="sv", encoder=None)])
    hits = index.search(search("fakturor", lang="sv", vector=None))
    assert hits[0].words is not None
    assert hits[0].words > 0


def test_parts_of_compounds_are_found_by_character_ngrams() -> None:
    index = LocalIndex(None)
    index.put([thread("de", "Rechnungsnummernkreis", lang="de", encoder=None)])
    hits = index.search(search("Nummernkreis", lang="de", vector=None))
    assert hits[0].grams is not None
    assert hits[0].grams > 0


def test_the_limit_bounds_the_number_of_hits() -> None:
    index = LocalIndex(64)
    index.put([thread(f"t{n}", f"walrus {n}") for n in range(30)])
    assert len(index.search(search("walrus", limit=7))) == 7


def test_vectors_are_unit_rows() -> None:
    rows = ENCODER.encode(["a b", "", "x" * 10_000], TextRole.PASSAGE)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0)


@every_index
def test_identifiers_match_exactly_and_their_like_speak_against(make: Make) -> None:
    index = make(64)
    threads = {"same": "kv-1042", "like": "kv-1043", "file": "log.txt", "none": None}
    index.put(
        [
            replace(
                thread(name, "The bank feed stopped"),
                identifiers=frozenset({code} if code else ()),
            )
            for name, code in threads.items()
        ]
    )
    asked = search("The bank feed stopped", identifiers=frozenset({"kv-1042", "8.0.2"}))
    hits = {h.thread_id: h.identifiers for h in index.search(asked)}
    assert hits == {"same": 0.5, "like": -1.0, "file": 0.0, "none": 0.0}
    plain = index.search(search("The bank feed stopped"))
    assert {h.identifiers for h in plain} == {None}


@every_index
def test_of_answers_that_say_the_same_the_better_one_is_named(make: Make) -> None:
    index = make(64)
    same = "Renew the consent under Bank and Connections."
    both = thread("t", "Bank", same, same)
    for worth in ({"t-a0": 0.2, "t-a1": 0.9}, {"t-a0": 0.9, "t-a1": 0.2}):
        index.put([replace(both, qualities=worth)])
        (hit,) = index.search(search("renew the consent"))
        assert hit.answer_id == max(worth, key=lambda name: worth[name])
        assert hit.quality == 0.9


@every_index
def test_the_passage_that_speaks_to_the_question_is_named(make: Make) -> None:
    index = make(64)
    units = [Unit(UnitKind.TITLE, "Bank")]
    units += [Unit(UnitKind.ANSWER, text, "a") for text in (SENTENCES[5], SENTENCES[1])]
    vectors = ENCODER.encode([u.text for u in units], TextRole.PASSAGE)
    index.put([IndexedThread("t", tuple(units), vectors, "en")])
    (hit,) = index.search(search("Renew the consent under Bank and Connections"))
    assert (hit.answer_id, hit.passage) == ("a", 1)
