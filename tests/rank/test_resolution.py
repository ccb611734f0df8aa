"""Duplicate links become clusters, each with one thread that stands for it."""

from collections.abc import Iterable
from dataclasses import fields, replace
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.rank.resolution import LENT, OWN, Folded, Link, Resolution, fold, link_of
from triage.records import Answer, Hit, Thread


def solved(thread_id: str, *duplicate_of: str, **more: object) -> Link:
    return replace(Link(thread_id, duplicate_of, solved=True, has_answers=True), **more)  # type: ignore[arg-type]


def waiting(thread_id: str, *duplicate_of: str, **more: object) -> Link:
    return replace(Link(thread_id, duplicate_of), **more)  # type: ignore[arg-type]


def shown(links: Iterable[Link], thread_id: str, *groups: str, **more: str) -> str | None:
    found = Resolution.of(links)
    return found.canonical(thread_id, groups, more.get("lang"), more.get("version"))


IDS = st.sampled_from("abcdef")
GROUPS = st.frozensets(st.sampled_from("xy"), max_size=2)
LINKS = st.builds(
    Link,
    thread_id=IDS,
    duplicate_of=st.lists(st.sampled_from("abcdefz"), max_size=3).map(tuple),
    superseded_by=st.none() | st.none() | st.sampled_from("abcdefz"),
    solved=st.booleans(),
    has_answers=st.booleans(),
    groups=GROUPS,
    verified=st.booleans(),
    outdated_votes=st.integers(0, 2),
    votes=st.integers(0, 2),
    lang=st.sampled_from(["en", "sv", None]),
    valid_versions=st.sampled_from([None, ">=8", "<8", "nonsense"]),
)
GRAPHS = st.lists(LINKS, max_size=6, unique_by=lambda link: link.thread_id)
ASKERS = st.tuples(GROUPS, st.sampled_from(["en", None]), st.sampled_from([None, "8.0", "odd"]))
Asker = tuple[frozenset[str], str | None, str | None]


def closed(links: list[Link], chosen: Iterable[str]) -> list[Link]:
    """Return what the store gives for some threads: they, and those that they point at."""
    known = {link.thread_id: link for link in links}
    asked = [known[i] for i in chosen if i in known]
    named = {name for link in asked for name in link.points_at if name in known}
    return asked + [known[name] for name in sorted(named)]


@given(GRAPHS, ASKERS)
def test_what_is_offered_is_solved_answered_readable_and_not_superseded(
    links: list[Link], asker: Asker
) -> None:
    known = {link.thread_id: link for link in links}
    resolution = Resolution.of(links)
    for thread_id in known:
        chosen = resolution.canonical(thread_id, *asker)
        cluster = resolution.cluster(thread_id)
        if chosen is not None:
            assert chosen in cluster
            assert known[chosen].settles
            assert known[chosen].readable(asker[0])
            assert resolution.canonical(chosen, *asker) == chosen
        elif len(cluster) > 1:
            assert not any(known[i].settles and known[i].readable(asker[0]) for i in cluster)


@given(GRAPHS, ASKERS, st.randoms())
def test_the_order_of_the_links_does_not_matter(
    links: list[Link], asker: Asker, random: Random
) -> None:
    other = list(links)
    random.shuffle(other)
    assert Resolution.of(links) == Resolution.of(other)
    for link in links:
        chosen = Resolution.of(links).canonical(link.thread_id, *asker)
        assert chosen == Resolution.of(other).canonical(link.thread_id, *asker)


@given(GRAPHS, ASKERS)
def test_every_thread_of_a_cluster_has_the_same_canonical_thread(
    links: list[Link], asker: Asker
) -> None:
    resolution = Resolution.of(links)
    for link in links:
        for name in link.points_at & resolution.links.keys():
            assert resolution.cluster(name) == resolution.cluster(link.thread_id)
        among = {resolution.canonical(i, *asker) for i in resolution.cluster(link.thread_id)}
        assert len(among) == 1


@given(GRAPHS, GRAPHS, st.frozensets(IDS, max_size=3), st.frozensets(IDS, max_size=3))
def test_following_changes_comes_to_the_same_as_beginning_anew(
    before: list[Link], put: list[Link], removed: frozenset[str], again: frozenset[str]
) -> None:
    changed = {link.thread_id for link in put}
    gone = removed - changed
    after = [k for k in before if k.thread_id not in changed | gone] + put
    followed = Resolution.of(before).changed(closed(after, changed | again), gone)
    assert followed == Resolution.of(after)


@given(GRAPHS)
def test_what_did_not_change_is_the_same_value(links: list[Link]) -> None:
    resolution = Resolution.of(links)
    assert resolution.changed(links, ["z"]) is resolution


def test_a_chain_collapses_and_its_end_is_shown() -> None:
    links = [solved("a", "b"), solved("b", "c"), solved("c"), solved("d", "b")]
    assert {shown(links, i) for i in "abcd"} == {"c"}


def test_cycles_and_links_to_itself_do_nothing() -> None:
    links = [solved("a", "b", "a"), waiting("b", "c"), solved("c", "a", superseded_by="c")]
    assert shown(links, "b") == "a"
    assert shown([waiting("s", "s", superseded_by="s")], "s") is None


def test_unknown_ids_are_ignored_until_a_thread_bears_them() -> None:
    links = [waiting("a", "later"), waiting("b", "later")]
    resolution = Resolution.of(links)
    assert resolution.cluster("a") == ("a",)
    known = resolution.changed([solved("later")])
    assert known.cluster("a") == ("a", "b", "later")
    assert known.canonical("b", (), None) == "later"
    assert known.changed([], ["later"]) == resolution


def test_a_cluster_that_breaks_in_two_keeps_no_trace() -> None:
    links = [solved("a", "b"), solved("b", "c"), solved("c", "d"), solved("d")]
    parted = Resolution.of(links).changed([solved("b")])
    assert parted.cluster("a") == ("a", "b")
    assert parted.cluster("d") == ("c", "d")


def test_threads_that_no_link_touches_are_not_held() -> None:
    resolution = Resolution.of([solved("alone"), solved("a", "b"), solved("b")])
    assert set(resolution.links) == {"a", "b"}
    assert resolution.cluster("alone") == ("alone",)
    assert resolution.canonical("alone", (), None) is None
    assert resolution.changed([solved("other")]) is resolution


def test_a_superseded_thread_yields_to_its_successors_successor() -> None:
    links = [solved("old", superseded_by="new"), solved("new", superseded_by="newest")]
    assert shown([*links, solved("newest")], "old") == "newest"
    assert shown([*links, waiting("newest")], "old") is None
    assert shown(links, "old") is None


def test_a_superseded_thread_whose_successor_is_closed_is_not_offered() -> None:
    links = [solved("old", superseded_by="new"), solved("new", groups=frozenset("x"))]
    assert shown(links, "old", "x") == "new"
    assert shown(links, "old") is None
    assert shown([*links, solved("twin", "old")], "old") == "twin"


def test_threads_that_supersede_each_other_are_not_offered() -> None:
    links = [solved("a", superseded_by="b"), solved("b", superseded_by="a")]
    assert shown(links, "a") is None


def test_a_closed_thread_gives_way_to_one_that_may_be_read() -> None:
    links = [solved("inner", verified=True, groups=frozenset("x")), solved("outer", "inner")]
    assert shown(links, "outer", "x") == "inner"
    assert shown(links, "outer", "y") == "outer"
    assert shown(links, "inner", "y") == "outer"


# Each is better than the next for a Swede who has version 8, whatever comes after in the order.
BEST_FIRST = (
    solved("g", verified=True, lang="sv", votes=5),
    solved("f", lang="sv", votes=5),
    solved("e", outdated_votes=1, lang="sv"),
    solved("d", outdated_votes=2, lang="sv", votes=3),
    solved("c", outdated_votes=2, lang="sv", votes=2),
    solved("b", outdated_votes=2, lang="en", votes=9),
    solved("a", "g", "f", "e", "d", "c", "b", outdated_votes=0, lang="sv", votes=9),
    solved("0", "a", verified=False, valid_versions="<8", lang="sv"),
)


def test_the_order_of_preference_is_the_one_written_down() -> None:
    # "a" and "0" are marked as duplicates, which weighs more than doubts and votes.
    for first in range(len(BEST_FIRST)):
        left = [replace(k, groups=frozenset("x")) for k in BEST_FIRST[:first]]
        links = [*left, *BEST_FIRST[first:]]
        assert shown(links, "a", lang="sv", version="8.0") == BEST_FIRST[first].thread_id


def test_a_thread_verified_for_other_versions_sinks_below_one_that_fits() -> None:
    links = [
        solved("seven", verified=True, valid_versions="<8"),
        solved("eight", "seven", valid_versions=">=8"),
    ]
    assert shown(links, "seven", version="8.1") == "eight"
    assert shown(links, "seven", version="7.2") == "seven"
    assert shown(links, "seven") == "seven"
    assert shown(links, "seven", version="latest") == "seven"


def test_of_several_ends_the_one_most_linked_to_is_shown() -> None:
    links = [solved("a"), solved("b"), waiting("c", "a", "b"), waiting("d", "b")]
    assert shown(links, "c") == "b"


ANSWERS = (
    Answer("1", "x", votes=9, outdated_votes=8),
    Answer("2", "x", votes=3),
    Answer("3", "x", votes=3, outdated_votes=1),
)


@pytest.mark.parametrize("answers", list(permutations(ANSWERS)))
def test_a_link_tells_the_best_answers_votes(answers: tuple[Answer, ...]) -> None:
    link = link_of(Thread("t", "", "", answers, outdated_votes=5))
    assert (link.votes, link.outdated_votes, link.has_answers) == (3, 5, True)
    accepted = tuple(replace(a, accepted=a.id == "1") for a in answers)
    link = link_of(Thread("t", "", "", accepted, outdated_votes=5))
    assert (link.votes, link.outdated_votes) == (9, 13)


# Folding


def folded(hits: list[Hit], links: list[Link], *groups: str) -> Folded:
    return fold(hits, Resolution.of(links), groups, "en")


def test_every_field_of_a_hit_is_lent_or_its_own() -> None:
    assert {f.name for f in fields(Hit)} == {*LENT, *OWN}


def test_the_canonical_thread_takes_the_best_evidence_of_its_cluster() -> None:
    hits = [
        Hit("asked", 0.9, 0.8, None, 0.1, None, "asked-1"),
        Hit("alone", 0.5),
        Hit("solved", 0.4, None, 0.7, 0.2, None, "solved-1"),
    ]
    found = folded(hits, [waiting("asked", "solved"), solved("solved")])
    assert found.hits == [Hit("solved", 0.9, 0.8, 0.7, 0.2, None, "solved-1"), Hit("alone", 0.5)]
    assert found.lenders == {"solved": ("asked",)}


def test_a_canonical_thread_that_was_not_found_names_no_answer() -> None:
    found = folded([Hit("a", 0.9, answer_id="a-1")], [solved("a", "b"), solved("b")])
    assert found.hits == [Hit("b", 0.9)]
    assert found.lenders == {"b": ("a",)}


def test_an_open_cluster_keeps_the_thread_that_others_point_at() -> None:
    links = [waiting("a", "c"), waiting("b", "c"), waiting("c")]
    assert folded([Hit("a", 0.9), Hit("b", 0.8)], links).hits == [Hit("c", 0.9)]


def test_an_open_thread_is_followed_rather_than_a_solved_one_without_answers() -> None:
    links = [replace(solved("a"), has_answers=False), waiting("b", "a")]
    assert [h.thread_id for h in folded([Hit("a"), Hit("b")], links).hits] == ["b"]


def test_a_superseded_thread_without_a_readable_successor_is_left_out() -> None:
    links = [solved("old", superseded_by="new"), solved("new", groups=frozenset("x"))]
    assert folded([Hit("old", 0.9)], links) == Folded([], {})
    assert folded([Hit("old", 0.9)], links, "x").hits == [Hit("new", 0.9)]


@given(GRAPHS, st.lists(IDS, unique=True), GROUPS)
def test_folding_names_nothing_that_the_asker_may_not_read(
    links: list[Link], found: list[str], groups: frozenset[str]
) -> None:
    known = {link.thread_id: link for link in links}
    result = fold([Hit(i, 0.5, answer_id=i) for i in found], Resolution.of(links), groups, "en")
    named = {h.thread_id for h in result.hits} | {i for ids in result.lenders.values() for i in ids}
    for thread_id in named & known.keys():
        # What no link touches is not held: there the index and the store keep the groups.
        if thread_id in Resolution.of(links).links:
            assert known[thread_id].readable(groups)


@given(GRAPHS, st.lists(st.tuples(IDS, st.none() | st.floats(0, 1)), unique_by=lambda p: p[0]))
def test_folding_twice_changes_nothing_more(
    links: list[Link], pairs: list[tuple[str, float | None]]
) -> None:
    hits = [Hit(i, value, None, value, answer_id=i) for i, value in pairs]
    once = folded(hits, links)
    assert folded(once.hits, links) == Folded(once.hits, {})
    assert len({h.thread_id for h in once.hits}) == len(once.hits)
