import pytest

from tests.insight.made import forum, item, sameness
from triage.insight import Cluster, Pair, cluster, join, split


def test_a_newcomer_joins_those_who_mean_the_same() -> None:
    items = forum(6, 4)
    clusters = cluster(items, sameness())
    joined = join(item("new", "meaning 2", "fi", at=99.0), items, clusters, sameness())
    assert joined is not None
    assert joined.cluster == Cluster("2-0", ("2-0", "2-1", "2-2", "2-3", "new"))
    assert joined.probability > 0.5
    assert not joined.fresh


def test_a_newcomer_and_a_single_question_make_a_cluster() -> None:
    items = [*forum(4, 3), item("single", "rare", at=50.0)]
    clusters = cluster(items, sameness())
    joined = join(item("new", "rare", "sv", at=99.0), items, clusters, sameness())
    assert joined is not None
    assert joined.cluster == Cluster("single", ("single", "new"))
    assert joined.fresh


def test_a_newcomer_like_nobody_stays_alone() -> None:
    items = forum(4, 3)
    newcomer = item("new", "something else")
    assert join(newcomer, items, cluster(items, sameness()), sameness()) is None
    assert join(newcomer, [newcomer], (), sameness()) is None


def test_who_was_told_apart_is_not_joined_again() -> None:
    items = forum(4, 3)
    clusters = cluster(items, sameness())
    apart = {frozenset(("new", "1-2"))}
    assert join(item("new", "meaning 1"), items, clusters, sameness(), apart=apart) is None


def test_a_name_that_is_in_use_is_not_given_again() -> None:
    # "a" gave a cluster its name, left it, and meets somebody new.
    items = [item("a", "left", at=0.0), item("b", "stayed", at=1.0), item("c", "stayed", at=2.0)]
    clusters = [Cluster("a", ("b", "c"))]
    joined = join(item("d", "left", at=3.0), items, clusters, sameness())
    assert joined is not None
    assert joined.cluster == Cluster("d", ("a", "d"))


def test_not_mine_takes_one_out_for_ever() -> None:
    items = forum(4, 4)
    clusters = cluster(items, sameness())
    parted = split(clusters[0], "0-2", items, sameness(), keep=("0-1", "0-3"))
    assert parted.stays == Cluster("0-0", ("0-0", "0-1", "0-3"))
    assert parted.leaves == Cluster("0-2", ("0-2",))
    assert parted.apart == {frozenset(("0-2", other)) for other in ("0-0", "0-1", "0-3")}
    kept = [parted.stays, parted.leaves, *clusters[1:]]
    again = cluster(items, sameness(), apart=parted.apart, kept=kept)
    assert {one.id: one.members for one in again} == {one.id: one.members for one in kept}


def test_who_means_what_the_leaver_means_leaves_with_them() -> None:
    items = [
        *(item(f"a{n}", "answered", at=float(n)) for n in range(3)),
        *(item(f"b{n}", "another", at=float(n + 3)) for n in range(2)),
        *forum(4, 3),
    ]
    mixed = Cluster("a0", ("a0", "a1", "a2", "b0", "b1"))
    parted = split(mixed, "b1", items, sameness())
    assert parted.stays.members == ("a0", "a1", "a2")
    assert parted.leaves == Cluster("b0", ("b0", "b1"))
    assert frozenset(("b0", "a0")) not in parted.apart  # they have not said so themselves


def test_whoever_founded_a_cluster_can_leave_it() -> None:
    items = forum(3, 3)
    parted = split(cluster(items, sameness())[0], "0-0", items, sameness(), keep=("0-1", "0-2"))
    assert parted.stays.id == "0-0"
    assert parted.leaves.id != "0-0"


def test_whose_answer_was_refused_stays() -> None:
    parted = split(Cluster("x", ("x", "y")), "x", [], sameness(), told="y")
    assert parted.stays.members == ("y",)


@pytest.mark.parametrize(("members", "leaver"), [(("a",), "a"), (("a", "b"), "c")])
def test_nobody_leaves_where_they_are_not(members: tuple[str, ...], leaver: str) -> None:
    with pytest.raises(ValueError, match="Only a member"):
        split(Cluster("a", members), leaver, [], sameness())


def test_whatever_is_split_and_joined_no_pair_said_apart_meets() -> None:
    items = forum(3, 6)
    clusters = list(cluster(items, sameness()))
    apart: set[Pair] = set()
    for leaver in ("0-1", "0-4", "1-2", "0-5"):
        own = next(one for one in clusters if leaver in one.members)
        if len(own.members) < 2:
            continue
        parted = split(own, leaver, items, sameness(), taken=[one.id for one in clusters])
        apart |= parted.apart
        clusters = [one for one in clusters if one.id != own.id] + [parted.stays, parted.leaves]
        clusters = list(cluster(items, sameness(), apart=apart, kept=clusters))
        assert len({one.id for one in clusters}) == len(clusters)
        assert not any(pair <= set(one.members) for pair in apart for one in clusters)
