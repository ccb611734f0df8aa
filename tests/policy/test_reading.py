"""A policy's file: read, checked, and written so that it reads back the same."""

import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tests.policy.worlds import policy_of
from triage.cli import main
from triage.errors import BadField
from triage.policy import Policy, Rule, read_policy, write_policy
from triage.policy.form import RULE_KEYS, SECTIONS
from triage.records import Destination

PAGE = Path(__file__).resolve().parents[2] / "docs" / "policy.md"


@given(seed=st.integers(0, 2**32 - 1))
def test_what_is_written_reads_back_the_same(seed: int) -> None:
    policy = policy_of(np.random.default_rng(seed))
    assert read_policy(write_policy(policy)) == policy


@given(said=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300))
def test_whatever_can_be_told_comes_back_as_it_was(said: str) -> None:
    try:
        rule = Rule("own", Destination.EXPERT, words=("feed",), reason={"en": said})
    except BadField:
        return
    policy = Policy(rules=(rule,), closed_groups=frozenset({said, 'a "b" \\ \x7f\n'}))
    assert read_policy(write_policy(policy)) == policy


def test_an_empty_file_is_the_default() -> None:
    assert read_policy("") == Policy()


def test_every_field_is_explained() -> None:
    text = write_policy(Policy())
    for section, keys in SECTIONS.items():
        assert f"[{section}]" in text
        assert all(f"# {key.meaning}\n" in text for key in keys)


@pytest.mark.parametrize(
    ("text", "field", "problem"),
    [
        ("[costs]\nexprt = 1", "costs.exprt", "nearest name is `expert` (line 2)"),
        ("[cost]\nexpert = 1", "cost", "nearest name is `costs` (line 1)"),
        ("[costs]\nexpert = true", "costs.expert", "a number (line 2)"),
        ("[costs]\nexpert = nan", "costs.expert", "a number"),
        ("[costs]\nexpert = -1", "costs.expert", "below 0"),
        ("[costs]\nexpert = 9", "costs", "do not fit together"),
        ("[shown]\n\nmost = 2.5", "shown.most", "a whole number (line 3)"),
        ("[shown]\nmost = 99", "shown.most", "is 99"),
        ("[shown]\nswaps = 0.6", "shown.swaps", "not from 0 to 0.5"),
        ("[shown]\nswaps = -0.1", "shown.swaps", "not from 0 to 1"),
        ("[sensitive]\nprivate = false", "sensitive.private", "under every policy"),
        ("[sensitive]\nopen = ['password']", "sensitive.open", "under every policy"),
        ("[sensitive]\nconfidential_from = 1.0", "sensitive.confidential_from", "up to 0.9"),
        ("[severity]\nexpert_from = 5", "severity.expert_from", "from 0 to 4"),
        ("[routing]\ndefault = 'experts'", "routing.default", "community or expert"),
        ("[routing]\ncared_for = ['sad']", "routing.cared_for", "none of calm"),
        ("[precision]\ntone = 2", "precision.tone", "from 0 to 1"),
        ("[load]\nmost_up = 0.9", "load.most_up", "more than 0.5"),
        ("[load]\nper_queued = -0.1", "load.per_queued", "below 0"),
        ("[hours]\nopen = ['mon 08:00-17:00']", "hours.time_zone", "is missing"),
        (
            "[hours]\ntime_zone = 'Mars/North'\nopen = ['mon 08:00-17:00']",
            "hours.time_zone",
            "IANA",
        ),
        ("[hours]\ntime_zone = 'UTC'\nopen = ['17-8']", "hours.open", "mon-fri 08:00-17:00"),
        ("[hours]\ntime_zone = 'UTC'\nopen = ['mon 17:00-08:00']", "hours.open", "run forward"),
        (
            "[accounts]\nexpert_levels = ['a']\ncommunity_levels = ['A']",
            "accounts.community_levels",
            "'a'",
        ),
        ("[groups]\nclosed = ['']", "groups.closed", "empty name"),
        ("groups = 3", "groups", "written as [groups]"),
        ("rules = 3", "rules", "[[rules]]"),
        ("[[rules]]\nname = 'a'", "rules.1.destination", "is missing"),
        ("[[rules]]\nname='a b'\ndestination='expert'", "rules.1.name", "is 'a b'"),
        ("[costs\n", "policy", "line 1"),
    ],
)
def test_an_error_names_its_field_and_line(text: str, field: str, problem: str) -> None:
    with pytest.raises(BadField) as raised:
        read_policy(text)
    assert raised.value.field == field
    assert problem.replace("IANA", "Europe/Stockholm") in raised.value.problem


def test_an_error_in_the_second_rule_is_found_there() -> None:
    good = "[[rules]]\nname = 'a'\ndestination = 'expert'\nwords = ['feed']\n"
    bad = "[[rules]]\nname = 'b'\ndestination = 'expert'\nwords = ['*']\n"
    with pytest.raises(BadField) as raised:
        read_policy(good + bad)
    assert raised.value.field == "rules.2.words"
    assert "(line 8)" in raised.value.problem


def test_two_rules_of_one_name_are_refused() -> None:
    rule = "[[rules]]\nname = 'a'\ndestination = 'expert'\nwords = ['feed']\n"
    with pytest.raises(BadField, match="another rule"):
        read_policy(rule * 2)


def test_the_documented_example_is_a_policy_that_uses_every_section() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    policy = read_policy(example)
    assert {rule.name for rule in policy.rules} == {"monitoring", "invoices"}
    assert set(tomllib.loads(example)) == {*SECTIONS, "rules"}


def test_every_field_is_documented() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for section, keys in SECTIONS.items():
        assert all(f"| `{section}.{key.name}` | {key.meaning} |" in page for key in keys)
    assert all(
        f"| `rules.{name}` | {meaning} |" in page for name, (_, meaning) in RULE_KEYS.items()
    )


def test_the_shown_policy_checks(tmp_path: Path) -> None:
    shown = CliRunner().invoke(main, ["policy", "show"])
    assert shown.exit_code == 0
    file = tmp_path / "policy.toml"
    file.write_text(shown.stdout, encoding="utf-8")
    assert read_policy(shown.stdout) == Policy()
    assert CliRunner().invoke(main, ["policy", "check", str(file)]).exit_code == 0


@pytest.mark.parametrize(
    ("content", "said"), [(b"[costs]\nexprt=1", "costs.exprt"), (b"\xff\xfe", "bad_file")]
)
def test_a_file_that_is_no_policy_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "policy.toml"
    file.write_bytes(content)
    done = CliRunner().invoke(main, ["policy", "check", str(file)])
    assert done.exit_code == 1
    assert said in done.stderr
