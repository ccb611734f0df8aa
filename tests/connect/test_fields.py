from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.connect import fields
from triage.errors import BadField
from triage.records import Kind


@pytest.mark.parametrize(
    ("value", "text"),
    [("a ", "a "), (17, "17"), (17.0, "17"), (None, None), (" ", None), ("a\x00\ud800", "a\ufffd")],
)
def test_a_text_is_kept_and_can_be_stored(value: object, text: str | None) -> None:
    assert fields.text({"x": value}, "x") == text


@pytest.mark.parametrize("value", [True, [], {}, float("inf"), float("nan")])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(BadField):
        fields.text({"x": value}, "x")


def test_a_name_is_one_line_of_bounded_length() -> None:
    assert fields.short({"x": " a\n b "}, "x") == "a b"
    for value in ("a" * 301, "a\x07b"):
        with pytest.raises(BadField):
            fields.short({"x": value}, "x")


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        (True, True),
        ("Yes", True),
        (1, True),
        ("0", False),
        ("false", False),
        ("", None),
        (None, None),
    ],
)
def test_a_boolean_is_read_from_words(value: object, truth: bool | None) -> None:
    assert fields.boolean({"x": value}, "x") is truth


@pytest.mark.parametrize("value", ["maybe", 2, 1.0, []])
def test_what_is_neither_true_nor_false_is_refused(value: object) -> None:
    with pytest.raises(BadField):
        fields.boolean({"x": value}, "x")


@pytest.mark.parametrize(
    ("value", "whole"), [(3, 3), ("-3", -3), (3.0, 3), ("", None), (None, None)]
)
def test_an_integer_is_read(value: object, whole: int | None) -> None:
    assert fields.integer({"x": value}, "x") == whole


@pytest.mark.parametrize("value", [True, 3.5, "3.5", "1_000", "١", 10**20, float("inf"), [3]])
def test_what_is_no_whole_number_is_refused(value: object) -> None:
    with pytest.raises(BadField):
        fields.integer({"x": value}, "x")


@pytest.mark.parametrize(("value", "found"), [(0.5, 0.5), ("0.5", 0.5), (1, 1.0), (None, None)])
def test_a_number_is_read(value: object, found: float | None) -> None:
    assert fields.number({"x": value}, "x", 0, 1) == found


@pytest.mark.parametrize("value", [1.1, -0.1, "nan", "inf", float("nan"), True, "x", []])
def test_a_number_outside_its_bounds_is_refused(value: object) -> None:
    with pytest.raises(BadField):
        fields.number({"x": value}, "x", 0, 1)


@pytest.mark.parametrize(
    "value",
    [
        "2024-05-31T12:00:00Z",
        "2024-05-31T12:00:00",
        "2024-05-31 12:00:00",
        "2024-05-31T14:00:00+02:00",
        "2024-05-31 12:00:00.000 Z",
    ],
)
def test_a_date_is_in_utc(value: str) -> None:
    assert fields.moment({"x": value}, "x") == datetime(2024, 5, 31, 12, tzinfo=UTC)
    assert fields.moment({"x": "2024-05-31"}, "x") == datetime(2024, 5, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    "value", [1717156800, "1717156800", "31.5.2024", "2024-02-30", "0001-01-01T00:00+05:00", True]
)
def test_what_is_no_date_is_refused(value: object) -> None:
    with pytest.raises(BadField):
        fields.moment({"x": value}, "x")


def test_one_or_many_names_are_a_list() -> None:
    assert fields.names({"x": 17}, "x") == ("17",)
    assert fields.names({"x": ["b", 1, "b", None, ""]}, "x") == ("b", "1")
    assert fields.names({}, "x") == ()


def test_blank_groups_do_not_make_public() -> None:
    assert fields.groups({"groups": []}) == frozenset()
    assert fields.groups({"groups": ["a", ""]}) == {"a"}
    for value in ([""], [None], [" "]):
        with pytest.raises(BadField):
            fields.groups({"groups": value})


@pytest.mark.parametrize(
    ("value", "code"), [("SV", "sv"), ("no", "nb"), ("nn_NO", "nb"), ("de-AT", "de"), (None, None)]
)
def test_a_language_is_a_primary_code(value: object, code: str | None) -> None:
    assert fields.language({"lang": value}) == code


def test_what_is_no_language_is_refused() -> None:
    with pytest.raises(BadField):
        fields.language({"lang": "english please"})


def test_a_closed_choice_is_closed() -> None:
    assert fields.choice({"kind": "Bug"}, "kind", Kind) is Kind.BUG
    with pytest.raises(BadField, match="none of how_to"):
        fields.choice({"kind": "riddle"}, "kind", Kind)


@pytest.mark.parametrize("value", [">=8.0,<9", "==8.*", "~=8.1", "==8.0.3"])
def test_a_version_range_is_in_pep_440(value: str) -> None:
    assert fields.versions({"v": value}, "v") is not None
    for wrong in ("8.0", "since spring", ">= x"):
        with pytest.raises(BadField):
            fields.versions({"v": wrong}, "v")


def test_an_address_leads_to_the_web_or_the_own_site() -> None:
    assert fields.address({"url": "https://x.se/1"}) == "https://x.se/1"
    assert fields.address({"url": "/t/1"}) == "/t/1"
    for value in ("javascript:alert(1)", "//evil.se", "data:x"):
        with pytest.raises(BadField):
            fields.address({"url": value})


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(ANYTHING)
def test_no_value_raises_anything_else(value: object) -> None:
    readers = [
        fields.text, fields.short, fields.boolean, fields.integer, fields.moment, fields.names,
        fields.groups, fields.language, fields.versions, fields.address, fields.required,
    ]  # fmt: skip
    for read in readers:
        with suppress(BadField):
            read({"x": value}, "x")
