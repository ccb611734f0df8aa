from datetime import UTC, datetime, timedelta

import numpy as np

from triage.classify import UNKNOWN, Facts, Origin, facts_of, fit_featuriser
from triage.classify.facts import NEW_FOR, FactTable, fit_facts
from triage.records import Account, Case, Question

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ACCOUNT = Account(
    "a", support_level="priority", customised_products=("Ledger",), first_seen=NOW - NEW_FOR / 2
)


def test_a_question_of_a_known_account_has_its_facts() -> None:
    question = Question("t", "b", "sv", product="ledger", customer_severity=1)
    found = facts_of(question, ACCOUNT, NOW)
    assert found == Facts("ledger", "sv", 1, "priority", customised=True, new_account=True)


def test_a_question_of_nobody_known_has_its_own() -> None:
    assert facts_of(Case("c", "t", "b", lang="fi"), None, NOW) == Facts(lang="fi")


def test_an_account_is_new_for_a_while() -> None:
    assert facts_of(Case("c", "t", "b"), ACCOUNT, NOW + timedelta(days=365)).new_account is False
    assert facts_of(Case("c", "t", "b"), ACCOUNT, None).new_account is None


def test_what_is_unknown_is_not_told() -> None:
    assert list(UNKNOWN.told()) == []
    assert list(Facts(product=" Web  Shop", customised=False).told()) == [
        "product=web shop",
        "customised=false",
    ]


def test_a_fact_of_three_persons_has_a_column() -> None:
    facts = [Facts(product="ledger"), Facts(product="LEDGER"), Facts(product="ledger")]
    assert fit_facts(facts, ["a", "b", "c"]).names == ("product=ledger",)
    assert fit_facts(facts, ["a", "b", "b"]).names == ()


def test_a_fact_without_a_column_is_left_out() -> None:
    table = FactTable(("lang=sv", "product=ledger"))
    rows = table.rows([Facts("ledger", "fi"), UNKNOWN, Facts("ledger", "sv")])
    np.testing.assert_array_equal(rows.toarray(), [[0, 1], [0, 0], [1, 1]])


def test_facts_are_columns_of_their_own() -> None:
    facts = [Facts(product="ledger")] * 3 + [UNKNOWN]
    featuriser, rows = fit_featuriser(["a"] * 4, [""] * 4, None, facts)
    (block,) = [b for b in featuriser.blocks if b.origin is Origin.FACT]
    assert block.names == ("product=ledger",)
    column = rows[:, block.start : block.stop].toarray().ravel()
    assert column[0] > 0
    assert column[3] == 0
    again = featuriser.transform(["a"] * 4, [""] * 4, None, facts)
    np.testing.assert_allclose(again.toarray(), rows.toarray(), atol=1e-6)
    assert featuriser.transform(["a"], [""], None).shape == (1, featuriser.width)
