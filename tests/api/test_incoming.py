"""/v1/incoming: what other systems tell, signed; whatever is not looks the same."""

import hmac
import json
from hashlib import sha1, sha256
from typing import Any

import httpx2

from triage.channels import BOTH_VALID
from triage.store import list_incoming

from .conftest import World
from .test_channels import HOOK, SITE, _nobody_delivers, made

__all__ = ["_nobody_delivers"]

DESK = {
    "kind": "zammad",
    "name": "Desk",
    "address": "https://desk.example",
    "credentials": {"token": "t" * 40},
    "options": {"group": "Experts", "customer": "forum@example.com"},
}


def tell(
    world: World, channel_id: str, secret: str, body: object, kind: str = "topic"
) -> httpx2.Response:
    """Tell as Discourse does."""
    content = json.dumps(body).encode()
    signature = hmac.new(secret.encode(), content, sha256).hexdigest()
    headers = {
        "X-Discourse-Event-Type": kind,
        "X-Discourse-Event-Signature": f"sha256={signature}",
    }
    path = f"/v1/incoming/{channel_id}"
    return world.send("POST", path, None, content=content, headers=headers)


def waiting(world: World, channel_id: str) -> list[str]:
    with world.database.read() as c:
        return [
            row.item for row in list_incoming(c, world.forum().id) if row.channel_id == channel_id
        ]


def test_what_is_signed_is_noted_once(empty: World) -> None:
    site = made(empty, SITE)
    for _ in range(2):
        reply = tell(empty, site["channel_id"], site["secret"], {"topic": {"id": 7}})
        assert (reply.status_code, reply.json()) == (202, {"taken": 1})
    assert waiting(empty, site["channel_id"]) == ["7"]
    reply = tell(empty, site["channel_id"], site["secret"], {"ping": "OK"}, "ping")
    assert (reply.status_code, reply.json()) == (202, {"taken": 0})


def test_zammad_signs_in_its_own_way(empty: World) -> None:
    desk = made(empty, DESK)
    content = json.dumps({"ticket": {"id": 42}}).encode()
    signature = "sha1=" + hmac.new(desk["secret"].encode(), content, sha1).hexdigest()
    path, headers = f"/v1/incoming/{desk['channel_id']}", {"X-Hub-Signature": signature}
    reply = empty.send("POST", path, None, content=content, headers=headers)
    assert reply.status_code == 202, reply.text
    assert waiting(empty, desk["channel_id"]) == ["42"]
    # Signed as another system signs it is not signed.
    assert tell(empty, desk["channel_id"], desk["secret"], {}).status_code == 401


def _told(reply: httpx2.Response) -> dict[str, Any]:
    assert reply.status_code == 401
    return {name: value for name, value in reply.json().items() if name != "request_id"}


def test_whatever_is_not_signed_looks_the_same(empty: World) -> None:
    site, hook = made(empty, SITE), made(empty, HOOK)
    body = {"topic": {"id": 7}}
    unknown = _told(tell(empty, "ch_unknown", site["secret"], body))
    assert unknown["code"] == "bad_signature"
    others = [
        tell(empty, site["channel_id"], "x" * 40, body),
        tell(empty, site["channel_id"], "", body),
        # Nobody tells anything through what is only told, nor signs with our words.
        tell(empty, hook["channel_id"], hook["secret"], body),
        tell(empty, "ch_unknown", "nobody's secret", body),
        empty.send("POST", f"/v1/incoming/{site['channel_id']}", None, content=b"{}"),
    ]
    empty.send("POST", f"/v1/channels/{site['channel_id']}/disable")
    others.append(tell(empty, site["channel_id"], site["secret"], body))
    assert [_told(reply) for reply in others] == [unknown] * len(others)
    assert waiting(empty, site["channel_id"]) == []


def test_while_a_secret_is_changed_either_is_taken(empty: World) -> None:
    site = made(empty, SITE)
    new = empty.send("POST", f"/v1/channels/{site['channel_id']}/rotate").json()["secret"]
    for number, secret in enumerate((site["secret"], new), 1):
        reply = tell(empty, site["channel_id"], secret, {"topic": {"id": number}})
        assert reply.status_code == 202
    assert sorted(waiting(empty, site["channel_id"])) == ["1", "2"]
    assert BOTH_VALID.days == 1


def test_a_body_is_read_to_its_limit(empty: World) -> None:
    site = made(empty, SITE)
    long = {"topic": {"id": 7, "words": "x" * 600_000}}
    assert tell(empty, site["channel_id"], site["secret"], long).status_code == 202
    longer = {"topic": {"id": 7, "words": "x" * 1_100_000}}
    assert tell(empty, site["channel_id"], site["secret"], longer).status_code == 413


def test_what_cannot_be_read_tells_of_nothing(empty: World) -> None:
    site = made(empty, SITE)
    for body in ([], "x", {"topic": []}, {"topic": {"id": "7"}}, {"topic": {"id": -1}}, None):
        reply = tell(empty, site["channel_id"], site["secret"], body)
        assert (reply.status_code, reply.json()) == (202, {"taken": 0})
