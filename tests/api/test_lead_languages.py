"""Whatever a form of /lead is answered with, its links to other languages lead to a page."""

import html
import re

import pytest

from triage.api.matrix import MATRIX
from triage.records import LANGUAGES, Role
from triage.store import ReviewReason

from .browsing import Browser
from .conftest import World
from .test_analytics import enter
from .test_lead_review import Queue
from .test_together import publish

_LINK = re.compile(r'<a href="([^"]+)" lang="(\w\w)" hreflang')
_LONG = "x" * 1001
# A form of every route that takes one, such that it cannot be done; `{}` are ids that there are.
WRONG: dict[str, tuple[str, dict[str, str]]] = {
    "/lead/models/rollback": ("/lead/models/rollback", {}),
    "/lead/models/{version}/activate": ("/lead/models/nothing/activate", {"reason": "x"}),
    "/lead/training": ("/lead/training", {"force": "x"}),
    "/lead/training/cancel": ("/lead/training/cancel", {}),
    "/lead/review/{review_id}/decide": ("/lead/review/{review}/decide?reason=uncertain", {}),
    "/lead/review/{review_id}/skip": ("/lead/review/{review}/skip", {"note": _LONG}),
    "/lead/review/{review_id}/undo": ("/lead/review/nothing/undo", {}),
    "/lead/drift/alerts/{alert_id}": ("/lead/drift/alerts/nothing", {}),
    "/lead/issues/new": ("/lead/issues/new", {"do": "keep"}),
    "/lead/issues/{issue_id}": ("/lead/issues/{issue}", {"do": "save"}),
    "/lead/issues/clusters/{cluster_id}/split": ("/lead/issues/clusters/nothing/split", {}),
    "/lead/issues/bursts/{burst_id}": ("/lead/issues/bursts/nothing", {"counts": "yes"}),
    "/lead/policy/edit": ("/lead/policy/edit", {"reason": _LONG}),
    "/lead/policy/text": ("/lead/policy/text", {"toml": "costs ="}),
    "/lead/policy/rules/{place}": ("/lead/policy/rules/new", {"name": "Not so"}),
    "/lead/policy/simulate": ("/lead/policy/simulate", {"version": "99"}),
    "/lead/policy/activate": ("/lead/policy/activate", {"version": "99", "reason": "Because."}),
    "/lead/policy/discard": ("/lead/policy/discard", {"version": "99"}),
    "/lead/questions/{question_id}": ("/lead/questions/nothing", {}),
    "/lead/questions/{question_id}/original": ("/lead/questions/nothing/original", {}),
    "/lead/questions/alerts/{alert_id}/seen": ("/lead/questions/alerts/nothing/seen", {}),
    "/lead/deliveries/replay": ("/lead/deliveries/replay", {"channel_id": "nothing"}),
    "/lead/deliveries/{channel_id}/{message_id}/replay": ("/lead/deliveries/x/y/replay", {}),
    "/lead/deliveries/{channel_id}/{message_id}/skip": ("/lead/deliveries/x/y/skip", {}),
}
# The same once more, where another page answers.
OTHERS = [
    ("/lead/issues/{issue}", {"do": "withdraw", "reason": _LONG}),
    ("/lead/issues/{issue}", {"do": "burn"}),
    ("/lead/issues/bursts/nothing", {"counts": "maybe"}),
    ("/lead/policy/activate", {"version": "x"}),
    ("/lead/policy/discard", {"reason": _LONG}),
    ("/lead/review/nothing/decide", {"kind": "bug"}),
]


@pytest.fixture
def lead(world: World) -> Browser:
    return enter(world, Role.LEAD)


def test_no_form_of_these_pages_is_left_out() -> None:
    assert set(WRONG) == {
        path for method, path in MATRIX if method == "POST" and path.startswith("/lead")
    }


def test_every_language_can_be_chosen_after_what_could_not_be_done(
    world: World, lead: Browser
) -> None:
    queue = Queue(world)
    there = {"review": queue.ask(ReviewReason.UNCERTAIN)}
    queue.draw()
    there["issue"] = publish(world)["issue_id"]
    token = lead.forgery_token()
    for path, form in [*WRONG.values(), *OTHERS]:
        page = lead.post(path.format(**there), {**form, "forgery_token": token})
        assert page.status_code >= 400, path
        links = [html.unescape(place) for place, _ in _LINK.findall(page.text)]
        assert len(links) == len(LANGUAGES), path
        for place in links:
            assert lead.get(place).status_code == 200, (path, place)
