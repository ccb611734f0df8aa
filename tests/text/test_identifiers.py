"""Names that match exactly or not at all."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.text import error_codes, identifiers
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
        # Endings that languages hang on numbers and codes are neither's.
        ("den 29:e, 1:a kvartalet, 5:ssä päivässä, 100:lla", set()),
        ("10-tal, 90-dagars, 8.1-päivitys, 8.1-Update, 24/7", set()),
        ("KV-1042:n, KV-1042-virhe, KV-1042-päivitys, KV-1042-Fehler", {"kv-1042"}),
        ("covid-19 och A-1:b", {"covid-19", "a-1"}),
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


@pytest.mark.parametrize("piece", ["1:", "a:", "a-b:c.", "1.2:"])
def test_a_long_row_of_parts_is_read_in_no_time(piece: str) -> None:
    began = time.process_time()
    assert identifiers(piece * 20_000) == frozenset()
    assert error_codes(piece * 20_000) == frozenset()
    assert time.process_time() - began < 2


def test_the_code_of_an_error_is_told_from_versions_files_and_things() -> None:
    text = "E-417 and ORA-00942 since v17.3 (8.2.1); see app.log, mp3, sha1, 0x8F, KV3412!"
    assert error_codes(text) == {"e-417", "ora-00942", "0x8f", "kv3412"}
    things = " ".join(f"{letter}{n}" for letter in "abc" for n in range(10, 99))
    assert error_codes(f"{things} KV-1042") == {"kv-1042"}
    assert error_codes("On 2026-03-02 at 14:30 all 1500 of v2024.11.3 stopped") == frozenset()
    named = "Office365 on windows-2019, sha256, fy2024, q1-2024, 120dpi, iso9001, 2026-03-02T14:30"
    assert error_codes(named) == frozenset()
