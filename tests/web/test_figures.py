"""Numbers are said as each language writes them, and what is not known as a dash."""

import pytest

from triage.records import LANGUAGES
from triage.web import Chart, ChartKind, Numbers, Series, Unit


@pytest.mark.parametrize(
    ("lang", "count", "share", "points"),
    [
        ("en", "12,345", "5.1%", "−1.2 pp"),
        ("sv", "12 345", "5,1 %", "−1,2 pe"),
        ("nb", "12 345", "5,1 %", "−1,2 pp"),
        ("da", "12.345", "5,1 %", "−1,2 pp"),
        ("fi", "12 345", "5,1 %", "−1,2 %-yks."),
        ("de", "12.345", "5,1 %", "−1,2 PP"),
    ],
)
def test_each_language_writes_its_own_numbers(
    lang: str, count: str, share: str, points: str
) -> None:
    numbers = Numbers(lang)
    told = (numbers.count(12345), numbers.share(0.0512), numbers.points(-0.0123))
    assert tuple(one.replace("\u202f", " ").replace("\u00a0", " ") for one in told) == (
        *(count, share, points),
    )


def test_a_share_has_decimals_where_they_say_something() -> None:
    numbers = Numbers("en")
    assert [numbers.share(one) for one in (0, 0.004, 0.5, 0.996, 1)] == [
        *("0%", "0.4%", "50%", "99.6%", "100%"),
    ]
    assert numbers.span(0.02, 0.31) == "2.0–31.0%"


def test_how_far_shares_lie_apart_has_no_sign_and_begins_with_the_nearer_end() -> None:
    numbers = Numbers("en")
    assert [numbers.apart(one) for one in (-0.134, 0.134)] == ["13.4\u00a0pp"] * 2
    assert numbers.apart_span(-0.2, -0.1) == "10.0 … 20.0\u00a0pp"
    assert numbers.apart_span(0.1, 0.2) == "10.0 … 20.0\u00a0pp"
    assert (numbers.apart(None), numbers.apart_span(None, 0.1)) == ("–", "")


def test_nothing_has_no_sign() -> None:
    assert Numbers("en").points(-0.0001) == "0.0\u00a0pp"
    assert Numbers("en").points(0.01).startswith("+")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_not_known_is_a_dash(lang: str) -> None:
    numbers = Numbers(lang)
    says = (numbers.count, numbers.share, numbers.points, numbers.wait, numbers.chance, numbers.day)
    assert {say(None) for say in says} == {"–"}
    assert numbers.span(None, 1.0) == ""


def test_a_wait_is_said_in_one_unit() -> None:
    said = [Numbers("en").wait(seconds) for seconds in (40, 4000, 90_000, 900_000)]
    assert [one.replace("\u00a0", " ") for one in said] == ["40 s", "67 min", "25 h", "10.4 d"]


def test_a_tiny_chance_is_said_to_be_below() -> None:
    assert Numbers("de").chance(0.00001) == "<\u00a00,001"
    assert Numbers("de").chance(0.25) == "0,250"


def test_a_chart_is_json_whatever_its_values_are() -> None:
    series = Series("a", [1.0, None, float("nan")], ["1", "", ""], [0.5, None, None], [2, None, 1])
    chart = Chart(
        *("About", "Told", ChartKind.LINES, Unit.SHARE, ["x", "y", "z"], [series], ".,"), title="t"
    )
    found = chart.block()["series"][0]
    assert found["y"] == [1.0, None, None]
    assert found["low"] == [0.5, None, None]
    assert "tone" not in found
