"""A form of a policy says and takes what its file does."""

import numpy as np
import pytest

from tests.policy.worlds import RULES, policy_of
from triage.errors import BadField
from triage.policy import Policy, RuleStep, differences, fill, read_policy, write_policy
from triage.policy.filling import (
    fields,
    plain_number,
    rule_of,
    shown_fields,
    shown_rule,
    tick_of,
)
from triage.policy.form import SECTIONS, Is

KEYS = dict(fields())
# Costs hold each other, and hours need all of their parts: see below.
NUMBERS = [path for path, key in KEYS.items() if key.low is not None and path[:5] != "costs"]


def form_of(policy: Policy) -> dict[str, str]:
    """Return what a browser sends of a form that nobody touched."""
    sent = shown_fields(policy)
    for path, key in KEYS.items():
        if key.among and key.is_ is Is.TEXTS:
            for one in sent[path].split("\n"):
                sent[tick_of(path, one)] = "on"
    return sent


@pytest.mark.parametrize("seed", range(25))
def test_a_form_that_is_sent_as_it_came_changes_nothing(seed: int) -> None:
    policy = read_policy(write_policy(policy_of(np.random.default_rng(seed))))
    filled = fill(Policy(rules=policy.rules), form_of(policy))
    assert not filled.wrong
    assert shown_fields(filled.policy) == shown_fields(policy)
    assert len(differences(policy, filled.policy)) == 0


def test_every_field_of_the_file_but_the_fixed_one_has_a_place_in_the_form() -> None:
    there = {f"{section}.{key.name}" for section, keys in SECTIONS.items() for key in keys}
    assert set(KEYS) == there - {"sensitive.private"}
    # With the fields that every form brings they are fewer than a form may have.
    sent = form_of(Policy(cared_for=frozenset(), open_types=frozenset()))
    boxes = sum(len(key.among) for key in KEYS.values() if key.is_ is Is.TEXTS)
    assert len(sent) + boxes + 4 <= 50


@pytest.mark.parametrize("path", NUMBERS)
def test_what_a_form_says_is_allowed_is_what_a_policy_takes(path: str) -> None:
    key = KEYS[path]
    step = 1.0 if key.is_ is Is.WHOLE else 0.001
    assert key.low is not None
    inside = [key.low + step if key.over else key.low]
    outside = [key.low if key.over else key.low - step]
    if key.high is not None:
        inside.append(key.high)
        outside.append(key.high + step)
    section, name = path.split(".")
    for value in inside:
        shown = f"{value:g}"
        assert not fill(Policy(), {path: shown}).wrong, value
        read_policy(f"[{section}]\n{name} = {shown}")
    for value in outside:
        shown = f"{value:g}"
        assert set(fill(Policy(), {path: shown}).wrong) == {path}, value
        with pytest.raises(BadField):
            read_policy(f"[{section}]\n{name} = {shown}")


def test_all_that_is_wrong_is_said_at_once_and_the_rest_is_taken() -> None:
    filled = fill(
        Policy(),
        {
            "shown.most": "many",
            "shown.swaps": "0,2",
            "costs.expert": "12",
            "hours.time_zone": "Middle/Earth",
            "hours.open": "mon-fri 08:00-17:00",
            "routing.novel_to_expert": "no",
        },
    )
    assert set(filled.wrong) == {"shown.most", "costs", "hours.time_zone"}
    assert filled.policy.swaps == pytest.approx(0.2)
    assert not filled.policy.novel_to_expert
    assert filled.policy.costs == Policy().costs
    assert filled.policy.hours is None


def test_two_fields_that_do_not_fit_are_taken_back_together() -> None:
    filled = fill(Policy(), {"accounts.expert_levels": "Gold", "accounts.community_levels": "gold"})
    assert set(filled.wrong) == {"accounts.community_levels"}
    assert filled.policy.community_levels == frozenset()


PLAIN = [
    ("12.5", ".", 12.5),
    ("12,5", ".", 12.5),
    ("0,125", ".", 0.125),
    ("1.125", ".", 1.125),
    ("1,125", ",", 1.125),
    ("0.125", ",", 0.125),
    ("1234,5", ",", 1234.5),
    ("+7", ",", 7),
]
MISLEADING = [
    *[("1,000", "."), ("1.000", ","), ("12,500", "."), ("1.000,5", ","), ("1,000.5", ".")],
    *[("1 000", "."), ("1\u00a0000", ","), ("1\u202f000", ","), ("1'000", "."), ("1_000", ".")],
    *[("1e3", "."), ("inf", "."), ("nan", "."), ("0x10", "."), ("\u0661\u0662", "."), (".5", ".")],
    *[("5.", "."), ("1,,5", ","), ("--1", "."), ("9" * 400, "."), ("12 hours", ".")],
]


@pytest.mark.parametrize(("said", "mark", "value"), PLAIN)
def test_a_plain_number_is_read_with_either_mark(said: str, mark: str, value: float) -> None:
    filled = fill(Policy(), {"load.slow_from_hours": said}, mark)
    assert not filled.wrong
    assert float(shown_fields(filled.policy)["load.slow_from_hours"]) == value


@pytest.mark.parametrize(("said", "mark"), MISLEADING)
def test_a_number_that_can_be_misread_is_refused_and_not_guessed(said: str, mark: str) -> None:
    path = "load.slow_from_hours"
    filled = fill(Policy(), {path: said}, mark)
    assert set(filled.wrong) == {path}
    assert "thousands" in str(filled.wrong[path])
    assert filled.policy == Policy()


@pytest.mark.parametrize("said", ["3.0", "3,0", "1.000", "1,000", "3.5"])
@pytest.mark.parametrize("mark", [".", ","])
def test_a_whole_number_has_no_mark_at_all(said: str, mark: str) -> None:
    assert set(fill(Policy(), {"shown.most": said}, mark).wrong) == {"shown.most"}


@pytest.mark.parametrize("mark", [".", ","])
def test_what_a_form_shows_is_never_misleading_when_it_comes_back(mark: str) -> None:
    for value in (1.125, 1000.0, 12345.678, 0.00002, 999.999):
        shown = plain_number(value).replace(".", mark)
        filled = fill(Policy(), {"load.slow_from_hours": shown}, mark)
        assert "e" not in shown
        assert not filled.wrong
        assert shown_fields(filled.policy)["load.slow_from_hours"] == shown.replace(mark, ".")


def test_what_is_left_empty_is_unsaid_where_it_may_be() -> None:
    hours = {"hours.time_zone": "", "hours.open": "", "hours.holidays": ""}
    before = read_policy('[hours]\ntime_zone = "UTC"\nopen = ["mon-fri 08:00-17:00"]')
    assert fill(before, hours).policy.hours is None
    assert not fill(before, {"precision.topic": ""}).wrong
    assert set(fill(before, {"costs.expert": ""}).wrong) == {"costs.expert"}


def test_boxes_count_only_where_the_form_had_them() -> None:
    policy = read_policy('[routing]\ncared_for = ["angry", "at_risk"]')
    assert fill(policy, {}).policy.cared_for == policy.cared_for
    assert fill(policy, {"routing.cared_for": "shown"}).policy.cared_for == frozenset()


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_comes_back_from_its_form(rule: object) -> None:
    assert rule_of(shown_rule(rule)) == rule  # type: ignore[arg-type]


def test_a_rule_without_words_is_refused_by_its_field() -> None:
    with pytest.raises(BadField) as refused:
        rule_of({"name": "empty", "destination": "expert"})
    assert refused.value.field == "words"
    with pytest.raises(BadField) as refused:
        rule_of({"name": "nowhere", "words": "invoice"})
    assert refused.value.field == "destination"


def test_what_became_of_rules_is_told_by_rule() -> None:
    monitor, login, vat = RULES
    before = Policy(rules=(monitor, login, vat))
    other = rule_of({**shown_rule(login), "words": "sign in"})
    new = rule_of({"name": "new", "destination": "expert", "words": "brand new"})
    found = differences(before, Policy(rules=(vat, monitor, other, new), most_shown=2))
    assert [(one.path, one.before, one.after) for one in found.fields] == [("shown.most", "3", "2")]
    steps = {one.name: one.step for one in found.rules}
    assert steps["login"] is RuleStep.CHANGED
    assert steps["new"] is RuleStep.ADDED
    assert sum(step is RuleStep.MOVED for step in steps.values()) == 1
    gone = differences(before, Policy(rules=(login, vat)))
    assert [(one.name, one.step) for one in gone.rules] == [("monitor", RuleStep.REMOVED)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[costs]\nexpert = 1.0\nmised_expert = 3.0\n", 3),
        ("[costs]\nexpert 1.0\n", 2),
        ("[shown]\n\nmost = 99\n", 3),
        ("[[rules]]\nname = 'a'\ndestination = 'expert'\nwords = ['x']\n", 4),
    ],
)
def test_an_error_knows_its_line(text: str, line: int) -> None:
    with pytest.raises(BadField) as refused:
        read_policy(text)
    assert refused.value.line == line
