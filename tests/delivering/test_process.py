"""The process that delivers: killed in the middle, begun again, told to end."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from aiohttp import web

from tests.forum import INSTALLATION_KEY
from tests.waiting import wait_for

from .receiver import Got, Receiver, receiving_beside
from .world import World

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "TRIAGE_DATA_DIR": str(tmp_path),
        "TRIAGE_DATABASE_URL": "",
        "TRIAGE_INSTALLATION_KEY": INSTALLATION_KEY,
        "TRIAGE_OUTBOUND_ALLOWED": "127.0.0.1",
        "TRIAGE_LOG_LEVEL": "warning",
    }


def begin(environment: dict[str, str], *more: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "triage", "deliver", *more],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


async def _slowish(_: Got) -> web.StreamResponse:
    await asyncio.sleep(0.05)
    return web.Response(text="<garbage>")


def arrived_in_order(receiver: Receiver, world: World) -> None:
    assert receiver.by_question() == world.posted
    for question, ids in world.posted.items():
        came = [
            got.message_id for got in receiver.got if got.content["data"]["question_id"] == question
        ]
        assert came == sorted(came, key=ids.index), "a repeated one came behind a later one"


def test_killed_in_the_middle_nothing_is_lost_and_what_comes_twice_has_the_same_id(
    world: World, environment: dict[str, str]
) -> None:
    with receiving_beside(_slowish) as receiver:
        world.add(receiver.url)
        for n in range(30):
            world.post(f"q{n}", 8)
        first = begin(environment)
        wait_for(lambda: len(receiver.got) >= 60)
        first.kill()
        first.communicate()
        taken = [row for row in world.rows() if row.state == "pending" and row.attempts == 0]
        assert taken
        # Whoever comes next finds that the other is gone, and need not wait for its claims.
        second = begin(environment, "--once")
        said, told = second.communicate(timeout=240)
        assert second.returncode == 0, told
        assert set(world.states()) == {"delivered"}
        arrived_in_order(receiver, world)
        counts = Counter(receiver.ids)
        assert set(counts) == {one for ids in world.posted.values() for one in ids}
        assert max(counts.values()) <= 2
        assert json.loads(said)["failed"] == 0


def test_told_to_end_it_ends_and_says_what_it_did(
    world: World, environment: dict[str, str]
) -> None:
    with receiving_beside() as receiver:
        world.add(receiver.url)
        world.post("q1", 2)
        process = begin(environment)
        wait_for(lambda: len(receiver.got) == 2)
        process.send_signal(signal.SIGTERM)
        said, told = process.communicate(timeout=60)
        assert process.returncode == 0, told
        assert json.loads(said) == {"delivered": 2, "failed": 0, "dead": 0}
        assert set(world.states()) == {"delivered"}
