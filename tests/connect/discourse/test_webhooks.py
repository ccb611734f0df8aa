"""What a site tells is believed if it is signed, and only that there is something to look at."""

import hmac
import json
from hashlib import sha256
from typing import Any

import pytest

from triage.connect.discourse import EVERYTHING, is_signed, told_items

SECRET = "s" * 32


def headers(kind: str, body: bytes = b"", secret: str = SECRET) -> dict[str, str]:
    signature = hmac.new(secret.encode(), body, sha256).hexdigest()
    return {"x-discourse-event-type": kind, "x-discourse-event-signature": f"sha256={signature}"}


def test_only_who_holds_the_secret_is_believed() -> None:
    body = b'{"topic": {"id": 9}}'
    assert is_signed(SECRET, headers("topic", body), body)
    assert not is_signed(SECRET, headers("topic", body), body + b" ")
    assert not is_signed("another", headers("topic", body), body)
    assert not is_signed(SECRET, {}, body)
    assert not is_signed("", headers("topic", body, secret=""), body)
    assert not is_signed(SECRET, {"x-discourse-event-signature": "sha256=ø"}, body)


@pytest.mark.parametrize(
    ("kind", "said", "items"),
    [
        ("topic", {"topic": {"id": 9, "title": "x"}}, ("9",)),
        ("post", {"post": {"id": 1, "topic_id": 9}}, ("9",)),
        ("solved", {"solved": {"id": 1, "topic_id": 9}}, ("9",)),
        ("like", {"like": {"post": {"topic_id": 9}}}, ("9",)),
        ("category", {"category": {"id": 5}}, (EVERYTHING,)),
        ("ping", {"ping": "OK"}, ()),
        ("user", {"user": {"id": 9}}, ()),
        ("topic", {"topic": {"id": "9; drop"}}, ()),
        ("topic", {"topic": {"id": True}}, ()),
        ("topic", {"topic": {"id": -9}}, ()),
        ("topic", {"topic": None}, ()),
        ("post", [1], ()),
    ],
)
def test_an_event_says_which_topic_it_is_of(kind: str, said: Any, items: tuple[str, ...]) -> None:  # noqa: ANN401
    assert told_items(headers(kind), json.dumps(said).encode()) == items


def test_what_is_no_json_is_of_nothing() -> None:
    assert told_items(headers("topic"), b"\xff{") == ()
    assert told_items(headers("topic"), b"[" * 100_000) == ()
    assert told_items({}, b"{}") == ()
