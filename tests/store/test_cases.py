"""Cases and accounts come back as they were put."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from triage.records import Account, Case, Forum
from triage.store import (
    Database,
    PutCounts,
    account_of,
    count_cases,
    get_account,
    iter_cases,
    put_accounts,
    put_cases,
    set_account_of,
)

from .samples import NOON

FULL = Case(
    id="c1",
    title="Tomt fönster",
    body="Ingenting händer.",
    person="9f",
    account="acme",
    groups=frozenset({"staff", "acme"}),
    product="Desk",
    version="7.1",
    lang="sv",
    created=NOON,
    first_response=NOON + timedelta(microseconds=1),
    closed=NOON + timedelta(days=2),
    escalated=False,
    answer="Starta om.",
    answer_public=True,
    kind="problem",
    topic="login",
    difficulty=0.1 + 0.2,
    severity=2,
    customer_severity=1,
    destination="expert",
    group="core",
)


def test_every_field_of_a_case_comes_back(database: Database, forum: Forum) -> None:
    with database.write() as c:
        put_cases(c, forum.id, [(FULL, "d1"), (Case("c2", "", ""), "d2")])
        assert list(iter_cases(c, forum.id)) == [(Case("c2", "", ""), "d2"), (FULL, "d1")]


def test_a_case_is_updated_when_it_or_its_digest_changed(database: Database, forum: Forum) -> None:
    with database.write() as c:
        assert put_cases(c, forum.id, [(FULL, "d1")]) == PutCounts(1, 0, 0)
        assert put_cases(c, forum.id, [(FULL, "d1")]) == PutCounts(0, 0, 1)
        assert put_cases(c, forum.id, [(FULL, "d2")]) == PutCounts(0, 1, 0)
        assert list(iter_cases(c, forum.id)) == [(FULL, "d2")]
        assert count_cases(c, forum.id) == 1


@pytest.mark.parametrize("batch", [1, 2, 3, 500])
def test_cases_come_oldest_first_after_those_of_no_date(
    database: Database, forum: Forum, batch: int
) -> None:
    dates = {"e": None, "d": None, "c": NOON, "b": NOON, "a": NOON + timedelta(days=1)}
    with database.write() as c:
        put_cases(c, forum.id, [(Case(i, "", "", created=at), "d") for i, at in dates.items()])
        found = [case.id for case, _ in iter_cases(c, forum.id, batch=batch)]
        assert found == ["d", "e", "b", "c", "a"]
        since = [case.id for case, _ in iter_cases(c, forum.id, NOON, batch)]
        assert since == ["b", "c", "a"]


WORDS = st.text(max_size=8)


@given(
    account=st.builds(
        Account,
        id=WORDS,
        name=st.none() | WORDS,
        support_level=st.none() | WORDS,
        expert_team=st.none() | WORDS,
        customised_products=st.lists(WORDS, max_size=3).map(tuple),
        groups=st.frozensets(WORDS, max_size=3),
        first_seen=st.none() | st.just(NOON),
        preferred_channel=st.none() | WORDS,
    )
)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_field_of_an_account_comes_back(
    database: Database, forum: Forum, account: Account
) -> None:
    with database.write() as c:
        put_accounts(c, forum.id, [account])
        assert get_account(c, forum.id, account.id) == account
        assert put_accounts(c, forum.id, [account]).unchanged == 1


def test_an_unknown_account_is_none(database: Database, forum: Forum) -> None:
    with database.read() as c:
        assert get_account(c, forum.id, "acme") is None
        assert account_of(c, forum.id, "9f") is None


def test_a_person_belongs_to_the_account_named_last(database: Database, forum: Forum) -> None:
    with database.write() as c:
        set_account_of(c, forum.id, "9f", "acme")
        set_account_of(c, forum.id, "9f", "zeta")
        assert account_of(c, forum.id, "9f") == "zeta"
