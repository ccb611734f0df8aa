from dataclasses import replace

from tests.insight.made import forum, item, sameness
from triage.insight import Item, founded, group_of, nearest_groups

ALIKE = sameness()


def asked_by(items: list[Item], persons: int) -> list[Item]:
    return [replace(one, person=f"p{n % persons}") for n, one in enumerate(items)]


def test_three_persons_who_ask_the_same_are_a_group_in_whatever_languages() -> None:
    found = founded(forum(4, 6), ALIKE)
    assert sorted(one.members for one in found) == [
        tuple(f"{m}-{w}" for w in range(6)) for m in range(4)
    ]


def test_two_persons_are_none_however_often_they_ask() -> None:
    assert founded(asked_by(forum(1, 8), 2), ALIKE) == ()
    assert len(founded(asked_by(forum(1, 8), 3), ALIKE)) == 1


def test_the_very_same_words_are_a_group_and_count_once_in_its_place() -> None:
    one, other = item("one", "locks"), item("other", "locks")
    same = [replace(one, id=f"same-{n}", at=float(n)) for n in range(5)]
    (group,) = founded(same, ALIKE)
    assert group.members == tuple(f"same-{n}" for n in range(5))
    often = group_of("g", [*same, other], ALIKE)
    assert (often.middle == group_of("g", [same[0], other], ALIKE).middle).all()


def test_a_group_has_one_name_for_its_first_ask_and_it_tells_no_ask() -> None:
    items = forum(1, 4)
    (group,) = founded(items, ALIKE)
    assert founded(list(reversed(items)), ALIKE) == (group,)
    assert all(one.id not in group.id for one in items)


def test_who_comes_joins_the_nearest_group_and_who_asks_something_else_none() -> None:
    groups = [
        group_of(f"g{m}", [one for one in forum(3, 5) if one.id[0] == str(m)], ALIKE)
        for m in range(3)
    ]
    new = [item("new", "meaning 1", "fi"), item("else", "nothing like it")]
    assert nearest_groups(new, groups, ALIKE) == {"new": "g1"}
    assert nearest_groups(new, [], ALIKE) == nearest_groups([], groups, ALIKE) == {}


def test_who_names_a_product_is_in_no_group_of_another() -> None:
    lights = [item(f"l{n}", "battery", product="Lights") for n in range(4)]
    group = group_of("g", lights, ALIKE)
    asks = [
        item("a", "battery", product="Locks"),
        item("b", "battery", product="Lights"),
        item("c", "battery"),
    ]
    assert nearest_groups(asks, [group], ALIKE).keys() == {"b", "c"}
