"""A report of some asks alone."""

from typing import Any

import pytest

from triage.errors import BadField
from triage.outcomes import Only, read_only

from .told import Row, asked, event, report


def ask_of(name: str, *, posted: bool, **more: Any) -> list[Row]:  # noqa: ANN401
    rows = [asked(ask=name, person=name, share=0.5, **more)]
    return [*rows, event("posted", 1.0, name)] if posted else rows


def world() -> list[Row]:
    """In Norwegian suggestions help newcomers, and nobody else; in Finnish they do harm."""
    rows = []
    for n in range(120):
        arm = "holdout" if n % 2 else "treatment"
        for lang, newcomer, prevents, causes in (
            ("nb", True, True, False),
            ("nb", False, False, False),
            ("fi", True, False, True),
        ):
            posts = (n // 2) % 2 == 0
            if arm == "treatment":
                posts = (posts and not prevents) or causes
            told = {"arm": arm, "lang": lang, "newcomer": newcomer, "topic": "t"}
            rows += ask_of(f"{lang}{newcomer}{n}", posted=posts, **told)
    return rows


def test_a_report_of_norwegian_newcomers_is_of_them_alone() -> None:
    found = report(world(), only=Only("nb", newcomer=True))
    assert found["asks"] == 120
    assert found["persons"] == 120
    assert found["lift"] == pytest.approx(0.5)
    assert found["lift_low"] > 0.3
    assert found["only"] == {"lang": "nb", "newcomer": True}
    assert found["excluded"]["not_asked_for"] == 240
    assert found["excluded"]["outside_period"] == 0


def rounded(told: Any) -> Any:  # noqa: ANN401
    """The order of the sums differs, and with it the last digit."""
    if isinstance(told, dict):
        return {name: rounded(value) for name, value in told.items()}
    if isinstance(told, list):
        return [rounded(value) for value in told]
    return round(told, 9) if isinstance(told, float) else told


def test_it_is_the_report_of_a_log_that_holds_no_others() -> None:
    rows = [row for row in world() if row["ask_id"].startswith("nbTrue")]
    alone, chosen = report(rows), report(world(), only=Only("nb", newcomer=True))
    for name in alone.keys() - {"only", "excluded"}:
        assert rounded(chosen[name]) == rounded(alone[name]), name


def test_others_are_not_newcomers_and_all_are_all() -> None:
    assert report(world(), only=Only(newcomer=False))["lift"] == pytest.approx(0.0)
    assert report(world(), only=Only("fi"))["lift_high"] < 0
    assert report(world(), only=Only(topic="t"))["asks"] == 360
    assert report(world())["excluded"]["not_asked_for"] == 0
    assert report(world())["only"] == {}


def test_who_never_said_whether_they_are_new_is_neither() -> None:
    rows = [asked(ask="x", person="x")]
    assert report(rows, only=Only(newcomer=True))["asks"] == 0
    assert report(rows, only=Only(newcomer=False))["asks"] == 0


def test_a_burst_is_left_out_whichever_language_its_asks_are_in() -> None:
    rows = [
        asked(n / 1440, ask=f"b{n}", person="bot", lang="nb" if n % 2 else "fi") for n in range(40)
    ]
    found = report(rows, only=Only("nb"))
    assert (found["asks"], found["excluded"]["bursts"]) == (0, 20)


def test_a_language_that_no_ask_has_is_refused_with_those_that_there_are() -> None:
    assert report(world(), only=Only("sv"))["asks"] == 0
    with pytest.raises(BadField, match=r"`lang` is none that an ask has; there are fi, nb"):
        report(world(), only=Only("fr"))
    with pytest.raises(BadField, match=r"`topic` is none"):
        report(world(), only=Only(topic="u"))


@pytest.mark.parametrize("written", ["no", "nn", "nb-NO", "nb"])
def test_norwegian_is_norwegian_however_it_is_written(written: str) -> None:
    assert read_only({"lang": written}) == Only("nb")


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"newcomer": "maybe"}, "`newcomer` should be yes or no"),
        ({"lang": "norsk!"}, "`lang` should be a language"),
        ({"version": "x"}, "`lang`, `topic`, .*`account` and `destination` are"),
        ({"destination": "nowhere"}, "`destination` should be community or expert"),
    ],
)
def test_what_cannot_be_asked_for_is_said(given: dict[str, str | None], problem: str) -> None:
    with pytest.raises(BadField, match=problem):
        read_only(given)


def several() -> list[Row]:
    """One of each pair of product, account and destination, and one that says nothing."""
    told = [
        {"product": product, "account": account, "destination": destination}
        for product in ("Portal", "Ledger")
        for account in ("acme", "brio")
        for destination in ("community", "expert")
    ]
    rows = [asked(n, f"a{n}", f"p{n}", **one) for n, one in enumerate(told)]
    return [*rows, asked(9, "none", "none")]


@pytest.mark.parametrize(
    ("only", "asks"),
    [
        ({"product": "Portal"}, 4),
        ({"account": "brio"}, 4),
        ({"destination": "expert"}, 4),
        ({"product": "Ledger", "account": "acme"}, 2),
        ({"product": "Ledger", "account": "acme", "destination": "community"}, 1),
    ],
)
def test_asks_are_chosen_by_product_account_and_destination(
    only: dict[str, Any], asks: int
) -> None:
    found = report(several(), only=read_only(only))
    assert (found["asks"], found["excluded"]["not_asked_for"]) == (asks, 9 - asks)
    assert found["only"] == only


def test_a_destination_may_have_no_asks_yet_but_a_product_is_known_or_refused() -> None:
    rows = [asked(destination="community", product="Portal")]
    assert report(rows, only=read_only({"destination": "Expert"}))["asks"] == 0
    with pytest.raises(BadField, match=r"`product` is none that an ask has\.$"):
        report(rows, only=Only(product="portal"))
    with pytest.raises(BadField, match=r"`account` is none that an ask has\.$"):
        report(rows, only=Only(account="acme"))


def test_an_ask_is_where_its_first_call_put_it_whatever_was_typed_after_the_suggestions() -> None:
    later = {"destination": "expert", "product": "Ledger", "account": "brio", "topic": "u"}
    rows = [
        asked(0.0, "a", "p", destination="community", product="Portal", account="acme", topic="t"),
        asked(0.1, "a", "p", **later),
        # Nothing was said at first: whoever goes on typing does so because of what was shown.
        asked(0.0, "b", "q"),
        asked(0.1, "b", "q", **later),
    ]
    for name in ("product", "account", "topic"):
        with pytest.raises(BadField):
            report(rows, only=read_only({name: later[name]}))
    assert report(rows, only=Only(destination="expert"))["asks"] == 0
    assert report(rows, only=Only(product="Portal", account="acme"))["asks"] == 1


def test_a_report_says_how_many_of_its_asks_are_made_up() -> None:
    rows = [asked(n, f"a{n}", f"p{n}", lang="nb" if n else "fi", simulated=n < 2) for n in range(5)]
    assert report(rows)["simulated"] == 2
    assert report(rows, only=Only("fi"))["simulated"] == 1
    assert report([asked(simulated="yes")])["simulated"] == 0
