"""Opening, migrating, and transactions that are all or nothing."""

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text

from triage.errors import BadField, StoreUnavailable
from triage.records import Forum
from triage.store import (
    Database,
    count_threads,
    ensure_forum,
    get_forum,
    iter_events,
    list_forums,
    next_revision,
    put_threads,
    sqlite_url,
)
from triage.store.schema import MIGRATIONS
from triage.store.tables.base import METADATA

from .samples import thread

OPEN_AND_CLOSE = """
import sys
from triage.store import Database, ensure_forum
database = Database(sys.argv[1])
with database.write() as c:
    ensure_forum(c, "boats")
database.close()
"""
OPEN_WHEN_TOLD = """
import sys, time
from pathlib import Path
from triage.store import Database
print("ready", flush=True)
while not Path(sys.argv[2]).exists():
    time.sleep(0.001)
Database(sys.argv[1]).close()
"""
WRITE_AND_HANG = """
import sys, time
from triage.records import Thread
from triage.store import Database, ensure_forum, next_revision, put_threads
database = Database(sys.argv[1])
with database.write() as c:
    forum = ensure_forum(c, "bikes")
    threads = [Thread(id=str(n), title="x" * 500, body="y" * 5000) for n in range(3000)]
    put_threads(c, forum.id, threads, next_revision(c, forum.id))
    print("ready", flush=True)
    time.sleep(60)
"""


def start(code: str, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def wait_until_ready(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"


def test_a_second_opening_finds_what_the_first_wrote(url: str) -> None:
    first = Database(url)
    with first.write() as c:
        ensure_forum(c, "bikes")
    first.close()
    second = Database(url)
    with second.read() as c:
        assert [forum.name for forum in list_forums(c)] == ["bikes"]
    second.close()


def test_tables_of_an_older_version_are_brought_up_to_date(url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(url)
    with engine.begin() as c:
        config.attributes["connection"] = c
        command.upgrade(config, "0001")
        c.execute(text("INSERT INTO forums (name, revision) VALUES ('bikes', 7)"))
    engine.dispose()
    database = Database(url)
    with database.read() as c:
        assert get_forum(c, "bikes").revision == 7
        assert list(iter_events(c, 1)) == []
    database.close()


def test_forums_of_an_older_version_go_on_with_the_encoder_that_they_have(url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(url)
    with engine.begin() as c:
        config.attributes["connection"] = c
        command.upgrade(config, "0002")
        for number, encoder_id in enumerate(["all-MiniLM-L6-v2@53aa51172d14", "hashing-256"], 1):
            c.execute(text(f"INSERT INTO forums (name, revision) VALUES ('f{number}', 7)"))
            row = f"({number}, '{encoder_id}#passage', 'd', x'00')"
            c.execute(text(f"INSERT INTO vectors VALUES {row}"))
    engine.dispose()
    database = Database(url)
    with database.read() as c:
        found = [(f.encoder, f.encoder_id) for f in list_forums(c)]
    database.close()
    assert found == [("all-MiniLM-L6-v2", "all-MiniLM-L6-v2@53aa51172d14"), (None, None)]


def test_a_store_that_took_the_steps_while_they_were_empty_gets_their_tables(url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(url)
    with engine.begin() as c:
        config.attributes["connection"] = c
        command.upgrade(config, "0006")
        c.execute(text("INSERT INTO forums (name, revision) VALUES ('bikes', 7)"))
        c.execute(text("UPDATE alembic_version SET version_num = '0013'"))
    engine.dispose()
    database = Database(url)
    with database.read() as c:
        context = MigrationContext.configure(c, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
        assert get_forum(c, "bikes").revision == 7
    database.close()


def test_an_opening_while_another_process_writes_does_not_wait(url: str) -> None:
    first = Database(url)
    with first.write() as c:
        ensure_forum(c, "bikes")
        began = time.monotonic()
        Database(url).close()
        assert time.monotonic() - began < 5
    first.close()


def test_processes_that_start_at_once_migrate_once(url: str, tmp_path: Path) -> None:
    go = tmp_path / "go"
    processes = [start(OPEN_WHEN_TOLD, url, str(go)) for _ in range(3)]
    for process in processes:
        wait_until_ready(process)
    go.touch()
    assert [process.communicate(timeout=60) and process.returncode for process in processes] == [
        0,
        0,
        0,
    ]
    database = Database(url)
    database.ping()
    database.close()


def test_the_folder_is_made_and_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "100%" / "triage.db"
    database = Database(sqlite_url(path))
    with database.write() as c:
        ensure_forum(c, "bikes")
        for name in ("triage.db", "triage.db-wal", "triage.db-shm"):
            assert stat.S_IMODE((path.parent / name).stat().st_mode) == 0o600
    database.close()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("foreign_keys", 1),
        ("synchronous", 1),
        ("busy_timeout", 30000),
        ("secure_delete", 1),
    ],
)
def test_a_connection_has_its_pragmas(database: Database, pragma: str, value: object) -> None:
    with database.read() as c:
        assert c.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "triage.db"
    path.write_text("A shopping list. " * 100)
    with pytest.raises(StoreUnavailable, match="not a database"):
        Database(sqlite_url(path))
    assert path.read_text() == "A shopping list. " * 100


def test_a_folder_in_the_files_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="Is a directory"):
        Database(sqlite_url(tmp_path))


def test_a_file_in_the_folders_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable):
        Database(sqlite_url(tmp_path / "file" / "triage.db"))


def test_a_file_that_cannot_be_written_is_refused(url: str, tmp_path: Path) -> None:
    (tmp_path / "triage.db").touch()
    with pytest.raises(StoreUnavailable):
        Database(f"sqlite:///file:{tmp_path / 'triage.db'}?mode=ro&uri=true")


@pytest.mark.parametrize("address", ["", "triage.db", "nosuch://x", "sqlite://"])
def test_an_address_of_no_database_file_is_refused(address: str) -> None:
    with pytest.raises(StoreUnavailable):
        Database(address)


def test_a_damaged_file_is_refused(url: str, tmp_path: Path) -> None:
    Database(url).close()
    path = tmp_path / "triage.db"
    content = bytearray(path.read_bytes())
    content[100:] = os.urandom(len(content) - 100)
    path.write_bytes(content)
    with pytest.raises(StoreUnavailable):
        Database(url)


def test_tables_of_a_newer_version_are_refused(url: str) -> None:
    database = Database(url)
    with database.write() as c:
        c.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(StoreUnavailable, match="9999, which is newer"):
        Database(url)


def test_a_file_that_was_taken_away_fails_the_ping(database: Database, tmp_path: Path) -> None:
    database.ping()
    (tmp_path / "triage.db").unlink()
    with pytest.raises(StoreUnavailable, match="is gone"):
        database.ping()


def test_another_process_that_closes_leaves_the_log_to_those_who_use_it(
    url: str, tmp_path: Path
) -> None:
    """Whoever believes to be the last deletes the log, and with it what others wrote."""
    first, second = Database(url), Database(url)
    with first.write() as c:
        ensure_forum(c, "bikes")
    log = tmp_path / "triage.db-wal"
    before = log.stat().st_ino
    third = Database(url)
    with start(OPEN_AND_CLOSE, url) as process:
        process.communicate(timeout=300)
    assert process.returncode == 0
    assert log.stat().st_ino == before
    for database in (first, second, third):
        with database.write() as c:
            assert [forum.name for forum in list_forums(c)] == ["bikes", "boats"]
        database.close()


def test_an_exception_takes_everything_back(database: Database, forum: Forum) -> None:
    def fail_half_way() -> None:
        with database.write() as c:
            put_threads(c, forum.id, [thread()], next_revision(c, forum.id))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    with database.read() as c:
        assert count_threads(c, forum.id) == 0
        assert get_forum(c, "bikes").revision == 0


def test_a_reading_connection_refuses_to_write(database: Database) -> None:
    with pytest.raises(StoreUnavailable, match="readonly"), database.read() as c:
        ensure_forum(c, "bikes")
    with database.write() as c:
        ensure_forum(c, "bikes")


def test_a_reader_sees_one_state_while_another_writes(database: Database, forum: Forum) -> None:
    with database.read() as reading:
        assert count_threads(reading, forum.id) == 0
        with database.write() as c:
            put_threads(c, forum.id, [thread()], 1)
        assert count_threads(reading, forum.id) == 0
    with database.read() as c:
        assert count_threads(c, forum.id) == 1


def test_two_writers_queue_and_lose_nothing(url: str, forum: Forum) -> None:
    seen: list[int] = []

    def count_up() -> None:
        own = Database(url)
        for _ in range(40):
            with own.write() as c:
                seen.append(next_revision(c, forum.id))
        own.close()

    writers = [threading.Thread(target=count_up) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(seen) == list(range(1, 121))


def test_a_process_killed_while_writing_leaves_nothing(url: str) -> None:
    process = start(WRITE_AND_HANG, url)
    wait_until_ready(process)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    database = Database(url)
    with database.write() as c:
        assert list_forums(c) == []
        ensure_forum(c, "bikes")
    database.close()


@pytest.mark.parametrize(
    ("fields", "problem"), [({"body": "\ud800"}, "surrogate"), ({"outdated_votes": 2**70}, "64")]
)
def test_a_value_that_no_database_takes_is_a_bad_field(
    database: Database, forum: Forum, fields: dict[str, object], problem: str
) -> None:
    with pytest.raises(BadField, match=problem), database.write() as c:
        put_threads(c, forum.id, [thread(**fields)], 1)


def test_a_file_that_is_gone_is_not_made_anew_by_whoever_reads(url: str, tmp_path: Path) -> None:
    opened = Database(url)
    opened.close()
    (tmp_path / "triage.db").rename(tmp_path / "away.db")
    for lend in (opened.read, opened.write):
        with pytest.raises(StoreUnavailable, match="is gone"), lend():
            pass
    assert not (tmp_path / "triage.db").exists()
    (tmp_path / "away.db").rename(tmp_path / "triage.db")
    opened.ping()
    opened.close()
