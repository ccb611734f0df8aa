"""The lexical side gives what one search of tantivy for each list gave, and survives what is done.

The former way (benchmarks.lexical_before) is the reference.
"""

import hashlib
import json
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.lexical_before import LexicalBefore, ThreadPassage
from triage.retrieve import asked as asking
from triage.retrieve.asked import Field
from triage.retrieve.lexical import LexicalSide, Passage

EVERYBODY: frozenset[str] = frozenset()
STAFF = frozenset({"staff"})
# Without İ and Σ: a lower-cased text has them otherwise than lower-cased letters, and the texts are
# lower-cased now, as in PlainIndex.
WORDS = (
    "bank feed fakturan fakturor Rechnungsnummernkreis laskun viitenumero KV-1042 kvittering"
    " renew renewal consents the of zebra walrus 8.0.2 ÅÄÖ smørrebrød Straße 日本語"
    " наш a I"
).split()

texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=70).map(" ".join)
langs = st.sampled_from(["en", "sv", "de", "fi", "xx"])
audiences = st.sampled_from([EVERYBODY, STAFF, frozenset({"staff", "beta"}), frozenset({"beta"})])
corpora = st.lists(st.tuples(texts, langs, audiences), min_size=1, max_size=25)


def passages(corpus: Sequence[tuple[str, str, frozenset[str]]]) -> list[Passage]:
    return [Passage(n, *told) for n, told in enumerate(corpus)]


def filled(*corpus: str, folder: Path | None = None) -> LexicalSide:
    side = LexicalSide(folder)
    side.replace([], passages([(text, "en", EVERYBODY) for text in corpus]))
    return side


def proposed(side: LexicalSide, text: str, groups: frozenset[str] = EVERYBODY) -> list[list[int]]:
    return side.propose(side.ask(text, "en"), groups, 50)


def evidence(side: LexicalSide, text: str, numbers: Sequence[int]) -> list[list[float]]:
    both = side.evidence(side.ask(text, "en"), np.asarray(numbers, dtype=np.int64))
    return [list(map(float, one)) for one in both]


def files_in(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def folders(parent: Path, *names: str) -> list[Path]:
    made = [parent / name for name in names]
    for folder in made:
        folder.mkdir()
    return made


@settings(max_examples=40, deadline=None)
@given(corpus=corpora, query=texts, lang=langs, groups=audiences)
def test_relevances_and_order_are_those_of_one_search_for_each(
    corpus: list[tuple[str, str, frozenset[str]]],
    query: str,
    lang: str,
    groups: frozenset[str],
) -> None:
    side, before = LexicalSide(), LexicalBefore()
    side.replace([], passages(corpus))
    before.replace([], [ThreadPassage(n, f"t{n}", *told) for n, told in enumerate(corpus)])
    asked = side.ask(query, lang)
    readable = [n for n, (*_, who) in enumerate(corpus) if not who or who & groups]
    now = side.evidence(asked, np.asarray(readable, dtype=np.int64))
    for of, relevances, numbers in zip(Field, now, side.propose(asked, groups, 10), strict=True):
        then = before.relevances(of, query, lang, groups=groups, among=None, limit=100)
        assert set(then) <= set(readable)
        assert relevances.tolist() == pytest.approx([then.get(n, 0.0) for n in readable], abs=2e-6)
        best = sorted(then.values(), reverse=True)[:10]
        assert [then[n] for n in numbers] == pytest.approx(best, abs=2e-6)


@settings(max_examples=30, deadline=None)
@given(corpus=corpora, query=texts, groups=audiences)
def test_what_fewer_terms_propose_is_ordered_by_all_of_them(
    corpus: list[tuple[str, str, frozenset[str]]], query: str, groups: frozenset[str]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "_FEW_POSTINGS", 2)
        patch.setattr(asking, "_MOST_POSTINGS", 3)
        patch.setattr(asking, "_FEWEST_TERMS", 1)
        side = LexicalSide()
        side.replace([], passages(corpus))
        asked = side.ask(query, "en")
        for place, numbers in enumerate(side.propose(asked, groups, 10)):
            for number in numbers:
                who = corpus[number][2]
                assert not who or who & groups
            relevances = side.evidence(asked, np.asarray(numbers, dtype=np.int64))[place].tolist()
            assert relevances == pytest.approx(sorted(relevances, reverse=True), abs=1e-6)
            assert all(relevance > 0 for relevance in relevances)


@settings(max_examples=80, deadline=None)
@given(text=st.text(max_size=40))
def test_every_run_of_four_characters_is_found_where_it_stands(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    side = filled(text)
    (relevance,) = evidence(side, text, [0])[1]
    assert proposed(side, text)[1] == ([0] if len(text.lower()) > 3 else [])
    assert (relevance > 0) == (len(text.lower()) > 3)


def test_frequent_words_alone_still_propose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_FEW_POSTINGS", 0)
    monkeypatch.setattr(asking, "_MOST_POSTINGS", 1)
    side = filled(*["the bank"] * 9, "the zebra")
    assert sorted(proposed(side, "the bank")[0]) == list(range(10))


def test_a_search_that_began_before_a_removal_ends_as_it_began() -> None:
    side = filled("walrus", "zebra")
    asked = side.ask("walrus", "en")
    side.replace([0], [])
    assert side.propose(asked, EVERYBODY, 5)[0] == [0]
    assert proposed(side, "walrus") == [[], []]


def test_what_is_written_is_seen_when_it_is_shown() -> None:
    side = filled("walrus")
    side.write([], [Passage(1, "zebra", "en", EVERYBODY)])
    assert proposed(side, "zebra") == [[], []]
    side.show()
    assert proposed(side, "zebra") == [[1], [1]]


def test_nothing_removed_is_proposed_nor_counts_in_mean_lengths() -> None:
    side = filled("walrus " * 40, "walrus and zebra", "lion")
    side.replace([0], [])
    assert proposed(side, "walrus")[0] == [1]
    fresh = filled("walrus and zebra", "lion")
    for text in ("zebra", "walrus lion"):
        assert evidence(side, text, [1, 2]) == evidence(fresh, text, [0, 1])


def test_numbers_may_be_left_out_but_not_used_twice() -> None:
    side = filled("walrus")
    side.replace([], [Passage(5, "zebra", "en", EVERYBODY)])
    assert evidence(side, "zebra", [0, 3, 5])[0] == pytest.approx([0.0, 0.0, 1.0], abs=0.1)
    with pytest.raises(ValueError, match="Unit 5 is counted already"):
        side.write([], [Passage(5, "lion", "en", EVERYBODY)])
    side.replace([], [Passage(6, "lion", "en", EVERYBODY)])
    assert sorted(proposed(side, "lion zebra")[0]) == [5, 6]


def test_a_text_that_cannot_be_written_leaves_the_index_as_it_was() -> None:
    side = filled("walrus")
    broken = [Passage(1, "zebra", "en", EVERYBODY), Passage(2, "\ud800 lion", "en", EVERYBODY)]
    with pytest.raises(UnicodeEncodeError):
        side.write([0], broken)
    side.show()
    assert proposed(side, "walrus zebra lion")[0] == [0]


def test_a_snapshot_says_the_same_and_is_never_written_to(tmp_path: Path) -> None:
    live, snapshot, work, again, last = folders(tmp_path, "live", "shot", "work", "again", "last")
    side = filled("walrus and bank feed", "zebra in the bank", "lion", folder=live)
    side.replace([2], [Passage(3, "a walrus for staff", "en", STAFF)])
    side.save(snapshot)
    kept = files_in(snapshot)
    opened = LexicalSide.open(snapshot, work)
    for groups in (EVERYBODY, STAFF):
        assert proposed(opened, "walrus bank", groups) == proposed(side, "walrus bank", groups)
    everything = [0, 1, 3]
    assert evidence(opened, "walrus bank", everything) == evidence(side, "walrus bank", everything)
    for one in (side, opened):
        for number in range(4, 30):  # often enough for parts of the index to be merged
            one.replace([number - 1], [Passage(number, f"walrus {number}", "en", EVERYBODY)])
    assert files_in(snapshot) == kept
    opened.save(again)
    opened.close()
    third = LexicalSide.open(again, last)
    assert proposed(third, "walrus")[0] == proposed(side, "walrus")[0] == [29, 0]
    assert proposed(third, "walrus", STAFF)[0] == [29, 0]


def test_a_snapshot_is_taken_while_parts_are_merged(tmp_path: Path) -> None:
    (live,) = folders(tmp_path, "live")
    side = filled("walrus", folder=live)
    for number in range(1, 41):
        side.replace([], [Passage(number, f"walrus {number}", "en", EVERYBODY)])
        snapshot, work = folders(tmp_path, f"shot{number}", f"work{number}")
        side.save(snapshot)
        opened = LexicalSide.open(snapshot, work)
        assert len(proposed(opened, "walrus")[0]) == number + 1
        opened.close()


def test_an_index_in_memory_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="in memory"):
        filled("walrus").save(tmp_path)


def test_a_snapshot_of_another_format_is_refused(tmp_path: Path) -> None:
    live, snapshot, work = folders(tmp_path, "live", "shot", "work")
    filled("walrus", folder=live).save(snapshot)
    told = json.loads((snapshot / "lexical.json").read_text())
    (snapshot / "lexical.json").write_text(json.dumps({**told, "format": 0}))
    with pytest.raises(ValueError, match="format 0"):
        LexicalSide.open(snapshot, work)


def test_searches_go_on_while_somebody_writes() -> None:
    side = filled("walrus 0")
    wrong: list[BaseException] = []
    stop = threading.Event()

    def search() -> None:
        try:
            while not stop.is_set():
                found = proposed(side, "walrus")[0]
                assert found
                # What was found may be wiped by now; it is never anything else.
                assert all(relevance >= 0 for relevance in evidence(side, "walrus", found)[0])
        except BaseException as error:
            wrong.append(error)

    searchers = [threading.Thread(target=search) for _ in range(2)]
    for one in searchers:
        one.start()
    for number in range(1, 60):
        side.replace([number - 1], [Passage(number, f"walrus {number}", "en", EVERYBODY)])
    stop.set()
    for one in searchers:
        one.join()
    assert not wrong
