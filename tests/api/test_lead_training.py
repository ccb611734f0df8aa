"""/lead/training as the server sends it: runs asked for, given up, and what came of them."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest

from triage import store
from triage.records import LANGUAGES, JobKind, JobState, Role
from triage.web import word

from .browsing import Browser, browser, shown
from .conftest import World
from .test_analytics import enter
from .test_training import encoded_elsewhere, row

PAGE = "/lead/training"
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def lead(world: World) -> Browser:
    # Nothing takes a run up here: what is asked for waits.
    encoded_elsewhere(world)
    return enter(world, Role.LEAD)


def past(world: World, number: int, state: JobState, **told: object) -> None:
    """Have a run of some hours ago that has ended."""
    at = NOW - timedelta(hours=10 - number)
    with world.database.write() as c:
        forum_id = world.forum().id
        store.ask_job(c, forum_id, JobKind.TRAIN, {"by": "bo", "seed": number}, at)
        store.claim_asked_job(c, forum_id, JobKind.TRAIN, "elsewhere:9:y", at)
        ended = at + timedelta(minutes=4)
        store.end_job(c, forum_id, JobKind.TRAIN, "elsewhere:9:y", state, ended, **told)  # type: ignore[arg-type]


def test_a_run_is_asked_for_and_given_up(world: World, lead: Browser) -> None:
    form = {"since": "2025-09-01", "precision": "85", "risk": "7,5", "dry_run": "on"}
    done = lead.change(PAGE, **form)
    assert done.headers["location"] == f"{PAGE}?said=started"
    job = row(world)
    assert job.state is JobState.QUEUED
    assert {name: job.options[name] for name in ("precision", "risk", "dry_run", "seed")} == {
        **{"precision": "0.85", "risk": 0.075, "dry_run": True, "seed": 0},
    }
    assert job.options["since"].startswith("2025-09-01")
    assert (job.options["by"], job.options["door"]) == ("lead@example.com", "user")
    page = lead.get(PAGE)
    assert 'data-events="/v1/training-runs/current/events"' in page.text
    assert "Start a run" not in shown(page)
    # While one waits no other is begun, and nothing that was typed is lost.
    refused = lead.change(PAGE, force="The gate is wrong about Swedish")
    assert refused.status_code == 409
    assert "already under way" in shown(refused)
    asked = re.search(r'name="asked_at" value="([^"]+)"', page.text)
    assert asked is not None
    given_up = lead.change(f"{PAGE}/cancel", asked_at=html.unescape(asked[1]))
    assert given_up.headers["location"] == f"{PAGE}?said=cancelling"
    assert row(world).state is JobState.CANCELLED
    page = lead.get(PAGE)
    assert "data-events" not in page.text
    assert "Nothing was saved." in shown(page)
    with world.database.read() as c:
        acts = [one.act.act for one in store.iter_acts(c, world.forum().id)]
    assert [act for act in acts if act.startswith("train.")] == ["train.start", "train.cancel"]


def test_who_looks_at_an_old_page_does_not_cancel_the_run_begun_since(
    world: World, lead: Browser
) -> None:
    past(world, 0, JobState.DONE)
    with world.database.read() as c:
        (old,) = store.list_past_jobs(c, world.forum().id, JobKind.TRAIN)
    lead.change(PAGE)
    done = lead.change(f"{PAGE}/cancel", asked_at=old.queued_at.isoformat())
    assert done.headers["location"] == f"{PAGE}?said=too_late"
    assert row(world).state is JobState.QUEUED


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({"since": "soon"}, "since"),
        ({"precision": "100"}, "precision"),
        ({"precision": "many"}, "precision"),
        ({"risk": "50"}, "risk"),
        ({"seed": "-1"}, "seed"),
        ({"seed": "99999999999"}, "seed"),
        ({"force": "x"}, "force"),
        ({"force": "x" * 501}, "force"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_kept(
    world: World, lead: Browser, form: dict[str, str], wrong: str
) -> None:
    page = lead.change(PAGE, **form, dry_run="on")
    assert page.status_code == 422
    assert f'id="{wrong}-error"' in page.text
    assert f'value="{form[wrong]}"' in page.text
    assert re.search(r'id="dry_run"[^>]* checked', page.text)
    assert f'href="{PAGE}?language=sv"' in page.text
    with world.database.read() as c:
        assert store.get_job(c, world.forum().id, JobKind.TRAIN) is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_past_runs_tell_what_came_of_them(world: World, lead: Browser, lang: str) -> None:
    verdict = {"outcome": "refused"}
    past(world, 0, JobState.DONE, result={"version": "v1", "live": True, "verdict": verdict})
    past(world, 1, JobState.DONE, result={"version": "v2", "live": False, "refused": True})
    past(world, 2, JobState.DONE, result={"version": None, "live": False})
    past(world, 3, JobState.FAILED, code="job_lost")
    past(world, 4, JobState.FAILED, code="unheard_of")
    past(world, 5, JobState.CANCELLED)
    page = lead.get(f"{PAGE}?language={lang}")
    assert f'<html lang="{lang}">' in page.text
    said = shown(page)
    for name in ("is_live", "kept_refused", "only_measured", "failed_job_lost", "failed_other"):
        assert word(f"lead_training.{name}", lang) in said, name
    assert word("lead_models.verdict_refused", lang) in said
    assert 'href="/lead/models/v1"' in page.text
    assert "bo" in said


def test_a_run_under_way_tells_its_step(world: World, lead: Browser) -> None:
    forum_id = world.forum().id
    with world.database.write() as c:
        found = store.get_job(c, forum_id, JobKind.ENCODE)
        assert found is not None
        store.end_job(c, forum_id, JobKind.ENCODE, "elsewhere:1:x", JobState.DONE, NOW)
        now = datetime.now(UTC)
        store.ask_job(c, forum_id, JobKind.TRAIN, {"by": "bo"}, now)
        store.claim_asked_job(c, forum_id, JobKind.TRAIN, "elsewhere:9:y", now)
        note = "kind: 30 cases"
        store.beat_job(c, forum_id, JobKind.TRAIN, "elsewhere:9:y", now, 2, 6, note)
    page = lead.get(PAGE)
    assert re.search(r'data-step="3" aria-current="step"', page.text)
    assert re.search(r'data-step="2" class="over"', page.text)
    assert note in shown(page)
    asked = row(world).queued_at.isoformat()
    assert lead.change(f"{PAGE}/cancel", asked_at=asked).headers["location"].endswith("cancelling")
    assert row(world).cancel_wanted
    assert 'id="run-cancelling">' in lead.get(PAGE).text


@pytest.mark.parametrize("role", [Role.ANALYST, Role.FRONTEND])
def test_others_neither_see_nor_start_runs(world: World, role: Role) -> None:
    there = enter(world, role)
    assert there.get(PAGE).status_code == 403
    assert there.change(PAGE).status_code == 403
    assert there.change(f"{PAGE}/cancel").status_code == 403
    assert browser(world).get(PAGE).headers["location"].startswith("/sign-in")


def test_without_a_run_there_is_nothing_to_cancel(lead: Browser) -> None:
    page = lead.get(PAGE)
    assert "No run has ended yet." in shown(page)
    assert lead.change(f"{PAGE}/cancel").status_code == 404
