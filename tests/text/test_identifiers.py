"""Names that match exactly or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.text import identifiers
from triage.text.identifiers import MOST


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KV-1042 bank session expired", {"kv-1042"}),
        ("ORA-00942, 0x80070005 and err_77.", {"ora-00942", "0x80070005", "err_77"}),
        ("since 8.0.2, before it was v17.3", {"8.0.2", "v17.3"}),
        ("invoice.pdf cannot be opened", {"invoice.pdf"}),
        ("12.50 on the 7th, 31k rows, at 10:30 on 2025-03-04, 3,5 %", set()),
        ("t.ex. z.B. bl.a. i.e. e.g. d.v.s.", set()),
        ("Mein Konto ist gesperrt", set()),
        ("[EMAIL] wrote to [KEY]", set()),
        ("", set()),
    ],
)
def test_codes_versions_and_files_are_identifiers_and_amounts_and_dates_are_not(
    text: str, expected: set[str]
) -> None:
    assert identifiers(text) == expected


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    assert all(name == name.lower() for name in identifiers(text))


def test_a_pasted_log_does_not_bring_more_than_it_may() -> None:
    assert len(identifiers(" ".join(f"X-{n}" for n in range(5000)))) == MOST
