"""A server delivers in a process beside itself, which comes and goes with it."""

import os
import signal
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.delivering.receiver import receiving_beside, status
from tests.waiting import is_alive, wait_for
from triage import store
from triage.api.errands import delivering
from triage.channels import new_channel
from triage.records import ChannelKind, MessageType

from .conftest import Start, World


def children() -> list[int]:
    """Return the processes of ours that deliver."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == os.getpid() and b"deliver" in words:
            found.append(int(folder.name))
    return found


def add_channel(world: World, address: str) -> None:
    opened = new_channel(
        world.forum(),
        world.settings.person_key,
        kind=ChannelKind.WEBHOOK,
        name="crm",
        address=address,
        at=datetime.now(UTC),
    )
    with world.database.write() as c:
        store.put_channel(c, world.forum().id, opened.row)


def post(world: World) -> str:
    told = store.Message(
        type=MessageType.ANSWERED,
        stream="q1",
        at=datetime.now(UTC),
        data={"question_id": "q1"},
    )
    with world.database.write() as c:
        assert store.post_message(c, world.forum().id, told) == 1
    return told.message_id


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds processes in /proc")
def test_it_begins_with_the_first_channel_is_begun_again_and_ends_with_the_server(
    start: Start,
) -> None:
    world = start(outbound_allowed="127.0.0.1")
    assert children() == []
    with receiving_beside(status(200)) as receiver:
        add_channel(world, receiver.url)
        first = post(world)
        wait_for(lambda: receiver.ids == [first])
        (process,) = children()
        os.kill(process, signal.SIGKILL)
        second = post(world)
        # What it had sent but not yet noted when it was killed is sent once more, under its own id.
        wait_for(lambda: list(dict.fromkeys(receiver.ids)) == [first, second])
        (process,) = children()
        assert os.getpriority(os.PRIO_PROCESS, process) >= 10
    world.client.__exit__(None, None, None)
    assert not is_alive(process)


def test_one_that_cannot_be_begun_is_told_of_and_tried_again(
    start: Start, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[int] = []

    def broken(*_: object, **__: object) -> None:
        tries.append(1)
        raise PermissionError

    monkeypatch.setattr(delivering, "_LOOK_SECONDS", 0.05)
    monkeypatch.setattr(delivering, "_FIRST_PAUSE", 0.05)
    world = start()
    monkeypatch.setattr(subprocess, "Popen", broken)
    add_channel(world, "https://crm.example.com/hook")
    wait_for(lambda: len(tries) >= 3)
    assert "deliver_not_started class=PermissionError" in caplog.text
