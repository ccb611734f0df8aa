from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.insight.made import forum, item, sameness
from triage.insight import Cluster, affected, cluster
from triage.insight.linking import components, link


def test_one_meaning_in_three_languages_is_one_cluster() -> None:
    items = forum(8, 6)
    found = cluster(items, sameness())
    assert [one.members for one in found] == [tuple(f"{m}-{w}" for w in range(6)) for m in range(8)]
    assert [one.id for one in found] == [f"{m}-0" for m in range(8)]


def test_a_question_like_no_other_is_in_no_cluster() -> None:
    found = cluster([*forum(4, 3), item("alone", "nothing else")], sameness())
    assert len(found) == 4
    assert all("alone" not in one.members for one in found)


def test_nothing_makes_no_clusters() -> None:
    assert cluster([], sameness()) == ()
    assert cluster([item("one", "a")], sameness()) == ()


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_items_changes_nothing(random: object) -> None:
    items = forum(5, 4)
    shuffled = list(items)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert cluster(shuffled, sameness()) == cluster(items, sameness())


def test_two_who_were_said_to_be_apart_never_stand_together() -> None:
    items = forum(3, 5)
    apart = {frozenset(("0-0", "0-3")), frozenset(("0-1", "gone"))}
    found = cluster(items, sameness(), apart=apart)
    assert not any({"0-0", "0-3"} <= set(one.members) for one in found)
    # The others of that meaning still find somebody.
    assert sorted(len(one.members) for one in found if one.members[0].startswith("0-"))[-1] >= 2


def test_products_that_are_known_to_differ_are_not_one() -> None:
    items = [
        item(f"{product}{n}", "how do I renew", at=float(n), product=product)
        for n in range(2)
        for product in ("ledger", "portal")
    ]
    items.append(item("unknown", "how do I renew", at=9.0))
    for one in cluster(items, sameness()):
        products = {i.product for i in items if i.id in one.members} - {None}
        assert len(products) == 1


def test_a_kept_cluster_is_never_torn_and_keeps_its_name() -> None:
    items = forum(4, 4)
    # Two meanings that a lead put together, and one whose first member has been answered.
    kept = [Cluster("odd", ("0-1", "1-1")), Cluster("gone", ("gone", "2-2"))]
    found = {one.id: set(one.members) for one in cluster(items, sameness(), kept=kept)}
    assert {"0-1", "1-1"} <= found["odd"]
    assert found["gone"] == {f"2-{w}" for w in range(4)}


def test_of_two_kept_clusters_that_grow_together_the_older_name_stays() -> None:
    items = forum(3, 6)
    kept = [Cluster("late", ("0-3", "0-4")), Cluster("early", ("0-0", "0-1"))]
    found = {one.id: one.members for one in cluster(items, sameness(), kept=kept)}
    assert found["early"] == tuple(f"0-{w}" for w in range(6))
    assert "late" not in found


def test_a_kept_cluster_of_which_one_member_is_left_remains() -> None:
    found = cluster([item("left", "x")], sameness(), kept=[Cluster("gone", ("gone", "left"))])
    assert found == (Cluster("gone", ("left",)),)


def test_clustering_again_what_was_clustered_changes_nothing() -> None:
    items = forum(6, 4)
    once = cluster(items, sameness())
    assert cluster(items, sameness(), kept=once) == once


def test_a_person_is_affected_once_however_often_they_ask() -> None:
    items = [
        item("a", "m", person="p"),
        item("b", "m", person="p"),
        item("c", "m", person="q"),
        item("d", "m"),
        item("e", "m"),
    ]
    assert affected(Cluster("a", ("a", "b", "c", "d", "e", "gone")), items) == 4


def test_average_link_is_that_of_the_plainest_reckoning() -> None:
    rng = np.random.default_rng(3)
    points = rng.normal(size=(40, 4))
    near = (-((points[:, None] - points[None]) ** 2).sum(axis=2)).astype(np.float32)
    forbidden = np.triu(rng.random((40, 40)) < 0.05, 1)
    forbidden |= forbidden.T
    for bar in (-1.0, -3.0, -6.0):
        found = link(near, forbidden, np.arange(40), bar)
        assert _sets(found) == _plain(near, forbidden, bar)


def _plain(near: np.ndarray, forbidden: np.ndarray, bar: float) -> set[frozenset[int]]:
    groups = [frozenset([i]) for i in range(len(near))]
    while True:
        best, pair = bar, None
        for a in groups:
            for b in groups:
                mine = np.ix_(sorted(a), sorted(b))
                if a != b and not forbidden[mine].any() and near[mine].mean() > best:
                    best, pair = near[mine].mean(), (a, b)
        if pair is None:
            return set(groups)
        groups = [g for g in groups if g not in pair] + [pair[0] | pair[1]]


def _sets(labels: np.ndarray) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == one).tolist()) for one in np.unique(labels)}


def test_components_hold_whoever_is_linked_by_others() -> None:
    assert [part.tolist() for part in components(6, [(4, 2), (2, 0), (1, 5)])] == [
        [0, 2, 4],
        [1, 5],
    ]


def test_a_language_that_the_space_does_not_know_is_compared_as_it_is() -> None:
    items = [replace(one, lang="xx") for one in forum(3, 3)]
    assert cluster(items, sameness()) == cluster(items, sameness())
