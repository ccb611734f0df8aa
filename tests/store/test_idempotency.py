"""A request sent twice acts once."""

import threading
from datetime import timedelta

import pytest

from triage.errors import IdempotencyConflict, IdempotencyPending
from triage.records import ApiKey
from triage.store import (
    Database,
    StoredReply,
    claim_request,
    drop_old_requests,
    finish_request,
    release_request,
)

from .samples import NOON

SECOND = timedelta(seconds=1)
ROUTE = "POST /v1/triage"


def claim(
    database: Database, key: ApiKey, digest: str = "d", name: str = "k", after: int = 0
) -> StoredReply | None:
    with database.write() as c:
        return claim_request(c, key.forum.id, "key:1", ROUTE, name, digest, NOON + after * SECOND)


def finish(database: Database, key: ApiKey) -> None:
    with database.write() as c:
        finish_request(c, key.forum.id, "key:1", ROUTE, "k", 201, '{"ok": true}')


def test_a_finished_request_is_answered_again(database: Database, key: ApiKey) -> None:
    assert claim(database, key) is None
    finish(database, key)
    assert claim(database, key, after=9_999) == StoredReply(201, '{"ok": true}')


def test_another_request_under_the_same_key_conflicts(database: Database, key: ApiKey) -> None:
    claim(database, key)
    with pytest.raises(IdempotencyConflict):
        claim(database, key, digest="e")
    finish(database, key)
    with pytest.raises(IdempotencyConflict):
        claim(database, key, digest="e")


def test_a_running_request_is_pending_until_its_claim_is_a_minute_old(
    database: Database, key: ApiKey
) -> None:
    claim(database, key)
    with pytest.raises(IdempotencyPending):
        claim(database, key, after=59)
    assert claim(database, key, after=60) is None
    with pytest.raises(IdempotencyPending):
        claim(database, key, after=61)


def test_a_released_request_can_be_tried_again(database: Database, key: ApiKey) -> None:
    claim(database, key)
    with database.write() as c:
        release_request(c, key.forum.id, "key:1", ROUTE, "k")
    assert claim(database, key, digest="e") is None


def test_a_finished_request_is_not_released(database: Database, key: ApiKey) -> None:
    claim(database, key)
    finish(database, key)
    with database.write() as c:
        release_request(c, key.forum.id, "key:1", ROUTE, "k")
    assert claim(database, key) is not None


def test_old_requests_are_forgotten(database: Database, key: ApiKey) -> None:
    claim(database, key, name="old")
    claim(database, key, name="new", after=10)
    with database.write() as c:
        assert drop_old_requests(c, key.forum.id, NOON + SECOND) == 1
    assert claim(database, key, name="old") is None
    with pytest.raises(IdempotencyPending):
        claim(database, key, name="new", after=10)


def test_of_many_at_once_one_goes_ahead(database: Database, key: ApiKey) -> None:
    went: list[str] = []

    def try_once() -> None:
        try:
            claim(database, key)
            went.append("ahead")
        except IdempotencyPending:
            went.append("pending")

    senders = [threading.Thread(target=try_once) for _ in range(8)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(went) == ["ahead"] + ["pending"] * 7
