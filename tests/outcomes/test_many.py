"""Many shares at once are what each would be by itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.outcomes.intervals import mean_share
from triage.outcomes.many import persons_by, shares_of

ASKS = st.lists(st.tuples(st.booleans(), st.integers(0, 6), st.integers(0, 3)), max_size=40)


@given(asks=ASKS)
def test_every_group_has_the_share_that_it_has_alone(asks: list[tuple[bool, int, int]]) -> None:
    marked = np.array([one[0] for one in asks], dtype=bool)
    who = np.array([one[1] for one in asks], dtype=np.int64)
    group = np.array([one[2] for one in asks], dtype=np.int64)
    found = shares_of(marked, who, group, 5)
    counted = persons_by(who, group, 5)
    for at in range(5):
        mine = group == at
        alone = mean_share(marked[mine].astype(np.float64), who[mine])
        if alone is None:
            assert (found.asks[at], found.persons[at], counted[at]) == (0, 0, 0)
            assert np.isnan(found.value[at])
            continue
        assert (found.asks[at], found.persons[at]) == (alone.asks, alone.persons)
        assert counted[at] == alone.persons
        assert found.value[at] == pytest.approx(alone.value, abs=1e-12)
        assert found.low[at] == pytest.approx(alone.low, abs=1e-9)
        assert found.high[at] == pytest.approx(alone.high, abs=1e-9)
