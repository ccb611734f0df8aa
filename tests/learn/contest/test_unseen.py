"""Which cases two models are tried on."""

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from triage.learn.contest.unseen import Split, SplitOptions, split_by_time
from triage.learn.heads.twins import twin_sets
from triage.records import Case

NOW = datetime(2026, 5, 1, tzinfo=UTC)
FEW = SplitOptions(fewest=3)


def case(number: int, days_ago: float | None, group: str | None = None) -> Case:
    created = None if days_ago is None else NOW - timedelta(days=days_ago)
    return Case(f"c{number}", "Question", "", created=created, group=group)


def split(cases: list[Case], known: list[int], options: SplitOptions = FEW) -> Split:
    sets = twin_sets([c.group for c in cases], [c.id for c in cases])
    mask = np.zeros(len(cases), dtype=bool)
    mask[known] = True
    return split_by_time(cases, sets, mask, NOW, options)


def test_the_newest_of_the_new_are_judged_and_the_rest_is_learnt_from() -> None:
    found = split([case(i, 100 - i) for i in range(40)], known=list(range(20)))
    assert found.judged.tolist() == list(range(30, 40))
    assert found.learnt.tolist() == list(range(30))


def test_of_few_new_ones_all_are_judged() -> None:
    found = split([case(i, 100 - i) for i in range(10)], known=[0, 1, 2, 3, 4])
    assert found.judged.tolist() == [5, 6, 7, 8, 9]


def test_too_few_new_ones_are_counted() -> None:
    found = split([case(i, 100 - i) for i in range(10)], known=list(range(8)))
    assert len(found.judged) == len(found.learnt) == 0
    assert found.why == "2 cases are new, of known date and different; 3 are needed"


def test_ten_wordings_of_one_question_are_one_case() -> None:
    twins = [case(i, 10, "same") for i in range(10)]
    assert split(twins, known=[]).why is not None


def test_a_new_twin_of_a_known_case_is_not_judged() -> None:
    cases = [case(0, 90, "g"), case(1, 5, "g"), *(case(i, 4) for i in range(2, 8))]
    found = split(cases, known=[0])
    assert 1 not in found.judged.tolist()


def test_an_older_twin_of_a_judged_case_is_not_learnt_from() -> None:
    cases = [case(i, 100 - i) for i in range(20)] + [case(20, 50, "g"), case(21, 1, "g")]
    found = split(cases, known=list(range(10)))
    assert 21 in found.judged.tolist()
    assert 20 not in found.learnt.tolist()


def test_cases_of_no_date_or_of_the_future_are_never_judged() -> None:
    odd = [case(0, None), case(1, -30), case(2, None)]
    found = split([*odd, *(case(i, 100 - i) for i in range(3, 23))], known=[2])
    assert not {0, 1, 2} & set(found.judged.tolist())
    assert 2 in found.learnt.tolist(), "the champion has learnt from it as well"
    assert not {0, 1} & set(found.learnt.tolist())


@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.integers(-20, 300)),
            st.one_of(st.none(), st.integers(0, 8)),
            st.booleans(),
        ),
        max_size=60,
    )
)
def test_neither_the_future_nor_a_twin_leaks(
    rows: list[tuple[int | None, int | None, bool]],
) -> None:
    cases = [
        case(i, ago, None if group is None else f"g{group}")
        for i, (ago, group, _) in enumerate(rows)
    ]
    known = [i for i, row in enumerate(rows) if row[2]]
    sets = twin_sets([c.group for c in cases], [c.id for c in cases])
    found = split(cases, known)
    judged, learnt = found.judged.tolist(), found.learnt.tolist()
    assert (found.why is None) == bool(judged)
    assert not set(sets[judged]) & set(sets[learnt])
    assert not set(sets[judged]) & set(sets[known])
    if judged:
        first = min(c.created for i in judged if (c := cases[i]).created)
        fresh = [cases[i] for i in learnt if i not in known]
        assert all(c.created is not None and c.created < first for c in fresh)
