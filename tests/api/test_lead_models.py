"""/lead/models as the server sends it: what versions are worth, which is live, who changes it."""

import re
from typing import Any

import pytest

from tests.bundles import published
from triage import store
from triage.records import LANGUAGES, Role
from triage.registry import Registry
from triage.registry.evaluation import (
    EVALUATION,
    Confused,
    CurvePoint,
    Evaluation,
    HeadMeasures,
    Paired,
    ReliabilityBin,
    SliceMeasure,
    Within,
)
from triage.web import word

from .browsing import Browser, browser, shown
from .conftest import World
from .test_analytics import enter

REFUSED: dict[str, Any] = {
    "outcome": "refused",
    "champion": "v0",
    "why": ["kind in language sv: right 90% before and 40% now."],
    "judged": {"time": {"n": 60}},
    "slices": [
        {
            **{"basis": "time", "measure": "kind", "slice": name, "n": 60, "before": 0.9},
            **{"after": after, "standing": standing},
        }
        for name, after, standing in (("all", 0.85, "undecided"), ("language sv", 0.4, "worse"))
    ],
}
HALF = Within(0.5, 0.4, 0.6, 60)


def evaluation(against: dict[str, Any] | None = None) -> dict[str, str]:
    """What a version keeps, as its bundle's document."""
    head = HeadMeasures(
        60,
        ("bug", "how_to"),
        0.75,
        Within(0.8, 0.7, 0.9, 45),
        (ReliabilityBin(0.6, HALF), ReliabilityBin(0.9, Within(0.85, 0.7, 0.95, 30))),
        (CurvePoint(0.9, 0.5, Within(0.9, 0.8, 0.97, 30)), CurvePoint(0.4, 1.0, HALF)),
        (
            *(Confused("bug", "bug", 20, 15), Confused("bug", "how_to", 10, 2)),
            *(Confused("how_to", "how_to", 25, 25), Confused("how_to", "bug", 5, 3)),
        ),
        (SliceMeasure("all", HALF, 0.75, None), SliceMeasure("language sv", HALF, 0.5, HALF)),
    )
    return {EVALUATION: Evaluation({"kind": head}, against or {}).document()}


@pytest.fixture
def registry(world: World) -> Registry:
    ours = world.settings
    return Registry(world.database, "bikes", ours.models_dir, ours.signer)


@pytest.fixture
def lead(world: World) -> Browser:
    return enter(world, Role.LEAD)


@pytest.fixture
def pair(registry: Registry) -> tuple[str, str]:
    """A live version, and a newer one that knows the cases of the first."""
    first = published(registry, live=True, documents=evaluation()).version
    rows = (
        Paired("all", 60, 0.5, 0.55, -0.02, 0.12, 6, 3),
        Paired("language sv", 30, 0.6, 0.4, -0.3, -0.1, 1, 7),
    )
    kept = evaluation({first: {"kind": rows}})
    return first, published(registry, "turned", number=1, documents=kept).version


def live(world: World) -> str | None:
    return world.forum().live_version


def send(there: Browser, path: str, **form: str) -> Any:  # noqa: ANN401 - a response
    return there.change(path, **form)


@pytest.mark.parametrize("role", [Role.LEAD, Role.ADMIN])
def test_whoever_leads_sees_versions_and_what_they_are_worth(
    world: World, pair: tuple[str, str], role: Role
) -> None:
    there = enter(world, role)
    said = shown(there.get("/lead/models"))
    assert all(version in said for version in pair)
    assert "In use" in said
    page = there.get(f"/lead/models/{pair[1]}?head=kind")
    assert page.status_code == 200
    assert "plotly.min.js" in page.text
    assert "A turned model" in shown(page)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.FRONTEND])
def test_others_see_none_of_it(world: World, pair: tuple[str, str], role: Role) -> None:
    there = enter(world, role)
    for path in ("", "/compare", f"/{pair[0]}"):
        assert there.get(f"/lead/models{path}").status_code == 403
    assert send(there, f"/lead/models/{pair[1]}/activate").status_code == 403
    assert live(world) == pair[0]
    assert browser(world).get("/lead/models").headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_speaks_every_language(
    world: World, pair: tuple[str, str], lead: Browser, lang: str
) -> None:
    first, second = pair
    for path in ("", f"/compare?a={first}&b={second}&head=kind", f"/{second}?head=kind"):
        sign = "&" if "?" in path else "?"
        page = lead.get(f"/lead/models{path}{sign}language={lang}")
        assert page.status_code == 200, path
        assert f'<html lang="{lang}">' in page.text
        # What is chosen stays in the links to the other languages.
        if "head=" in path:
            assert re.search(r'href="[^"]*head=kind[^"]*language=', page.text), path
    assert word("lead_models.every_head", lang) in shown(
        lead.get(f"/lead/models/compare?a={first}&b={second}&language={lang}")
    )


def test_two_versions_are_compared_on_the_same_cases(pair: tuple[str, str], lead: Browser) -> None:
    first, second = pair
    page = lead.get(f"/lead/models/compare?a={first}&b={second}&head=kind")
    said = shown(page)
    assert "+5.0" in said
    assert "\u221220.0" in said
    assert "On the same cases" in said
    assert page.text.count('class="heat"') == 2
    turned = shown(lead.get(f"/lead/models/compare?a={second}&b={first}&head=kind"))
    assert "+20.0" in turned
    assert "\u22125.0" in turned


def test_versions_without_the_same_cases_are_compared_each_on_its_own(
    registry: Registry, lead: Browser
) -> None:
    first, second = (
        published(registry, number=n, documents=evaluation()).version for n in range(2)
    )
    said = shown(lead.get(f"/lead/models/compare?a={first}&b={second}&head=kind"))
    assert "each version on its own cases" in said
    assert "wider than they need be" in said


def test_what_an_older_version_did_not_keep_is_said(
    registry: Registry, lead: Browser, pair: tuple[str, str]
) -> None:
    old = published(registry, number=5).version
    page = lead.get(f"/lead/models/compare?a={old}&b={pair[1]}&head=kind")
    assert f"Version {old} kept neither" in shown(page)
    assert "kept neither" in shown(lead.get(f"/lead/models/{old}"))


def test_a_version_is_put_into_use_and_taken_back_once_each(
    world: World, pair: tuple[str, str], lead: Browser
) -> None:
    first, second = pair
    form = {"instead_of": first, "reason": "It knows the spring release"}
    done = send(lead, f"/lead/models/{second}/activate", **form)
    assert done.headers["location"] == f"/lead/models/{second}?said=activated"
    assert live(world) == second
    assert "in use now" in shown(lead.get(done.headers["location"]))
    # Sent twice by an impatient hand.
    assert send(lead, f"/lead/models/{second}/activate", **form).status_code == 303
    back = {"instead_of": second, "reason": "It mixes up invoices"}
    assert send(lead, "/lead/models/rollback", **back).status_code == 303
    assert live(world) == first
    again = send(lead, "/lead/models/rollback", **back)
    assert again.status_code == 409
    assert "Meanwhile another version" in shown(again)
    with world.database.read() as c:
        acts = [row for row in store.iter_acts(c, world.forum().id) if "model." in row.act.act]
        told = [(r.act.act, r.act.object) for r in acts if "publish" not in r.act.act]
        history = store.list_history(c, world.forum().id)
    assert told == [
        ("model.activate", first),
        ("model.activate", second),
        ("model.rollback", first),
    ]
    assert acts[-1].act.actor.name == "lead@example.com"
    assert [h.reason for h in history][-2:] == [form["reason"], back["reason"]]


def test_what_the_gate_refused_takes_a_reason_that_is_kept(
    world: World, registry: Registry, lead: Browser
) -> None:
    first = published(registry, live=True).version
    bad = published(registry, "turned", number=1, verdict=REFUSED).version
    page = lead.get(f"/lead/models/{bad}")
    said = shown(page)
    assert "Refused" in said
    assert "90% \u2192 40%" in said
    assert "Swedish" in said or "Svenska" in said
    assert re.search(r'name="force"[^>]* required', page.text)
    address, form = f"/lead/models/{bad}/activate", {"instead_of": first}
    refused = send(lead, address, **form, force="")
    assert refused.status_code == 409
    assert "Say why" in shown(refused)
    short = send(lead, address, **form, force="x")
    assert (short.status_code, live(world)) == (422, first)
    assert 'value="x"' in short.text
    # The page stands at an address that takes forms only: its links lead to one that is read.
    assert f'href="/lead/models/{bad}?language=sv"' in short.text
    assert send(lead, address, **form, force="The slice is five cases").status_code == 303
    assert live(world) == bad
    with world.database.read() as c:
        last = store.list_history(c, world.forum().id)[-1]
    assert (last.reason, last.details) == ("The slice is five cases", {"forced": True})


def test_what_cannot_be_opened_is_said_and_stays_away(
    world: World, registry: Registry, lead: Browser
) -> None:
    first = published(registry, live=True).version
    bad = published(registry, "turned", number=1).version
    file = registry.folder / bad / "ranker.json"
    file.write_bytes(file.read_bytes() + b" ")
    done = send(lead, f"/lead/models/{bad}/activate", instead_of=first)
    assert done.status_code == 503
    assert "Nothing was changed" in shown(done)
    assert live(world) == first
    (registry.folder / bad / "manifest.sig").unlink()
    page = lead.get(f"/lead/models/{bad}")
    assert "Cannot be opened" in shown(page)
    assert "activate" not in page.text
    (registry.folder / bad / "manifest.json").unlink()
    gone = lead.get(f"/lead/models/{bad}")
    # Nobody has done anything: its row is shown, and that its files are gone.
    assert gone.status_code == 200
    assert bad in shown(gone)
    assert word("lead_models.files_gone", "en") in shown(gone)
    assert word("lead_models.error_bundle_refused", "en") not in shown(gone)
    again = send(lead, f"/lead/models/{bad}/activate", instead_of=first)
    assert again.status_code == 503
    assert "Nothing was changed" in shown(again)


def test_an_unknown_version_is_answered_with_those_that_there_are(
    pair: tuple[str, str], lead: Browser
) -> None:
    for path in ("/nothing", "/compare?a=nothing&b=nothing", "/compare"):
        page = lead.get(f"/lead/models{path}")
        assert page.status_code == 404, path
        assert pair[0] in shown(page)


def test_without_a_version_the_page_says_what_to_do(lead: Browser) -> None:
    page = lead.get("/lead/models")
    assert "No model yet" in shown(page)
    assert 'href="/lead/training"' in page.text


def test_versions_of_another_forum_are_not_there(world: World, lead: Browser) -> None:
    ours = world.settings
    theirs = Registry(world.database, "boats", ours.models_dir, ours.signer)
    version = published(theirs, live=True).version
    assert version not in shown(lead.get("/lead/models"))
    assert lead.get(f"/lead/models/{version}").status_code == 404
    assert send(lead, f"/lead/models/{version}/activate", instead_of="").status_code == 404
