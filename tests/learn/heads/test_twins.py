"""Which cases are one piece of evidence."""

from tests.forum import cases
from triage.learn.heads.twins import grouped, twin_sets


def test_cases_of_one_group_or_one_text_are_twins() -> None:
    found = twin_sets(["a", None, "a", None], ["t0", "t1", "t2", "t1"])
    assert found.tolist() == [0, 1, 0, 1]


def test_a_chain_of_twins_is_one_set() -> None:
    found = twin_sets(["a", "b", "b", None], ["t0", "t0", "t2", "t2"])
    assert found.tolist() == [0, 0, 0, 0]


def test_cases_of_no_group_stand_for_themselves() -> None:
    assert twin_sets([None, "", None], ["x", "y", "z"]).tolist() == [0, 1, 2]
    assert twin_sets([], []).tolist() == []


def test_sets_become_the_groups_that_no_fold_splits() -> None:
    some = cases(4)
    regrouped = grouped(some, twin_sets([c.group for c in some], ["a", "b", "c", "a"]))
    assert [c.group for c in regrouped] == ["twins-0"] * 4
    assert [c.id for c in regrouped] == [c.id for c in some]
