"""What routing would have cost, beside rules and always the same."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from triage.costs import Costs
from triage.decide import Policy
from triage.encode import HashingEncoder, TextRole
from triage.encode.base import Vectors
from triage.errors import NotEnoughData
from triage.learn.evaluate.keywords import asks_for_expert
from triage.learn.evaluate.routing import RoutingOptions, evaluate_routing
from triage.records import Account, Case

OPTIONS = RoutingOptions()
WORDS = "invoice payment portal webshop mobile printer ledger report bank user".split()


def forum(n: int = 80) -> list[Case]:
    """Half of the problems are hard, and told apart by their words; two wordings of each."""
    cases = []
    for i in range(n):
        hard = i // 2 % 2 == 0
        text = "Postings vanished from the ledger" if hard else "Which menu has the setting"
        word = WORDS[i // 2 % 10]
        cases.append(
            Case(
                f"c{i}",
                f"{text} {word}",
                f"{text}: {word}, {i % 2}",
                lang="en",
                severity=(2 if i % 4 == 0 else 3) if hard else 4,
                destination="expert" if hard else "community",
                group=f"p{i // 2}",
            )
        )
    return cases


def encode(texts: Sequence[str]) -> Vectors:
    return HashingEncoder(32).encode(texts, TextRole.QUERY)


def judge(cases: Sequence[Case], options: RoutingOptions = OPTIONS) -> dict[str, dict[str, float]]:
    return evaluate_routing(cases, encode, options, lambda _: None)["costs"]


@pytest.fixture(scope="module")
def costs() -> dict[str, dict[str, float]]:
    return judge(forum())


def test_asking_always_the_same_costs_what_the_table_says(
    costs: dict[str, dict[str, float]],
) -> None:
    # 40 easy questions at 0.1 or 0.75; 20 hard ones at severity 2, 20 at 3.
    assert costs["always_community"]["cost"] == pytest.approx((4 + 200 + 60) / 80)
    assert costs["always_expert"]["cost"] == pytest.approx((30 + 40) / 80)
    assert costs["always_community"]["missed"] == 40
    assert costs["always_community"]["missed_severe"] == 20
    assert costs["always_expert"]["needless"] == 40


def test_what_the_words_tell_is_routed_rightly(costs: dict[str, dict[str, float]]) -> None:
    assert costs["served"]["cost"] == pytest.approx((4 + 40) / 80)
    assert costs["served"]["missed"] == costs["served"]["needless"] == 0


def test_the_saving_is_over_each_other_way() -> None:
    found = evaluate_routing(forum(), encode, OPTIONS, lambda _: None)
    saved = found["saved_by_serving"]["always_expert"]
    expected = found["costs"]["always_expert"]["cost"] - found["costs"]["served"]["cost"]
    assert saved["mean"] == pytest.approx(expected)
    assert saved["low"] <= saved["mean"] <= saved["high"]
    assert "served" not in found["saved_by_serving"]
    assert found["problems"] == 40


def test_a_twin_of_the_problem_is_never_learnt_from() -> None:
    # Every problem has a word of its own, and only its twins share the word and the destination.
    random = np.random.default_rng(1)
    sides = random.integers(2, size=20)
    twins = [
        Case(
            f"{i}-{j}",
            f"zq{i:02}x zq{i:02}x",
            f"zq{i:02}x",
            destination=("community", "expert")[sides[i]],
            group=f"p{i}",
        )
        for i in range(20)
        for j in range(6)
    ]
    kept = evaluate_routing(twins, None, OPTIONS, lambda _: None)
    split = evaluate_routing([replace(c, group=None) for c in twins], None, OPTIONS, lambda _: None)
    assert kept["destination"]["accuracy"] < 0.7
    assert split["destination"]["accuracy"] > 0.8


def test_a_secret_goes_to_an_expert_whatever_the_heads_say() -> None:
    leak = (
        "Which menu has the setting? Our password is hunter2secret, api key sk_live_4eC39HqLyjWDarj"
    )
    cases = [replace(c, body=leak) if c.destination == "community" else c for c in forum()]
    assert judge(cases)["rules_without_keywords"]["needless"] == 40


def test_the_costs_given_are_the_costs_counted() -> None:
    dear = judge(forum(), RoutingOptions(Policy(costs=Costs(missed_expert=50, missed_severe=50))))
    assert dear["always_community"]["cost"] == pytest.approx((4 + 2000) / 80)


def test_dearer_misses_send_more_to_experts() -> None:
    # Words say nothing here: who needs an expert is drawn, four in ten.
    random = np.random.default_rng(0)
    cases = [
        Case(f"c{i}", f"Question {WORDS[i % 10]}", "How?", lang="en", destination=who)
        for i, who in enumerate(np.where(random.random(100) < 0.4, "expert", "community").tolist())
    ]
    usual = judge(cases)
    alike = judge(
        cases, RoutingOptions(Policy(costs=Costs(missed_expert=1.65, missed_severe=1.65)))
    )
    assert usual["served"]["missed"] < alike["served"]["missed"]
    assert usual["served"]["needless"] > usual["likelier_side"]["needless"]
    assert usual["served"]["cost"] < usual["likelier_side"]["cost"]


def test_what_is_known_of_an_account_tells_who_should_answer() -> None:
    accounts = [Account(f"a{i}", support_level=("own", "basic")[i % 2]) for i in range(8)]
    cases = [
        Case(
            f"c{i}",
            f"Question {WORDS[i // 2 % 10]}",
            "How?",
            person=f"u{i}",
            account=f"a{i % 8}",
            lang="en",
            destination=("expert", "community")[i % 2],
        )
        for i in range(80)
    ]
    blind = evaluate_routing(cases, None, OPTIONS, lambda _: None)
    told = evaluate_routing(cases, None, OPTIONS, lambda _: None, accounts)
    assert told["destination"]["accuracy"] == 1.0
    assert blind["destination"]["accuracy"] < told["destination"]["accuracy"]


def test_cases_without_a_destination_cannot_be_judged() -> None:
    with pytest.raises(NotEnoughData):
        evaluate_routing([Case("c", "t", "b")], None, OPTIONS, lambda _: None)


@pytest.mark.parametrize(
    ("title", "expert"),
    [
        ("How do I resend an invoice?", False),
        ("Var ändrar jag logotypen?", False),
        ("Wie lege ich einen Nummernkreis an?", False),
        ("Our supplier's bank details were changed, the police know", True),
        ("Leverandøren er betalt, men det er svindel", True),
        ("Personuppgifter syns för annans kund", True),
        ("Vores database skal gendannes", True),
        ("Ainoa pääkäyttäjä on kuollut", True),
        ("Kündigung unseres Vertrags", True),
    ],
)
def test_keywords_are_found_in_every_language(title: str, expert: bool) -> None:
    assert asks_for_expert(title, "") is expert
