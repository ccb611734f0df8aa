"""Places, numbers and who may read them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.retrieve.threads import thread
from triage.records import UnitKind
from triage.retrieve.names import Names
from triage.retrieve.table import Table


def put(table: Table, *threads: object) -> list[int]:
    places = table.hold(threads)  # type: ignore[arg-type]
    table.show(threads, places)  # type: ignore[arg-type]
    return places


def test_what_is_known_of_a_thread_comes_back() -> None:
    table = Table()
    made = thread("t", 3, identifiers=frozenset({"kv-1", "ä\n"}), qualities={"t-a1": 1 / 3})
    put(table, thread("first", 2))
    (place,) = put(table, made)
    (held,) = table.held([place])
    assert held.thread_id == table.thread_id(place) == "t"
    assert table.numbers_of([place]).tolist() == [2, 3, 4]
    assert held.kinds == (UnitKind.TITLE, UnitKind.ANSWER, UnitKind.ANSWER)
    assert held.answer_ids == (None, "t-a1", "t-a2")
    assert held.identifiers == made.identifiers
    assert held.qualities == {"t-a1": 1 / 3}


def test_held_threads_are_nobodys_until_they_are_shown() -> None:
    table = Table()
    threads = [thread("a", 2), thread("b", 0), thread("c", 1, frozenset({"staff"}))]
    places = table.hold(threads)
    assert [table.find(t.thread_id) for t in threads] == [None] * 3
    assert (len(table), table.sight(frozenset()).seen) == (0, 0)
    table.show(threads, places)
    assert [table.find(t.thread_id) for t in threads] == places
    assert (len(table), table.sight(frozenset()).seen) == (3, 2)
    assert table.sight(frozenset({"staff"})).seen == 3


def test_a_thread_of_too_many_answers_is_refused() -> None:
    with pytest.raises(ValueError, match="answers"):
        Table().hold([thread("t", 65_540)])


names = st.text(min_size=0, max_size=5)


@settings(max_examples=60, deadline=None)
@given(noted=st.lists(names, max_size=400), asked=names)
def test_names_are_found_at_their_latest_place(noted: list[str], asked: str) -> None:
    table = Names(noted.__getitem__)
    for place, name in enumerate(noted):
        table.note(name, place)
    latest = {name: place for place, name in enumerate(noted)}
    assert {name: table.find(name) for name in latest} == latest
    assert table.find(asked) == latest.get(asked)


@settings(max_examples=60, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.sampled_from(["", "a", "b", "ab", "-"])),
        max_size=40,
    )
)
def test_sights_agree_with_a_count_of_everything_after_every_change(
    steps: list[tuple[int, int, str]],
) -> None:
    table, kept = Table(), {}
    people = [frozenset(), frozenset("a"), frozenset("b"), frozenset("ab")]
    for name, units, audience in steps:
        if audience == "-":
            place = table.find(str(name))
            table.hide([] if place is None else [place])
            kept.pop(name, None)
        else:
            (place,) = put(table, thread(name, units, frozenset(audience)))
            kept[name] = (table.numbers_of([place]).tolist(), frozenset(audience))
        for groups in people:
            sight = table.sight(groups)
            expected = {n for numbers, a in kept.values() if not a or a & groups for n in numbers}
            bits = np.unpackbits(sight.bits, bitorder="little")
            assert set(np.flatnonzero(bits).tolist()) == expected
            assert sight.seen == len(expected)
            every = np.arange(table.units)
            assert set(sight.of(every).tolist()) == expected
    assert len(table) == len(kept)
    assert table.gone_units == table.units - sum(len(numbers) for numbers, _ in kept.values())
