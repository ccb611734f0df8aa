"""What a question is decided within, through the desk that serves it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.forum import SmallForum, cases
from triage import store
from triage.policies.drafting import Policies
from triage.policies.load import ForumLoad
from triage.records import Account, Actor, ActorKind, Case, Destination, Draft, Visibility

ANNA = Actor(ActorKind.COMMAND, "anna")
DRAFT = Draft("Dark theme", "Please add a dark theme to the app.", lang="en")
# A Sunday, and a Monday after Easter.
SUNDAY = datetime(2026, 3, 1, 10, tzinfo=UTC)


def follow(small: SmallForum, toml: str) -> int:
    policies = Policies(small.database, small.forum.id, ANNA)
    return policies.activate(policies.draft(toml).version).version


def test_the_next_question_after_an_activation_is_decided_by_it(small: SmallForum) -> None:
    desk = small.desk()
    before = desk.ask(DRAFT).decision
    assert (before.policy_version, before.destination) == ("default", Destination.COMMUNITY)
    follow(small, '[routing]\ndefault = "expert"\n')
    after = desk.ask(DRAFT).decision
    assert (after.policy_version, after.destination) == ("1", Destination.EXPERT)
    assert desk.state()["policy_version"] == "1"
    rule = '[[rules]]\nname = "dark"\ndestination = "community"\nwords = ["dark theme"]\n'
    follow(small, rule)
    assert desk.ask(DRAFT).decision.decided_by == "rule:dark"


def test_what_decided_is_kept_with_the_reply(small: SmallForum) -> None:
    number = follow(small, '[[rules]]\nname = "d"\ndestination = "expert"\nwords = ["dark"]\n')
    reply = small.desk().ask(DRAFT)
    with small.database.read() as c:
        row = store.get_triage(c, small.forum.id, reply.triage_id)
    assert row is not None
    kept = row.reply["decision"]
    assert kept["policy_version"] == str(number)
    assert kept["decided_by"] == "rule:d"
    assert [one["code"] for one in kept["would_change"]] == ["turn_rule"]


def test_a_person_is_had_at_once_whatever_the_rules_say(small: SmallForum) -> None:
    follow(small, '[[rules]]\nname = "d"\ndestination = "community"\nwords = ["dark"]\n')
    wanted = Draft(DRAFT.title, DRAFT.body, lang="en", wants_person=True)
    decision = small.desk().ask(wanted).decision
    assert (decision.destination, decision.decided_by) == (Destination.EXPERT, "wants_person")
    assert decision.visibility is Visibility.PRIVATE
    assert small.desk().ask(DRAFT).decision.destination is Destination.COMMUNITY


def test_the_account_counts_without_a_model(small: SmallForum) -> None:
    follow(small, '[accounts]\nexpert_levels = ["gold"]\n')
    with small.database.write() as c:
        account = Account("acme", support_level="Gold", customised_products=("Ledger",))
        store.put_accounts(c, small.forum.id, [account])
        store.set_account_of(c, small.forum.id, "anna", "acme")
    desk = small.desk()
    ask = DRAFT.__class__(DRAFT.title, DRAFT.body, person="anna")
    assert desk.ask(ask).decision.decided_by == "expert_level"
    own = DRAFT.__class__(DRAFT.title, DRAFT.body, account="acme", product="ledger")
    assert desk.ask(own).decision.decided_by == "customised"
    assert desk.ask(DRAFT).decision.decided_by == "unrouted"


def test_askers_are_told_when_experts_are_in_again(small: SmallForum) -> None:
    follow(
        small,
        '[routing]\ndefault = "expert"\n'
        '[hours]\ntime_zone = "Europe/Stockholm"\nopen = ["mon-fri 08:00-17:00"]\n',
    )
    desk = small.desk()
    told = desk.ask(DRAFT, clock=lambda: SUNDAY).decision.reasons
    assert [(one.code, dict(one.params)) for one in told if one.code == "experts_away"] == [
        ("experts_away", {"opens": "2026-03-02 08:00"})
    ]
    monday = desk.ask(DRAFT, clock=lambda: SUNDAY + timedelta(days=1)).decision
    assert "experts_away" not in {one.code for one in monday.reasons}


def test_the_cut_moves_with_the_times_that_were_measured(small: SmallForum) -> None:
    now = datetime.now(UTC)
    slow = [
        Case(
            f"s{n}",
            "Footer",
            "How do I change it?",
            created=now - timedelta(days=9),
            first_response=now - timedelta(days=6),
            destination="community",
            topic="templates",
        )
        for n in range(30)
    ]
    small.put_cases([*cases(90), *slow])
    small.train()
    asked = Draft("Footer", "How do I change the footer of template 7?", lang="en")
    desk = small.desk()
    still = desk.ask(asked).decision
    assert still.cut is not None
    assert (still.cut.moved, still.cut.community_hours) == (0, None)
    follow(small, "[load]\nmost_up = 0.2\nmost_down = 0.2\n")
    load = ForumLoad(small.database, small.forum.id)
    load.gather()
    hours = load.now().community_hours["templates"]
    assert 24 < hours <= 72
    desk.ask(asked)
    desk.close()  # whatever was being measured is there now
    moved = desk.ask(asked).decision
    desk.close()
    assert moved.cut is not None
    assert moved.cut.community_hours == pytest.approx(hours)
    assert moved.cut.queue == 0
    assert moved.cut.moved == pytest.approx(-min(0.2, 0.002 * (hours - 24)))
    assert moved.cut.at == pytest.approx(still.cut.at + moved.cut.moved)


def test_a_policy_that_looks_at_no_load_has_nothing_counted(small: SmallForum) -> None:
    desk = small.desk()
    follow(small, "[shown]\nmost = 2\n")
    desk.ask(DRAFT)
    assert desk._surroundings._load._gathering is None
