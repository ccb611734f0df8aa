"""The client alone, in a real browser, with a network that does what each test says."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from triage.web import widget

pytestmark = pytest.mark.browser

SITE = "https://forum.example"
_MADE = Path(__file__).with_name("client_page.js").read_text(encoding="utf-8")
_PAGE = '<!doctype html><html lang="en"><script type="module" src="/made.js"></script>'


def _serve(route: Route) -> None:
    name = route.request.url.removeprefix(f"{SITE}/").partition("?")[0]
    if name == "made.js":
        route.fulfill(content_type="text/javascript", body=_MADE)
    elif name == "widget/triage-client.js":
        script = widget.widget_file(widget.CLIENT).content
        route.fulfill(content_type="text/javascript", body=script)
    else:
        route.fulfill(content_type="text/html", body=_PAGE)


@pytest.fixture
def tried(page: Page) -> Iterator[Page]:
    page.route(f"{SITE}/**", _serve)
    page.goto(f"{SITE}/ask")
    page.wait_for_function("window.ready")
    yield page
    page.evaluate("globalThis.made?.client.close()")


def run(page: Page, steps: str) -> dict[str, Any]:
    """Run steps in the page; return what they return."""
    found: Mapping[str, Any] = page.evaluate(f"async () => {{ {steps} }}")
    return dict(found)


def test_it_asks_once_nothing_is_typed_for_a_moment(tried: Page) -> None:
    found = run(
        tried,
        """
        const made = make((call) => json(reply(call.number)));
        for (const title of ["expo", "expor", "export"]) ask(made, title, false);
        const early = made.calls.length;
        await until(() => made.replies.length);
        ask(made, "export", true);
        await sleep(300);
        return { ...made, client: null, early, session: made.client.session };
        """,
    )
    assert found["early"] == 0
    (call,) = found["calls"]
    assert call["address"] == "https://triage.example/v1/triage"
    assert call["headers"]["Authorization"] == "Bearer pk_x"
    assert call["credentials"] == "omit"
    body = {"title": "export", "body": "", "session": found["session"], "stage": "typing"}
    assert call["body"] == body
    assert len(found["session"]) == 32
    assert found["replies"] == [["t1", "export"]]
    assert found["states"] == ["asking", "ready"]


def test_what_was_pasted_is_asked_at_once_and_nothing_typed_is_not_asked(tried: Page) -> None:
    found = run(
        tried,
        """
        const made = make((call) => json(reply(call.number)));
        ask(made, "export");
        // Timers go off in their order, however late: this one is long before the pause.
        await sleep(5);
        const soon = made.calls.length;
        await until(() => made.replies.length);
        ask(made, "  ");
        await sleep(300);
        return { ...made, client: null, soon, left: made.client.reply };
        """,
    )
    assert found["soon"] == len(found["calls"]) == 1
    assert found["replies"] == [["t1", "export"], [None, "  "]]
    assert found["states"][-1] == "idle"
    assert found["left"] is None


def test_a_stale_reply_never_comes_after_a_newer_one(tried: Page) -> None:
    found = run(
        tried,
        """
        let aborted = 0;
        const made = make(async (call, signal) => {
          signal.addEventListener("abort", () => { aborted += 1; });
          await sleep(call.number === 1 ? 600 : 20);
          return json(reply(call.number));
        });
        ask(made, "first"); await until(() => made.calls.length);
        ask(made, "second"); await sleep(1000);
        return { ...made, client: null, aborted };
        """,
    )
    assert found["replies"] == [["t2", "second"]]
    assert found["aborted"] == 1


def test_an_erring_service_is_asked_less_and_less_often(tried: Page) -> None:
    found = run(
        tried,
        """
        const made = make((call) => call.number < 3 ? json({ code: "unavailable" }, 503)
                                                    : json(reply(call.number)));
        ask(made, "first"); await until(() => made.states.length > 1);
        for (const title of ["first w", "first wo", "first words"]) ask(made, title);
        await until(() => made.replies.length);
        return { ...made, client: null };
        """,
    )
    one, two, three = (call["at"] for call in found["calls"])
    assert two - one > 950
    assert three - two > 1900
    assert found["replies"] == [["t3", "first words"]]
    assert found["states"][:2] == ["asking", "offline unavailable"]


def test_a_network_that_is_gone_throws_nothing(tried: Page, said: list[str]) -> None:
    found = run(
        tried,
        """
        const made = make(() => { throw new TypeError("Failed to fetch"); });
        ask(made, "first"); await until(() => made.states.length > 1);
        const submitted = await made.client.submit({ title: "first", body: "" });
        return { ...made, client: null, submitted };
        """,
    )
    assert found["states"][:2] == ["asking", "offline network"]
    assert found["submitted"] is None
    assert said == []


def test_a_slow_service_is_given_up_after_five_seconds(tried: Page) -> None:
    found = run(
        tried,
        """
        const made = make((call, signal) => call.number > 1 ? json(reply(2))
          : new Promise((_, fail) => signal.addEventListener("abort", () => fail(signal.reason))));
        const began = performance.now();
        let gone = 0;
        made.client.onState((state) => { if (state === "slow") gone = performance.now() - began; });
        ask(made, "first"); await until(() => made.replies.length);
        return { ...made, client: null, gone };
        """,
    )
    assert 4900 < found["gone"] < 9000
    assert found["states"] == ["asking", "slow timeout", "asking", "ready"]


@pytest.mark.parametrize(
    ("status", "code", "headers", "again"),
    [
        (403, "wrong_origin", {}, False),
        (401, "unknown_key", {}, False),
        (422, "bad_request", {}, False),
        (429, "too_many_requests", {"Retry-After": "1"}, True),
    ],
)
def test_who_is_refused_does_not_storm(
    tried: Page, status: int, code: str, headers: Mapping[str, str], again: bool
) -> None:
    found = tried.evaluate(
        """async ([status, code, headers]) => {
          const no = () => json({ code }, status, headers);
          const made = make((call) => call.number > 1 ? json(reply(2)) : no());
          ask(made, "first"); await until(() => made.states.length > 1);
          const refused = [...made.states];
          // Of another draft it may be another answer, but not at once.
          if (status !== 422) for (const title of ["first w", "first wo"]) ask(made, title);
          await sleep(1500);
          return { refused, at: made.calls.map((call) => call.at) };
        }""",
        [status, code, dict(headers)],
    )
    assert found["refused"] == ["asking", f"refused {code}"]
    first, *more = found["at"]
    assert len(more) == (1 if again else 0)
    assert all(at - first > 950 for at in more)


_TOKENS = """
const made = make((call) => call.headers["Triage-Visitor"] in { old: 1, older: 1 }
  ? json({ code: "bad_visitor" }, 401) : json(reply(call.number)), { token });
await asked(made, "first");
await asked(made, "first more");
return { ...made, client: null };
"""


@pytest.mark.parametrize(
    ("token", "sent"),
    [
        ("'good'", ["good", "good"]),
        ("undefined", [None, None]),
        ("() => { throw new Error('no'); }", [None, None]),
        ("'old'", ["old", None, None]),
        (
            "(() => { const all = ['old', 'new']; return async () => all.shift(); })()",
            ["old", "new", "new"],
        ),
        (
            "(() => { const all = ['old', 'older', 'new']; return () => all.shift(); })()",
            ["old", "older", None, None],
        ),
        (
            "(() => { const all = ['old']; return () => all.shift() ?? null; })()",
            ["old", None, None],
        ),
    ],
)
def test_a_token_that_ran_out_is_asked_for_once_and_then_done_without(
    tried: Page, token: str, sent: list[str | None]
) -> None:
    found = run(tried, f"const token = {token}; {_TOKENS}")
    assert [call["headers"].get("Triage-Visitor") for call in found["calls"]] == sent
    assert [reply[1] for reply in found["replies"]] == ["first", "first more"]


def test_what_is_posted_is_told_while_the_page_goes(tried: Page) -> None:
    found = run(
        tried,
        """
        const made = make((call) => json(reply(call.number)));
        const draft = { title: "first", body: "words", wants_person: true };
        const told = await made.client.submit(draft);
        const long = await made.client.submit({ title: "first", body: "ö".repeat(50000) });
        return { ...made, client: null, told: told.triage_id, long: long.triage_id };
        """,
    )
    short, long = found["calls"]
    assert (short["body"]["stage"], short["body"]["wants_person"]) == ("submit", True)
    # A browser refuses to keep more than 64 kB alive; without that it is sent all the same.
    assert (short["keepalive"], long["keepalive"]) == (True, False)
    assert (found["told"], found["long"]) == ("t1", "t2")


def test_events_bear_the_newest_reply_and_go_at_once_but_what_is_merely_shown(tried: Page) -> None:
    found = run(
        tried,
        """
        const made = make(taking(() => json({ results: [] }, 202)));
        const before = made.client.tell("opened", { thread_id: "x" });
        await asked(made, "first");
        const ids = [made.client.tell("shown", { thread_id: "x", rank: 1, visible: true }),
                     made.client.tell("shown", { thread_id: "x", rank: 1, visible: true })];
        await sleep(200);
        const early = told(made).length;
        ids.push(made.client.tell("solved", { thread_id: "x", rank: 1 }));
        await until(() => told(made).length);
        return { before, ids, early, told: told(made), session: made.client.session };
        """,
    )
    assert found["before"] is None
    shown, again, solved = found["ids"]
    assert again is None
    assert found["early"] == 0
    (call,) = found["told"]
    assert call["address"] == "https://triage.example/v1/events/beacon"
    # Text: no browser asks beforehand.
    assert not call.get("headers")
    assert call["credentials"] == "omit"
    assert call["body"]["key"] == "pk_x"
    assert [one["event_id"] for one in call["body"]["events"]] == [shown, solved]
    first = call["body"]["events"][0]
    assert first["occurred_at"].endswith("Z")
    told = {"type": "shown", "triage_id": "t1", "ask_id": "a", "thread_id": "x", "rank": 1}
    assert {**told, "visible": True, "session": found["session"]}.items() <= first.items()


def test_events_wait_until_the_service_is_back_and_keep_their_ids(tried: Page) -> None:
    found = run(
        tried,
        """
        let up = false;
        const made = make(taking(() => (up ? json({}, 202) : json({}, 503))));
        await asked(made, "first");
        const id = made.client.tell("opened", { thread_id: "x" });
        await until(() => told(made).length);
        up = true;
        const more = made.client.tell("solved", { thread_id: "x" });
        await until(() => told(made).length > 1);
        await made.client.flush();
        const sent = told(made).map((one) => one.body.events.map((event) => event.event_id));
        return { ids: [id, more], sent };
        """,
    )
    one, more = found["ids"]
    assert found["sent"] == [[one], [one, more]]


def test_what_is_refused_for_good_is_not_told_again(tried: Page) -> None:
    found = run(
        tried,
        """
        const made = make(taking(() => json({ code: "wrong_origin" }, 403)));
        await asked(made, "first");
        made.client.tell("opened", { thread_id: "x" });
        await until(() => told(made).length);
        await made.client.flush(); await sleep(1200);
        return { sent: told(made).length };
        """,
    )
    assert found["sent"] == 1


def test_more_than_a_call_may_hold_goes_in_several(tried: Page) -> None:
    found = run(
        tried,
        """
        const made = make(taking(() => json({ results: [] }, 202)));
        await asked(made, "first");
        for (let n = 0; n < 120; n += 1) made.client.tell("opened", { thread_id: `x${n}` });
        await until(() => told(made).length > 2);
        return { sizes: told(made).map((one) => one.body.events.length) };
        """,
    )
    assert found["sizes"] == [50, 50, 20]


def test_a_page_that_is_hidden_sends_what_nobody_confirmed(tried: Page) -> None:
    found = run(
        tried,
        """
        const made = make(taking(() => new Promise(() => {})));
        await asked(made, "first");
        const id = made.client.tell("solved", { thread_id: "x" });
        await until(() => told(made).length);
        Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
        dispatchEvent(new PageTransitionEvent("pagehide"));
        return { id, beacons };
        """,
    )
    ((address, body),) = found["beacons"]
    assert address == "https://triage.example/v1/events/beacon"
    assert body["key"] == "pk_x"
    assert [one["event_id"] for one in body["events"]] == [found["id"]]


def test_offline_nothing_is_sent_and_afterwards_everything_once(tried: Page) -> None:
    tried.context.set_offline(True)
    away = run(
        tried,
        """
        globalThis.made = make(taking(() => json({ results: [] }, 202)));
        ask(made, "first"); await until(() => made.states.length);
        return { calls: made.calls.length, states: made.states };
        """,
    )
    assert away == {"calls": 0, "states": ["offline"]}
    tried.context.set_offline(False)
    tried.wait_for_function("made.client.reply")
    tried.context.set_offline(True)
    told = run(
        tried,
        """
        const id = made.client.tell("solved", { thread_id: "x" }); await sleep(100);
        return { id, sent: told(made).length };
        """,
    )
    assert told["sent"] == 0
    tried.context.set_offline(False)
    tried.wait_for_function("told(made).length")
    back = run(
        tried, "await sleep(200); return { sent: told(made).map((one) => one.body.events) };"
    )
    assert [[one["event_id"] for one in batch] for batch in back["sent"]] == [[told["id"]]]


def test_without_consent_nothing_is_kept_in_the_browser(tried: Page) -> None:
    found = run(
        tried,
        """
        const made = make(taking(() => json({}, 503)));
        await asked(made, "first");
        made.client.tell("solved", { thread_id: "x" }); await until(() => told(made).length);
        const before = sessionStorage.length + localStorage.length;
        made.client.grant();
        const granted = { ...sessionStorage };
        made.client.withdraw();
        return { before, granted, after: sessionStorage.length, cookies: document.cookie,
                 session: made.client.session };
        """,
    )
    assert (found["before"], found["after"], found["cookies"]) == (0, 0, "")
    assert found["granted"]["triage.session"] == found["session"]
    assert '"solved"' in found["granted"]["triage.events"]


def test_with_consent_the_next_page_goes_on_with_the_visit_and_what_was_not_sent(
    tried: Page,
) -> None:
    first = run(
        tried,
        """
        const made = make(taking(() => json({}, 503)), { consent: () => true });
        await asked(made, "first");
        const id = made.client.tell("solved", { thread_id: "x" });
        await until(() => told(made).length);
        return { id, session: made.client.session };
        """,
    )
    tried.goto(f"{SITE}/ask?again")
    tried.wait_for_function("window.ready")
    second = run(
        tried,
        """
        const made = make(() => json({ results: [] }, 202), { consent: () => true });
        await made.client.flush();
        return { session: made.client.session, sent: told(made).map((one) => one.body.events),
                 left: sessionStorage.getItem("triage.events") };
        """,
    )
    assert second["session"] == first["session"]
    assert [[one["event_id"] for one in batch] for batch in second["sent"]] == [[first["id"]]]
    assert second["left"] is None


def test_a_denied_or_full_store_costs_nothing(tried: Page, said: list[str]) -> None:
    found = run(
        tried,
        """
        const no = () => { throw new Error("denied"); };
        const store = { getItem: no, setItem: no, removeItem: no };
        const made = make(taking(() => json({ results: [] }, 202)),
                          { consent: () => true, store });
        await asked(made, "first");
        made.client.tell("solved", { thread_id: "x" }); await until(() => told(made).length);
        made.client.withdraw();
        return { sent: told(made).length };
        """,
    )
    assert found["sent"] == 1
    assert said == []


def test_what_is_posted_is_not_broken_off_by_what_comes_after_it(tried: Page) -> None:
    found = run(
        tried,
        """
        let broken = 0;
        const made = make(async (call, signal) => {
          const submitted = call.body.stage === "submit";
          signal.addEventListener("abort", () => { broken += submitted; });
          await sleep(200);
          return json(reply(call.number));
        });
        for (const after of [() => ask(made, ""), () => ask(made, "another"), made.client.close]) {
          made.client.submit({ title: "first", body: "" });
          after();
          await sleep(300);
        }
        return { broken, stages: made.calls.map((call) => call.body.stage),
                 told: made.replies.filter((one) => one[1] === "first").length };
        """,
    )
    assert found["broken"] == 0
    assert found["stages"].count("submit") == 3
    # Nothing of it is shown after something newer.
    assert found["told"] == 0


def test_what_was_seen_and_posted_counts_once_however_often_it_is_told(tried: Page) -> None:
    found = run(
        tried,
        """
        const one = make(taking(() => json({ results: [] }, 202)));
        const other = make(taking(() => json({ results: [] }, 202)));
        await asked(one, "first");
        const ids = [one.client.tell("posted"), one.client.tell("posted"),
                     one.client.tell("posted", { external_id: "7" }),
                     one.client.tell("shown", { thread_id: "x", rank: 1 })];
        // The element was taken out of the page and put back.
        one.client.close();
        await asked(other, "first");
        ids.push(other.client.tell("shown", { thread_id: "x", rank: 2 }),
                 other.client.tell("shown", { thread_id: "y", rank: 1 }));
        return { ids: ids.map(Boolean) };
        """,
    )
    assert found["ids"] == [True, False, True, True, False, True]


def test_a_token_that_was_asked_for_before_somebody_else_signed_in_is_not_used(tried: Page) -> None:
    found = run(
        tried,
        """
        const token = async () => { await sleep(200); return "of-before"; };
        const made = make((call) => json(reply(call.number)), { token });
        ask(made, "first");
        await sleep(100);
        made.client.setToken("of-now");
        await until(() => made.replies.length);
        await asked(made, "first more");
        return { sent: made.calls.map((call) => call.headers["Triage-Visitor"]) };
        """,
    )
    assert found["sent"] == ["of-now", "of-now"]


def test_a_listener_that_fails_keeps_nobody_from_anything(tried: Page, said: list[str]) -> None:
    found = run(
        tried,
        """
        const made = make((call) => json(reply(call.number)));
        made.client.onReply(() => { throw new Error("of the page"); });
        made.client.onReply((reply) => made.replies.push(["last", reply.triage_id]));
        const told = await made.client.submit({ title: "first", body: "" });
        return { told: told?.triage_id, replies: made.replies, state: made.client.state };
        """,
    )
    assert found == {"told": "t1", "replies": [["t1", "first"], ["last", "t1"]], "state": "ready"}
    # It is the page's to know.
    assert any("of the page" in one for one in said)


@pytest.mark.parametrize("told", ["new Date(Date.now() + 3000).toUTCString()", "'3000000'"])
def test_it_waits_as_it_is_told_by_a_date_or_for_weeks(tried: Page, told: str) -> None:
    found = run(
        tried,
        f"""
        const wait = {told};
        const made = make((call) => call.number > 1 ? json(reply(2))
          : json({{ code: "too_many_requests" }}, 429, {{ "Retry-After": wait }}));
        ask(made, "first"); await until(() => made.states.length > 1);
        ask(made, "first words"); await sleep(1600);
        return {{ calls: made.calls.length }};
        """,
    )
    assert found["calls"] == 1


def test_a_fetch_that_throws_at_once_stops_no_event(tried: Page, said: list[str]) -> None:
    found = run(
        tried,
        """
        let sent = 0;
        const fetch = (address, how) => {
          if (!address.endsWith("/beacon")) return Promise.resolve(json(reply(1)));
          if (!sent++) throw new Error("wrapped by somebody");
          return Promise.resolve(json({ results: [] }, 202));
        };
        const made = make(null, { fetch });
        await asked(made, "first");
        made.client.tell("opened", { thread_id: "x" });
        await until(() => sent > 1);
        return { sent };
        """,
    )
    assert found["sent"] == 2
    assert said == []
