"""A forum's policy has versions: drafted, active, retired, discarded; each step is noted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.forum import SmallForum, small_forum
from triage import store
from triage.costs import Costs
from triage.errors import BadField, NoPolicy, PolicyRefused
from triage.policies.drafting import Activated, Policies
from triage.policies.in_force import DEFAULT, ForumPolicy, policy_in_force
from triage.policy import Policy, read_policy, write_policy
from triage.records import Actor, ActorKind
from triage.store import PolicyState

ANNA = Actor(ActorKind.COMMAND, "anna")
STRICT = "[costs]\nmissed_expert = 9.0\nmissed_severe = 12.0\n"
LOOSE = "[severity]\nexpert_from = 0\n"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallForum]:
    with small_forum(tmp_path, threads=()) as opened:
        yield opened


@pytest.fixture
def policies(small: SmallForum) -> Policies:
    return Policies(small.database, small.forum.id, ANNA)


def states(policies: Policies) -> dict[int, str]:
    with policies.database.read() as c:
        rows = store.list_policies(c, policies.forum_id, 100)
    return {row.version: row.state.value for row in rows}


def acts(policies: Policies) -> list[str]:
    with policies.database.read() as c:
        return [row.act.act for row in store.iter_acts(c, policies.forum_id)]


def test_a_forum_without_a_version_is_decided_about_by_the_default(policies: Policies) -> None:
    shown = policies.show()
    assert (shown.version, shown.active, shown.draft) == (DEFAULT, None, None)
    assert read_policy(shown.toml) == Policy()


def test_a_draft_decides_nothing_until_it_is_activated(policies: Policies) -> None:
    follower = ForumPolicy(policies.database, policies.forum_id)
    row = policies.draft(STRICT, "Too much was missed in May.")
    assert (row.version, row.state) == (1, PolicyState.DRAFT)
    assert follower.now().version == DEFAULT
    assert policies.activate(1) == Activated(1, None)
    assert follower.now().policy.costs == Costs(missed_expert=9, missed_severe=12)
    assert (follower.now().version, follower.now().number) == ("1", 1)


def test_a_version_is_kept_with_every_field(policies: Policies) -> None:
    row = policies.draft(LOOSE)
    assert row.toml == write_policy(replace(Policy(), severe=frozenset()))
    assert "missed_severe" in row.toml


def test_the_same_draft_again_is_no_new_version(policies: Policies) -> None:
    assert policies.draft(LOOSE).version == policies.draft(f"# The same.\n{LOOSE}").version == 1
    assert acts(policies) == ["policy.draft"]


def test_a_new_draft_takes_the_place_of_the_one_before(policies: Policies) -> None:
    policies.draft(LOOSE)
    policies.draft(STRICT)
    assert states(policies) == {2: "draft", 1: "discarded"}
    with pytest.raises(BadField, match="discarded"):
        policies.activate(1)


def test_what_is_wrong_in_a_draft_is_named_and_nothing_is_kept(policies: Policies) -> None:
    with pytest.raises(BadField, match=r"costs.expert.*line 2"):
        policies.draft("[costs]\nexpert = -1\n")
    with pytest.raises(BadField, match="private under every policy"):
        policies.draft("[sensitive]\nprivate = false\n")
    assert states(policies) == {}


def test_a_former_version_can_be_gone_back_to(policies: Policies) -> None:
    policies.draft(LOOSE)
    policies.activate(1)
    policies.draft(STRICT)
    assert policies.activate(2, "Better in the trial.") == Activated(2, 1)
    assert policies.activate(1, "It was not.") == Activated(1, 2)
    assert states(policies) == {2: "retired", 1: "active"}
    with policies.database.read() as c:
        changes = store.list_policy_changes(c, policies.forum_id, 10)
    told = [(one.action.value, one.version, one.former, one.reason) for one in changes]
    assert told[:2] == [
        ("activate", 1, 2, "It was not."),
        ("activate", 2, 1, "Better in the trial."),
    ]
    assert {one.by for one in changes} == {"anna"}


def test_activating_what_is_active_changes_and_notes_nothing(policies: Policies) -> None:
    policies.draft(LOOSE)
    policies.activate(1)
    noted = acts(policies)
    assert policies.activate(1) == Activated(1, 1)
    assert acts(policies) == noted == ["policy.draft", "policy.activate"]


def test_only_the_draft_that_was_meant_is_discarded(policies: Policies) -> None:
    with pytest.raises(NoPolicy):
        policies.discard()
    policies.draft(LOOSE)
    policies.draft(STRICT)
    with pytest.raises(NoPolicy):
        policies.discard(1)
    assert policies.discard(2).state is PolicyState.DISCARDED
    with pytest.raises(NoPolicy):
        policies.find()
    with pytest.raises(NoPolicy):
        policies.activate(7)


def test_a_version_that_cannot_be_read_never_decides(policies: Policies) -> None:
    policies.draft(LOOSE)
    policies.activate(1)
    follower = ForumPolicy(policies.database, policies.forum_id)
    known = follower.now()
    with policies.database.write() as c:
        number = store.add_policy(
            c, policies.forum_id, "[later]\nx = 1\n", "newer", datetime.now(UTC)
        )
    with pytest.raises(PolicyRefused):
        policies.activate(number)
    with policies.database.write() as c:
        store.set_policy_state(c, policies.forum_id, 1, PolicyState.RETIRED)
        store.set_policy_state(c, policies.forum_id, number, PolicyState.ACTIVE)
    # Who followed the forum before goes on as it was, and says so; who starts now does not guess.
    assert (follower.now(), follower.now(), follower.refused) == (known, known, number)
    starting = ForumPolicy(policies.database, policies.forum_id)
    for _ in range(2):
        with pytest.raises(PolicyRefused):
            starting.now()
    assert policies.activate(1) == Activated(1, number)
    assert (follower.now().version, follower.refused) == ("1", None)
    assert starting.now().version == "1"


RULE = '[[rules]]\nname = "vip"\ndestination = "expert"\n'


@pytest.mark.parametrize(
    ("text", "field", "held"),
    [
        (RULE + 'words = ["anna.berg@example.com"]', "rules.words", "anna.berg"),
        (
            RULE + 'words = ["voice"]\n[rules.reason]\nen = "Call +46 70 123 45 67"',
            "rules.reason.en",
            "70 123",
        ),
        (
            RULE + 'templates = ["token sk_live_4eC39HqLyjWDarjtT1zdp7dc {x}"]',
            "rules.templates",
            "sk_live",
        ),
        ('[accounts]\nexpert_levels = ["eva@example.com"]', "accounts.expert_levels", "eva"),
    ],
)
def test_a_text_that_names_a_person_or_a_secret_is_no_draft(
    policies: Policies, text: str, field: str, held: str
) -> None:
    policies.draft(STRICT)
    with pytest.raises(BadField) as refused:
        policies.draft(text)
    assert refused.value.field == field
    assert held not in str(refused.value)
    # Nothing of it is kept, and the draft before it stands.
    assert states(policies) == {1: "draft"}
    assert acts(policies) == ["policy.draft"]


_STEPS = st.lists(
    st.tuples(st.sampled_from(["draft", "activate", "discard"]), st.integers(1, 5)), max_size=12
)


@given(steps=_STEPS)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_done_one_version_at_most_decides_and_one_is_a_draft(
    policies: Policies, steps: list[tuple[str, int]]
) -> None:
    for what, number in steps:
        try:
            if what == "draft":
                policies.draft(f"[shown]\nmost = {number}\n")
            elif what == "activate":
                policies.activate(number)
            else:
                policies.discard()
        except (NoPolicy, BadField):
            continue
    found = list(states(policies).values())
    assert found.count("active") <= 1
    assert found.count("draft") <= 1
    with policies.database.read() as c:
        active = policy_in_force(c, policies.forum_id)
        last = next(
            (
                one.version
                for one in store.list_policy_changes(c, policies.forum_id, 1000)
                if one.action is store.PolicyAction.ACTIVATE
            ),
            None,
        )
    assert active.number == last
