"""What the page tells receivers of webhooks is so."""

import json
import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.docs.pages import blocks, read_page
from triage.crypto.webhooks import new_secret, sign
from triage.delivering import WAITS
from triage.delivering.webhooks import body_of
from triage.records import MessageType
from triage.store import Message

PAGE = "docs/webhooks.md"


def shown(language: str) -> list[str]:
    return [block.text for block in blocks(language) if block.page == PAGE]


def test_the_lines_of_the_page_verify_what_we_sign() -> None:
    (code,) = shown("python")
    names: dict[str, Any] = {}
    exec(code, names)
    secret, other = new_secret(), new_secret()
    message = Message(type=MessageType.PING, stream="s", at=datetime.now(UTC), data={"said": "åäö"})
    body = body_of(message)
    signed = dict(sign([other, secret], message.message_id, datetime.now(UTC), body))
    assert names["is_ours"](secret, signed, body)
    assert names["is_ours"](other, signed, body)
    assert not names["is_ours"](new_secret(), signed, body)
    assert not names["is_ours"](secret, signed, body + b" ")
    old = datetime.fromtimestamp(time.time() - 400, UTC)
    assert not names["is_ours"](secret, sign([secret], message.message_id, old, body), body)


def test_every_type_is_told_of_and_the_examples_are_as_they_are_sent() -> None:
    told = set(re.findall(r"^\| `([a-z_.]+)` \|", read_page(PAGE), re.MULTILINE))
    # That one goes to an address alone that a person is to confirm.
    assert told == set(MessageType) - {MessageType.CONFIRM}
    for text in shown("json"):
        example = json.loads(text)
        message = Message(
            type=MessageType(example["type"]),
            stream="s",
            at=datetime.fromisoformat(example["timestamp"]),
            data=example["data"],
        )
        assert json.loads(body_of(message)) == example


def test_the_page_tells_when_it_is_tried_again() -> None:
    assert (
        "after 5 seconds, 30 seconds, 2 minutes, 10 minutes, 30 minutes, 1 hour, 3 hours, 6 hours,"
        " 12 hours, 24 hours and 24 hours" in read_page(PAGE)
    )
    units = {"second": 1, "minute": 60, "hour": 3600}
    said = re.search(r"tried again after (.*?), each 15 %", read_page(PAGE))
    assert said is not None
    spans = re.findall(r"(\d+) (second|minute|hour)s?", said[1])
    assert tuple(timedelta(seconds=int(n) * units[unit]) for n, unit in spans) == WAITS
