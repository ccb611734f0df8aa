"""/lead/drift as the server sends it: verdicts, days that are past, alerts and who saw them."""

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest

from tests.watching.served import VERSION, served
from triage.insight.drift import WEEK
from triage.records import LANGUAGES, DeliveryState, Forum, MessageType, Role
from triage.store import (
    Database,
    DriftDay,
    count_unseen_alerts,
    drift_days,
    iter_acts,
    keep_drift_day,
    list_deliveries,
    list_drift_alerts,
)
from triage.watching import Watched, Wish, tell, watch
from triage.watching.moments import date_of, day_of, moment_of
from triage.watching.saying import heard, said
from triage.web import word

from .browsing import Browser, browser, shown
from .conftest import World
from .test_analytics import enter
from .test_channels import _nobody_delivers, made

__all__ = ["_nobody_delivers"]

TODAY = day_of(datetime.now(UTC))
MADE = TODAY - 2 * WEEK


@dataclass(frozen=True)
class Kept:
    """The server's forum, as asks are kept in it."""

    database: Database
    forum: Forum


@dataclass(frozen=True)
class Drifted:
    """A server in whose forum people have begun to ask about badges."""

    world: World
    forum: Forum

    def look(self) -> Watched:
        """Look as of now."""
        return watch(self.world.database, self.forum, Wish(TODAY), ())

    def tell(self, now: datetime | None = None) -> str:
        """Look and tell as the errand does; return the id of the alert."""
        at = now or datetime.now(UTC)
        with self.world.database.write() as c:
            assert tell(c, self.forum.id, self.look(), at)
            return list_drift_alerts(c, self.forum.id)[0].alert_id


@pytest.fixture
def drifted(empty: World) -> Drifted:
    kept = served(Kept(empty.database, empty.forum()), comes="badge", weeks=10, made=MADE)
    return Drifted(empty, kept.forum)


@pytest.fixture
def lead(empty: World) -> Browser:
    return enter(empty, Role.LEAD)


def token(page: str) -> str:
    found = re.search(r'name="forgery_token" value="([0-9a-f]+)"', page)
    assert found is not None
    return found[1]


def test_without_a_model_it_says_what_is_missing(lead: Browser) -> None:
    page = lead.get("/lead/drift")
    assert page.status_code == 200
    assert "No model is live" in shown(page)
    assert 'href="/lead/models"' in page.text


def test_only_who_leads_may_look(empty: World) -> None:
    assert enter(empty, Role.ADMIN).get("/lead/drift").status_code == 200
    for role in (Role.ANALYST, Role.FRONTEND):
        there = enter(empty, role)
        assert there.get("/lead/drift").status_code == 403
        form = {"forgery_token": there.forgery_token()}
        assert there.post("/lead/drift/alerts/msg_1", form).status_code == 403
    assert browser(empty).get("/lead/drift").headers["location"].startswith("/sign-in")


def test_what_nobody_has_looked_at_is_looked_at_now(drifted: Drifted, lead: Browser) -> None:
    page = lead.get("/lead/drift")
    text = shown(page)
    assert re.search(r"\d+ measures have drifted", text)
    assert "Looked at just now" in text
    # What moved, with its shares; since when; how surely.
    assert re.search(r"badge: 0% → \d+%", text)
    assert date_of(MADE).isoformat() in text
    assert "&lt; 0.001" in page.text.replace("\u00a0", " ")
    assert "It takes 20." in text
    assert f"Held against {date_of(MADE - 8 * WEEK)} to {date_of(MADE - 1)}" in text
    assert VERSION in text


def test_what_the_server_said_stands_as_it_was_said(drifted: Drifted, lead: Browser) -> None:
    past, now = moment_of(MADE) + timedelta(hours=9), datetime.now(UTC)
    calm = watch(drifted.world.database, drifted.forum, Wish(MADE), ())
    with drifted.world.database.write() as c:
        keep_drift_day(c, drifted.forum.id, DriftDay(past.date(), past, VERSION, said(calm)))
    drifted.tell(now)
    today = shown(lead.get("/lead/drift"))
    assert "As the server saw it" in today
    # Two days make a chart of them.
    assert "Measures that had drifted, day by day" in today
    before = shown(lead.get(f"/lead/drift?day={past:%Y-%m-%d}"))
    assert f"As the server saw it at {past:%Y-%m-%d} 09:00 UTC" in before
    assert "Nobody can say yet" in before
    assert f"The first week that can be compared is over on {date_of(MADE + WEEK)}" in before
    with drifted.world.database.read() as c:
        kept = drift_days(c, drifted.forum.id, past.date(), now.date())
    assert [day.verdicts["predictions"] for day in kept] == ["too_few", "drifted"]
    assert heard(said(calm)).drifts == calm.drifts
    assert said(heard(said(drifted.look()))) == said(drifted.look())


def test_a_look_of_another_model_is_none_of_this_one(drifted: Drifted, lead: Browser) -> None:
    now = datetime.now(UTC)
    other = said(drifted.look()) | {"model_version": "older"}
    with drifted.world.database.write() as c:
        keep_drift_day(c, drifted.forum.id, DriftDay(now.date(), now, "older", other))
    assert "Looked at just now" in shown(lead.get("/lead/drift"))


def test_another_day_and_another_own_time_may_be_asked_for(drifted: Drifted, lead: Browser) -> None:
    early = shown(lead.get(f"/lead/drift?day={date_of(MADE + 3)}"))
    assert "Nobody can say yet" in early
    later = lead.get(f"/lead/drift?since={date_of(MADE - 4 * WEEK)}&asks=all")
    assert f"Held against {date_of(MADE - 8 * WEEK)} to" in shown(later)
    assert "Simulated asks count here" in shown(later)
    # Kept when the page is read in another language.
    assert f"since={date_of(MADE - 4 * WEEK)}" in later.text


@pytest.mark.parametrize(
    "query", ["day=2026-13-01", "day=2999-01-01", "since=no", "since=1970-01-01", "asks=some"]
)
def test_what_cannot_be_is_said_and_kept(query: str, drifted: Drifted, lead: Browser) -> None:
    page = lead.get(f"/lead/drift?{query}")
    field, _, typed = query.partition("=")
    assert page.status_code == 422
    assert word(f"lead_drift.wrong_{field}", "en") in shown(page)
    assert field == "asks" or f'value="{typed}"' in page.text


def test_an_alert_waits_until_somebody_has_seen_it(drifted: Drifted, lead: Browser) -> None:
    alert_id = drifted.tell()
    page = lead.get("/lead/drift")
    text = shown(page)
    assert "Nobody has seen it" in text
    assert "No other system was told." in text
    assert "no channel wants" in text
    # Beside the tab it says that one waits.
    assert re.search(r'aria-current="page">Drift <span class="open">1', page.text)
    form = {"forgery_token": token(page.text), "reason": "A new product. Write to eva@acme.example"}
    seen = lead.post(f"/lead/drift/alerts/{alert_id}", form)
    assert (seen.status_code, seen.headers["location"]) == (303, "/lead/drift?said=seen")
    again = lead.post(f"/lead/drift/alerts/{alert_id}", {**form, "reason": "another"})
    assert again.status_code == 303
    after = shown(lead.get("/lead/drift?said=seen"))
    assert "Noted: you have seen it." in after
    assert "Seen by lead@example.com" in after
    assert "A new product." in after
    # Like all that the staff write of a reason, it holds no addresses.
    assert "eva@acme.example" not in after
    assert "another" not in after.split("What has been told")[1].split("What is asked")[0]
    with drifted.world.database.read() as c:
        assert count_unseen_alerts(c, drifted.forum.id) == 0
        acts = [row.act for row in iter_acts(c, drifted.forum.id) if row.act.act == "drift.seen"]
    assert [(act.object, act.actor.name) for act in acts] == [(alert_id, "lead@example.com")]


def test_an_alert_that_there_is_not_is_said_on_the_page(drifted: Drifted, lead: Browser) -> None:
    form = {"forgery_token": token(lead.get("/lead/drift").text)}
    page = lead.post("/lead/drift/alerts/none", form)
    assert page.status_code == 404
    assert "This alert does not exist any more." in shown(page)
    assert "measures have drifted" in shown(page)


def test_it_says_who_was_told_and_whether_that_arrived(drifted: Drifted, lead: Browser) -> None:
    made(drifted.world, name="Ops desk", wants=[MessageType.DRIFT.value])
    alert_id = drifted.tell()
    with drifted.world.database.read() as c:
        (row,) = list_deliveries(c, drifted.forum.id)
        (alert,) = list_drift_alerts(c, drifted.forum.id)
    assert (row.message_id, row.state) == (alert_id, DeliveryState.PENDING)
    assert alert.receivers == 1
    page = lead.get("/lead/drift")
    assert "these are told: Ops desk" in shown(page)
    assert re.search(r"Told:\s+Ops desk\s+On its way", shown(page))
    assert f"/lead/deliveries/{row.channel_id}/{alert_id}" in page.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_speaks_every_language(lang: str, drifted: Drifted, lead: Browser) -> None:
    drifted.tell()
    page = lead.get(f"/lead/drift?language={lang}")
    assert page.status_code == 200
    assert f'<html lang="{lang}">' in page.text
    for key in ("inputs", "predictions", "precision", "v_drifted", "see", "cards", "no_model"):
        assert (word(f"lead_drift.{key}", lang) in shown(page)) is (key != "no_model"), key


def test_what_somebody_made_of_an_alert_is_kept_whole_or_comes_back(
    drifted: Drifted, lead: Browser
) -> None:
    alert_id, long = drifted.tell(), "why " * 251
    hidden = token(lead.get("/lead/drift").text)
    form = {"forgery_token": hidden, "reason": long}
    page = lead.post(f"/lead/drift/alerts/{alert_id}", form)
    assert page.status_code == 422
    assert word("lead_drift.wrong_reason", "en") in shown(page)
    assert f'value="{long}"' in page.text
    with drifted.world.database.read() as c:
        assert count_unseen_alerts(c, drifted.forum.id) == 1
    assert lead.post(f"/lead/drift/alerts/{alert_id}", {**form, "reason": "why"}).status_code == 303


def test_a_long_look_is_made_beside_and_holds_up_no_page(
    drifted: Drifted, lead: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whatever is asked here is much; the look is that of the command.
    monkeypatch.setattr("triage.api.pages.lead.drift_look.FEW", 0)
    page = lead.get("/lead/drift")
    assert word("lead_drift.pending", "en") in shown(page)
    # Without a script it looks again by itself, and there is a link.
    assert '<meta http-equiv="refresh"' in page.text
    again = re.search(r'href="(/lead/drift\?[^"]+)">See whether', page.text)
    assert again is not None
    for other in ("/lead", "/lead/issues", "/lead/taxonomy"):
        assert lead.get(other).status_code == 200
    until = time.monotonic() + 60
    while "refresh" in (page := lead.get(unescape(again[1]))).text and time.monotonic() < until:
        time.sleep(0.2)
    assert re.search(r"badge: 0% → \d+%", shown(page))
    assert "http-equiv" not in page.text
    # An alert that waits for a word is not read over while it is written.
    drifted.tell()
    page = lead.get("/lead/drift?asks=all")
    assert word("lead_drift.pending", "en") in shown(page)
    assert "http-equiv" not in page.text


def test_a_look_that_was_not_finished_is_said_and_made_again(
    drifted: Drifted, lead: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("triage.api.pages.lead.drift_look.FEW", 0)
    installation = drifted.world.client.app.state.installation  # type: ignore[attr-defined]
    # The process finds another store, in which there is no such forum.
    elsewhere = installation.settings.model_copy(
        update={"database_url": f"sqlite:///{tmp_path}/none.db"}
    )
    monkeypatch.setattr(installation.found, "_settings", elsewhere)
    until = time.monotonic() + 60
    while (page := lead.get("/lead/drift")).status_code == 200 and time.monotonic() < until:
        time.sleep(0.2)
    assert page.status_code == 500
    assert word("lead_drift.error_job_lost", "en") in shown(page)
    assert "http-equiv" not in page.text
