"""`import discourse` reads a site into a forum, says what it did, and may be stopped."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from benchmarks.discourse_site import Category, Site, serving, topic_of
from tests.forum import INSTALLATION_KEY, SmallForum
from tests.importing.channel import keep_channel
from triage.cli import main
from triage.store import count_threads, iter_acts


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site(categories={5: Category(5, "support"), 6: Category(6, "inner", groups=("staff",))})
    for number in range(1, 41):
        made.topics[number] = topic_of(number)
    with serving(made):
        yield made


@pytest.fixture
def channel(
    site: Site, small: SmallForum, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    monkeypatch.setenv("TRIAGE_DATABASE_URL", f"sqlite:///{tmp_path / 'test.db'}")
    monkeypatch.setenv("TRIAGE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("TRIAGE_INSTALLATION_KEY", INSTALLATION_KEY)
    monkeypatch.setenv("TRIAGE_ENCODER", "hashing")
    monkeypatch.setenv("TRIAGE_FORUM", "demo")
    monkeypatch.setenv("TRIAGE_OUTBOUND_ALLOWED", "127.0.0.1")
    return keep_channel(small.database, small.forum, site)


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["import", "discourse", *words])


def told(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return found


def test_it_reads_a_site_and_says_what_it_did(channel: str, small: SmallForum) -> None:
    done = run("--channel", channel)
    assert done.exit_code == 0, done.output
    said = told(done)
    assert (said["created"], said["failed"], said["whole"], said["stopped"]) == (40, 0, True, None)
    # Two for the categories, two to see what is new, two pages, one at the end, and the topics.
    assert said["requests"] == 46
    assert said["left_out"] == ["category 6 (inner): not everyone's"]
    again = told(run("--channel", "Forum"))
    assert (again["created"], again["unchanged"], again["whole"]) == (0, 1, False)
    with small.database.read() as c:
        acts = [row.act.act for row in iter_acts(c, small.forum.id)]
    assert acts == ["threads.import"]


def test_what_cannot_be_read_is_named_and_has_its_exit_code(channel: str, site: Site) -> None:
    site.raw = {"/t/9.json": b"no"}
    done = run("--channel", channel)
    assert done.exit_code == 3
    assert "topic 9 could not be read: bad_reply" in done.stderr
    assert told(done)["failures"] == {"9": "bad_reply"}


def test_a_site_that_refuses_the_key_is_an_error(channel: str, site: Site) -> None:
    site.key = "another"
    done = run("--channel", channel)
    assert done.exit_code == 1
    assert "login_refused" in done.stderr


def test_too_much_at_once_is_left_and_said(channel: str, site: Site) -> None:
    run("--channel", channel)
    for number in range(1, 31):
        site.change(number, gone=True)
    done = run("--channel", channel, "--whole")
    assert (done.exit_code, told(done)["held_back"]) == (3, 30)
    assert "--remove-all" in done.stderr
    assert told(run("--channel", channel, "--whole", "--remove-all"))["removed"] == 30


def test_a_part_of_a_site_can_be_read_alone(channel: str, site: Site) -> None:
    site.categories[7] = Category(7, "news")
    site.put(topic_of(50, category=7))
    done = run("--channel", channel, "--categories", "news")
    assert (told(done)["created"], told(done)["whole"]) == (1, False)
    assert told(run("--channel", channel))["created"] == 40


def test_a_channel_that_is_not_there_is_said(channel: str) -> None:
    done = run("--channel", "another")
    assert (done.exit_code, "no_channel" in done.stderr) == (1, True)


def test_it_can_be_stopped_and_goes_on(channel: str, site: Site, small: SmallForum) -> None:
    for number in range(41, 131):
        site.put(topic_of(number))
    process: list[subprocess.Popen[str]] = []
    seen: list[str] = []

    def stop(path: str) -> None:
        seen.append(path)
        if sum(one.startswith("/t/") for one in seen) == 110:
            process[0].send_signal(signal.SIGINT)

    site.before = stop
    command = [sys.executable, "-m", "triage", "import", "discourse", "--channel", channel]
    folder = Path(__file__).parents[2]
    with subprocess.Popen(
        command, cwd=folder, env=dict(os.environ), stderr=subprocess.PIPE, text=True
    ) as child:
        process.append(child)
        said = child.communicate(timeout=120)[1]
    assert child.returncode == 130
    assert said.endswith("what was read is kept, the next run goes on from there\n")
    assert "Traceback" not in said
    with small.database.read() as c:
        assert count_threads(c, small.forum.id) == 4 + 100
    site.before = None
    assert told(run("--channel", channel))["created"] == 30
