"""Whom anybody can be in the demo: as the sample and the forum's server know them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.empty_store import put_store
from triage.demo.people import COMPANIES, PEOPLE, person_called
from triage.demo.staff import staff_user
from triage.records import LANGUAGES, Role
from triage.settings import ROOT, Settings
from triage.store import Database, ensure_forum, iter_acts, sqlite_url

LATER = datetime(2026, 3, 1, tzinfo=UTC)
_SAMPLE = ROOT / "data" / "sample"


def test_their_companies_are_those_of_the_sample() -> None:
    with (_SAMPLE / "accounts.jsonl").open(encoding="utf-8") as lines:
        accounts = {row["id"]: row for row in map(json.loads, lines)}
    for account, company in COMPANIES.items():
        assert accounts[account]["name"] == company
    for person in PEOPLE:
        if person.account is not None:
            assert person.account in COMPANIES
            assert person.groups == set(accounts[person.account]["groups"])


def test_there_is_somebody_for_every_part() -> None:
    customers = [person for person in PEOPLE if person.account is not None]
    assert {person.account for person in customers} == set(COMPANIES)
    assert {person.lang for person in customers} == set(LANGUAGES)
    assert [person.user for person in customers if person.account_admin] == ["sanna"]
    assert sum(person.helper for person in PEOPLE) == 2
    assert {person.role for person in PEOPLE if person.role} == {Role.LEAD, Role.ANALYST}
    assert [person.user for person in PEOPLE if person.staff] == ["lead"]
    assert len({person.user for person in PEOPLE}) == len({p.name for p in PEOPLE}) == len(PEOPLE)


def test_helpers_wrote_in_the_sample() -> None:
    written = (_SAMPLE / "threads.jsonl").read_text(encoding="utf-8")
    for person in PEOPLE:
        assert not person.helper or f'"user": "{person.user}"' in written


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: str(person.user))
def test_the_forums_server_vouches_for_customers_alone(person: object) -> None:
    found = next(one for one in PEOPLE if one is person)
    assert person_called(found.user) is found
    visitor = found.visitor(LATER)
    assert (visitor is None) is (found.role is not None)
    if visitor is not None:
        assert (visitor.user, visitor.account) == (found.user, found.account)
        assert (visitor.groups, visitor.account_admin) == (found.groups, found.account_admin)


def test_staff_are_added_once_and_noted(tmp_path: Path, migrated: Path) -> None:
    path = put_store(tmp_path / "triage.db", migrated.read_bytes())
    database = Database(sqlite_url(path))
    lead, claire = person_called("lead"), person_called("claire")
    assert lead is not None
    assert claire is not None
    with database.write() as c:
        forum = ensure_forum(c, "demo")
        first = staff_user(c, forum, lead, LATER)
        assert staff_user(c, forum, lead, LATER) == first
        with pytest.raises(ValueError, match="nobody of the staff"):
            staff_user(c, forum, claire, LATER)
    assert (first.role, first.email) == (Role.LEAD, "lead@kvistor.example")
    with database.read() as c:
        acts = [row.act.act for row in iter_acts(c, forum.id, 0)]
    assert acts.count("user.add") == 1
    database.close()


def test_of_a_demo_nobody_is_in_the_holdout() -> None:
    assert Settings(holdout=0.05, demo=True).usual_holdout == 0.0
    assert Settings(holdout=0.05).usual_holdout == 0.05


def test_the_setting_is_read_as_people_write_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().demo is False
    monkeypatch.setenv("TRIAGE_DEMO", "1")
    assert Settings().demo is True
