"""What a person may not read is never proposed, and takes no place from what they may read."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.retrieve.threads import asking, thread
from triage.retrieve import LocalIndex, PlainIndex, dense

GROUPS = ("staff", "partners", "beta")
audiences = st.sets(st.sampled_from(GROUPS), max_size=2).map(frozenset)
# One step: a thread that is put (with so many units, for whom) or, without units, removed.
steps = st.lists(
    st.tuples(st.integers(0, 12), st.one_of(st.none(), st.integers(0, 4)), audiences), max_size=30
)


@pytest.fixture(scope="module", autouse=True)
def _few_are_many() -> Iterator[None]:
    """Have codes learnt, as they are in a large index: fast search must hide as well as slow."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(dense, "EXACT_UNITS", 20)
        yield


@settings(max_examples=60, deadline=None)
@given(
    history=steps, groups=audiences, seed=st.integers(0, 99), limit=st.integers(1, 15), batch=...
)
def test_any_history_shows_each_person_what_the_plainest_index_shows(
    history: list[tuple[int, int | None, frozenset[str]]],
    groups: frozenset[str],
    seed: int,
    limit: int,
    batch: bool,
) -> None:
    fast, plain = LocalIndex(64), PlainIndex(64)
    base = [thread(f"base{n}", 3, frozenset({"staff"}) if n % 2 else frozenset()) for n in range(9)]
    for index in (fast, plain):
        index.put(base)
        index.put([thread(n, u, a) for n, u, a in history if u is not None] if batch else [])
        for number, units, audience in history:
            if units is None:
                index.remove([str(number)])
            elif not batch:
                index.put([thread(number, units, audience)])
    assert len(fast) == len(plain)
    assert fast.thread_ids() == plain.thread_ids()
    everything = asking(seed, groups=groups, limit=200)
    expected = {h.thread_id for h in plain.search(everything) if h.similarity is not None}
    assert {h.thread_id for h in fast.search(everything)} == expected
    assert len(fast.search(asking(seed, groups=groups, limit=limit))) == min(limit, len(expected))
    named = asking(seed, groups=groups, among=fast.thread_ids() | {"unknown"})
    assert {h.thread_id for h in fast.search(named)} == {h.thread_id for h in plain.search(named)}


def test_a_change_of_audience_holds_from_the_moment_that_put_returns() -> None:
    index = LocalIndex(64)
    index.put([thread(n, 3) for n in range(30)])
    person, staff = asking(1, limit=50), asking(1, limit=50, groups=frozenset({"staff"}))
    assert len(index.search(person)) == 30
    index.put([thread(7, 3, frozenset({"staff"}))])
    assert "7" not in {h.thread_id for h in index.search(person)}
    assert "7" in {h.thread_id for h in index.search(staff)}
    index.put([thread(7, 3)])
    assert "7" in {h.thread_id for h in index.search(person)}
    index.remove(["7"])
    assert "7" not in {h.thread_id for h in index.search(staff)}


def test_a_person_who_may_read_one_thread_of_a_thousand_finds_it() -> None:
    index = LocalIndex(64)
    index.put([thread(n, 2, frozenset({"staff"})) for n in range(1000)])
    index.put([thread("own", 2, frozenset({"partners"}))])
    for seed in range(20):
        hits = index.search(asking(seed, groups=frozenset({"partners"}), limit=10))
        assert [h.thread_id for h in hits] == ["own"]


def test_one_long_thread_does_not_crowd_the_others_out() -> None:
    index = LocalIndex(64)
    asked = asking(1, limit=5)
    assert asked.vector is not None
    long = thread("long", 300)
    near = np.tile(asked.vector, (300, 1)).astype(np.float32)
    index.put([thread(n) for n in range(8)])
    index.put([type(long)("long", long.units, near, "en")])
    assert len(index.search(asked)) == 5
