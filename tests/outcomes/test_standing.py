"""Persons and sessions of columns are told apart by their numbers, whatever these are."""

from dataclasses import replace

import numpy as np
import pytest

from tests.outcomes.told import asked, gathered
from triage.outcomes.columns import columns_of
from triage.outcomes.standing import asks_from

LATE = 4_000_000_000.0


@pytest.mark.parametrize(
    "persons",
    [
        [7, 7, 5, 7],
        # They differ in their last bits alone, and lie among each other.
        [8, 9, 8, 9, 10, 8],
        [-8, -7, -8, -7, 0, 8],
        [0, 0, 0],
        [2**63 - 1, -(2**63), 2**63 - 1, 2**63 - 2],
        [3],
    ],
)
def test_equal_numbers_are_one_person_and_others_are_others(persons: list[int]) -> None:
    rows = [asked(day, f"a{day}", "p") for day in range(len(persons))]
    columns = columns_of(gathered(rows).log())
    numbers = np.array(persons, dtype=np.int64)
    found = asks_from(replace(columns, arrays={**columns.arrays, "person": numbers}), LATE)
    codes = found.person
    assert np.array_equal(codes[:, None] == codes[None], numbers[:, None] == numbers[None])
    assert np.array_equal(codes < 0, numbers == 0)
    assert set(codes[codes >= 0].tolist()) == set(range(len(set(persons) - {0})))
    assert list(found.ids) == [f"a{day}" for day in range(len(persons))]
    assert list(found.ids[1:]) == list(found.ids)[1:]


def test_the_session_is_that_of_whom_nobody_knows() -> None:
    rows = [asked(0, "a", "p", session="s"), asked(1, "b", None, session="s")]
    columns = columns_of(gathered(rows).log())
    assert asks_from(columns, LATE).session.tolist() == [-1, 0]
