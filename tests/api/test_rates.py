"""How often somebody may call, counted by address, key and session."""

import logging

import pytest
from starlette.testclient import TestClient
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from triage.api import create_app
from triage.api.problems import Problem
from triage.api.rates import Rate, Rates, address_of
from triage.settings import Settings

from .conftest import Start, World
from .samples import EXPORT_DRAFT


class Watch:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def taken(rates: Rates, *who: str) -> int | None:
    """Return None, or in how many seconds to come back."""
    try:
        rates.take(Rate.KEY, *who)
    except Problem as problem:
        return int(problem.headers["Retry-After"])
    return None


def test_a_window_moves_with_time() -> None:
    watch = Watch()
    rates = Rates({Rate.KEY: "2/minute"}, watch)
    assert taken(rates, "a") is None
    watch.now += 20
    assert taken(rates, "a") is None
    assert taken(rates, "a") == 40
    assert taken(rates, "b") is None
    watch.now += 39.5
    assert taken(rates, "a") == 1
    watch.now += 0.5
    assert taken(rates, "a") is None
    assert taken(rates, "a") == 20


def test_what_was_refused_is_not_counted() -> None:
    watch = Watch()
    rates = Rates({Rate.KEY: "1/minute"}, watch)
    assert taken(rates, "a") is None
    for _ in range(10):
        watch.now += 5
        assert taken(rates, "a") is not None
    watch.now += 10
    assert taken(rates, "a") is None


def test_several_rates_hold_together_and_none_means_any_number() -> None:
    watch = Watch()
    both = Rates({Rate.KEY: "2/second,3/minute"}, watch)
    assert [taken(both, "a") for _ in range(3)] == [None, None, 1]
    watch.now += 1
    assert taken(both, "a") is None
    assert taken(both, "a") == 59
    free = Rates({Rate.KEY: ""}, watch)
    assert [taken(free, "a") for _ in range(100)] == [None] * 100


def test_who_is_long_gone_takes_no_memory() -> None:
    watch = Watch()
    rates = Rates({Rate.KEY: "5/minute"}, watch)
    for number in range(1000):
        assert taken(rates, str(number)) is None
    watch.now += 61
    assert taken(rates, "last") is None
    assert len(rates._limiter.storage._windows) == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("client", "counted"),
    [
        (("192.0.2.7", 5000), "192.0.2.7"),
        (("::ffff:192.0.2.7", 5000), "192.0.2.7"),
        (("2001:db8:1:2:3::4", 5000), "2001:db8:1:2::/64"),
        (("2001:db8:1:2:9::8", 6000), "2001:db8:1:2::/64"),
        (("fe80::1%eth0", 6000), "fe80::/64"),
        (("testclient", 50000), "testclient"),
        (None, "local"),
    ],
)
def test_an_address_is_what_one_house_has(client: object, counted: str) -> None:
    assert address_of({"client": client}) == counted


def statuses(world: World, count: int, key: str | None, **more: object) -> list[int]:
    draft = {**EXPORT_DRAFT, **more}
    return [world.send("POST", "/v1/triage", key, json=draft).status_code for _ in range(count)]


def test_an_address_without_a_secret_key_is_told_when_to_come_back(start: Start) -> None:
    world = start(rate_address="3/minute")
    assert statuses(world, 3, "publishable") == [200] * 3
    response = world.send("POST", "/v1/triage", "publishable", json=EXPORT_DRAFT)
    problem = response.json()
    assert (response.status_code, problem["code"]) == (429, "too_many_requests")
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-request-id"] == problem["request_id"]
    assert 1 <= int(response.headers["retry-after"]) <= 60
    assert world.send("GET", "/openapi.json", None).status_code == 429
    # A forum's server speaks for everybody from one address.
    assert statuses(world, 4, "frontend") == [200] * 4


def test_health_is_never_refused(start: Start) -> None:
    world = start(rate_address="1/minute", rate_key="1/minute")
    for _ in range(3):
        assert world.send("GET", "/health", None).status_code == 200
        assert world.send("GET", "/ready", "admin").status_code == 200


@pytest.mark.parametrize("guess", ["sk_guess", "pk_guess", "guess"])
def test_guessing_keys_is_counted_by_address(start: Start, guess: str) -> None:
    world = start(rate_address="3/minute")
    assert statuses(world, 5, guess) == [401, 401, 401, 429, 429]
    assert statuses(world, 1, "frontend") == [200]


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/sign-in"), ("GET", "/v1/trust"), ("GET", "/nowhere")]
)
def test_where_no_key_is_asked_for_none_spares_the_count(
    start: Start, method: str, path: str
) -> None:
    world = start(rate_address="2/minute")
    found = [world.send(method, path, key).status_code for key in ("sk_guess", "admin", "admin")]
    assert 429 not in found[:2]
    assert found[2] == 429


def test_a_key_is_counted_whoever_brings_it(start: Start) -> None:
    world = start(rate_key="2/minute")
    assert statuses(world, 3, "frontend") == [200, 200, 429]
    assert statuses(world, 3, "publishable") == [200, 200, 429]
    assert statuses(world, 1, "lead") == [200]


def test_a_session_is_counted_in_a_browser_alone(start: Start) -> None:
    world = start(rate_session="2/minute")
    assert statuses(world, 3, "publishable", session="one") == [200, 200, 429]
    assert statuses(world, 2, "publishable", session="two") == [200, 200]
    assert statuses(world, 3, "publishable") == [200] * 3
    assert statuses(world, 3, "frontend", session="one") == [200] * 3


def test_a_refused_call_keeps_nothing_and_may_be_sent_again(start: Start) -> None:
    world = start(rate_session="1/minute")
    headers = {"Idempotency-Key": "k1"}
    draft = {**EXPORT_DRAFT, "session": "s"}
    first = world.send("POST", "/v1/triage", "publishable", json=draft, headers=headers)
    assert first.status_code == 200
    again = world.send("POST", "/v1/triage", "publishable", json=draft, headers=headers)
    assert again.status_code == 429
    other = world.send("POST", "/v1/triage", "publishable", json={**draft, "session": "t"})
    assert other.json()["ask_id"] != first.json()["ask_id"]


@pytest.mark.parametrize(
    ("trusted", "forwarded", "expected"),
    [
        ("", ["192.0.2.1", "192.0.2.2", "192.0.2.3"], [200, 200, 429]),
        ("10.9.9.9", ["192.0.2.1", "192.0.2.2", "192.0.2.3"], [200, 200, 429]),
        ("10.0.0.0/8", ["192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.1"], [200, 200, 200, 429]),
        # What stands before the address that the proxy itself saw, anybody can have written.
        ("10.0.0.0/8", ["1.1.1.1, 192.0.2.1", "2.2.2.2, 192.0.2.1", "192.0.2.1"], [200, 200, 429]),
    ],
)
def test_only_a_trusted_proxy_says_whose_address_it_is(
    settings: Settings, trusted: str, forwarded: list[str], expected: list[int]
) -> None:
    app = create_app(settings.model_copy(update={"rate_address": "2/minute"}))
    served = ProxyHeadersMiddleware(app, trusted)  # type: ignore[arg-type]
    client = TestClient(served if trusted else app, client=("10.0.0.1", 5000))  # type: ignore[arg-type]
    found = [
        client.get("/docs", headers={"X-Forwarded-For": said}).status_code for said in forwarded
    ]
    assert found == expected


def test_a_refusal_is_in_the_log_without_an_address(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    world = start(rate_address="1/minute")
    statuses(world, 2, None)
    lines = [r.getMessage() for r in caplog.records if r.name == "triage.api.envelope"]
    assert "status=429" in lines[-1]
    assert "testclient" not in lines[-1]


@pytest.mark.parametrize("value", ["many", "0/minute", "5/fortnight", "5 per minute", "5/minute,"])
def test_a_rate_that_is_none_stops_the_program(value: str) -> None:
    with pytest.raises(ValueError, match="rate_key"):
        Settings(rate_key=value)


@pytest.mark.parametrize("value", ["*", "proxy.example", "10.0.0.0/33", "127.0.0.1,"])
def test_a_proxy_that_is_no_address_stops_the_program(value: str) -> None:
    with pytest.raises(ValueError, match="trusted_proxies"):
        Settings(trusted_proxies=value)
