"""A browser is somebody by a token alone, and a token that does not hold is never nobody's."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from triage.records import Forum
from triage.store import Database, iter_triages, list_visitor_secrets, revoke_visitor_secret
from triage.visitors import create_secret, sign_visitor

from .conftest import Start, World
from .samples import BETA_DRAFT, EXPORT_DRAFT, THREADS, shown

Sign = Callable[..., str]


@pytest.fixture
def secret(store: Database, keys: dict[str, str], world: World) -> tuple[str, str]:
    with store.write() as c:
        now = datetime.now(UTC)
        return create_secret(c, world.forum(), world.settings.person_key, "server", now)


@pytest.fixture
def sign(secret: tuple[str, str]) -> Sign:
    def signed(user: str = "anna", groups: tuple[str, ...] = (), **more: object) -> str:
        options = {"forum": "bikes", "at": datetime.now(UTC), **more}
        return sign_visitor(*secret, user=user, groups=groups, **options)  # type: ignore[arg-type]

    return signed


def bring(token: str) -> dict[str, str]:
    return {"Triage-Visitor": token}


def ask(world: World, draft: object, key: str, token: str | None) -> dict[str, object]:
    headers = bring(token) if token is not None else {}
    response = world.send("POST", "/v1/triage", key, json=draft, headers=headers)
    assert response.status_code == 200, response.text
    reply: dict[str, object] = response.json()
    return reply


def persons(world: World) -> list[object]:
    with world.database.read() as c:
        rows = list(iter_triages(c, world.forum().id))
    return [(row.question["person"], row.question["account"]) for row in rows]


def test_with_a_token_a_browser_sees_what_its_groups_see(world: World, sign: Sign) -> None:
    assert "beta/quantum" not in shown(ask(world, BETA_DRAFT, "publishable", None))
    assert "beta/quantum" not in shown(ask(world, BETA_DRAFT, "publishable", sign()))
    token = sign(groups=("beta",))
    assert "beta/quantum" in shown(ask(world, BETA_DRAFT, "publishable", token))


def test_what_a_browser_says_of_itself_stays_unbelieved_beside_a_token(
    world: World, sign: Sign
) -> None:
    said = {**BETA_DRAFT, "user": "eve", "account": "rich", "groups": ["beta"]}
    assert "beta/quantum" not in shown(ask(world, said, "publishable", None))
    assert "beta/quantum" not in shown(ask(world, said, "publishable", sign(account="acme")))
    hashed = world.client.app.state.installation.hasher(world.forum())  # type: ignore[attr-defined]
    assert persons(world) == [(None, None), (hashed("anna"), "acme")]


def test_a_token_outranks_what_a_server_says_beside_it(world: World, sign: Sign) -> None:
    said = {**BETA_DRAFT, "user": "eve", "groups": ["beta"]}
    assert "beta/quantum" in shown(ask(world, said, "frontend", None))
    assert "beta/quantum" not in shown(ask(world, said, "frontend", sign()))


def test_whoever_speaks_for_a_visitor_reads_what_the_visitor_reads(
    world: World, sign: Sign
) -> None:
    for key in ("frontend", "lead", "admin"):
        for groups, status in (((), 404), (("partners",), 200)):
            headers = bring(sign(groups=groups))
            path = "/v1/threads/beta/quantum?groups=beta"
            assert world.send("GET", path, key, headers=headers).status_code == status


def test_in_a_visitors_name_nobody_is_told_what_was_withheld(world: World, sign: Sign) -> None:
    world.send("PUT", "/v1/holdout", "lead", json={"share": 0.5})
    asks = (
        (user, ask(world, BETA_DRAFT, "publishable", sign(user, groups=("beta",))))
        for user in (f"user-{n}" for n in range(100))
    )
    held, reply = next((user, told) for user, told in asks if told["arm"] == "holdout")
    path = f"/v1/triage/{reply['triage_id']}/explanation"
    for key in ("lead", "admin"):
        told = world.send("GET", path, key).json()["withheld"]
        assert [one["thread_id"] for one in told] == ["beta/quantum"]
        # Neither somebody outside the group, nor whom it was withheld from.
        for token in (sign(), sign(held, groups=("beta",))):
            response = world.send("GET", path, key, headers=bring(token))
            assert (response.status_code, response.json()["withheld"]) == (200, [])
            assert "beta/quantum" not in response.text


@pytest.mark.parametrize("key", ["publishable", "frontend", "lead"])
def test_a_token_that_does_not_hold_is_refused_whatever_the_key(
    world: World, sign: Sign, key: str
) -> None:
    now = datetime.now(UTC)
    for token in (
        *("", "x", "a.b.c", sign()[:-3], sign(forum="boats"), sign(lasts=timedelta(hours=2))),
        sign(at=now - timedelta(hours=1)),
        sign(at=now + timedelta(hours=1)),
    ):
        response = world.send("POST", "/v1/triage", key, json=EXPORT_DRAFT, headers=bring(token))
        assert (response.status_code, response.json()["code"]) == (401, "bad_visitor")
        assert response.headers["www-authenticate"] == "Bearer"
    assert persons(world) == []


def test_a_token_without_a_key_opens_nothing(world: World, sign: Sign) -> None:
    response = world.send("POST", "/v1/triage", None, json=EXPORT_DRAFT, headers=bring(sign()))
    assert (response.status_code, response.json()["code"]) == (401, "no_key")


def test_another_forums_secret_signs_for_nobody_here(
    world: World, sign: Sign, store: Database
) -> None:
    with store.write() as c:
        boats: Forum = world.forum("boats")
        theirs = create_secret(c, boats, world.settings.person_key, "", datetime.now(UTC))
    for forum in ("bikes", "boats"):
        token = sign_visitor(*theirs, forum, user="anna", at=datetime.now(UTC))
        response = world.send("POST", "/v1/triage", json=EXPORT_DRAFT, headers=bring(token))
        assert response.json()["code"] == "bad_visitor"


def test_a_revoked_secret_ends_its_tokens_at_once(
    world: World, sign: Sign, secret: tuple[str, str], store: Database
) -> None:
    token = sign()
    ask(world, EXPORT_DRAFT, "publishable", token)
    with store.write() as c:
        assert list_visitor_secrets(c, world.forum().id)[0].last_used_at is not None
        revoke_visitor_secret(c, world.forum().id, secret[0], datetime.now(UTC))
    response = world.send("POST", "/v1/triage", json=EXPORT_DRAFT, headers=bring(token))
    assert response.json()["code"] == "bad_visitor"


def test_an_installation_allows_shorter_lives(start: Start, store: Database) -> None:
    world = start(visitor_minutes=5)
    with store.write() as c:
        now = datetime.now(UTC)
        own = create_secret(c, world.forum(), world.settings.person_key, "", now)
    for minutes, status in ((5, 200), (6, 401)):
        token = sign_visitor(*own, "bikes", user="anna", at=now, lasts=timedelta(minutes=minutes))
        response = world.send("POST", "/v1/triage", json=EXPORT_DRAFT, headers=bring(token))
        assert response.status_code == status


def test_no_visitor_gets_the_reply_to_another(world: World, sign: Sign) -> None:
    """Every browser has the same publishable key; its idempotency keys are each visitor's own."""
    replies = []
    for token in (sign("anna", ("beta",)), sign("bert"), sign("anna", ("beta",))):
        response = world.send(
            "POST",
            "/v1/triage",
            "publishable",
            json=BETA_DRAFT,
            headers={**bring(token), "Idempotency-Key": "k1"},
        )
        replies.append(response.json())
    response = world.send(
        "POST", "/v1/triage", "publishable", json=BETA_DRAFT, headers={"Idempotency-Key": "k1"}
    )
    asks = [reply["triage_id"] for reply in (*replies, response.json())]
    assert asks[0] == asks[2]
    assert len(set(asks)) == 3
    assert "beta/quantum" in shown(replies[0])
    assert "beta/quantum" not in shown(replies[1])


def test_events_of_a_visitor_are_theirs(world: World, sign: Sign) -> None:
    reply = ask(world, EXPORT_DRAFT, "publishable", sign("anna"))
    event = {
        "type": "posted",
        "triage_id": reply["triage_id"],
        "ask_id": reply["ask_id"],
        "occurred_at": datetime.now(UTC).isoformat(),
    }
    for number, (user, state) in enumerate((("bert", "refused"), ("anna", "accepted"))):
        sent = {"events": [{**event, "event_id": f"e{number}", "user": "anna"}]}
        response = world.send(
            "POST", "/v1/events", "publishable", json=sent, headers=bring(sign(user))
        )
        assert [r["state"] for r in response.json()["results"]] == [state]


def test_the_secret_is_kept_sealed_and_for_one_forum(
    world: World, secret: tuple[str, str], sign: Sign
) -> None:
    ask(world, EXPORT_DRAFT, "publishable", sign(user="anna.of.acme"))
    assert THREADS
    world.database.close()
    for file in world.settings.data_dir.glob("triage.db*"):
        content = file.read_bytes()
        assert secret[1].encode() not in content
        assert b"anna.of.acme" not in content
