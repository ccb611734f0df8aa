"""A site that speaks like Discourse, and a forum that reads it."""

import asyncio
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from benchmarks.discourse_site import KEY, USER, Category, Site, serving, topic_of
from tests.forum import SmallForum
from triage.connect.discourse import Discourse, DiscourseSource, read_wishes
from triage.connect.outgoing import Outgoing
from triage.importing import Imported, Keeper, Options, SourceName, ThreadShelf, read_source
from triage.importing.told import source_name
from triage.outbound import read_allowed
from triage.records import Thread
from triage.store import get_source, get_threads, source_items_of, thread_state

CHANNEL = "ch_1"
SECRETS = {"api_key": KEY, "api_user": USER}


async def no_sleep(_: float) -> None:
    """Wait for nothing."""


@dataclass(frozen=True)
class Reading:
    """A forum that reads a site."""

    site: Site
    small: SmallForum
    channel: str = CHANNEL

    @property
    def name(self) -> SourceName:
        return source_name(self.channel)

    def keeper(self, options: Options | None = None, **more: Any) -> Keeper[Any]:  # noqa: ANN401
        where = self.small.database, self.small.forum.id
        shelf = ThreadShelf(self.small.knowledge(), lambda person: f"hash of {person}")
        return Keeper(*where, self.name, shelf, options or Options(), **more)

    def run(
        self,
        *,
        whole: bool = False,
        part: bool = False,
        options: Options | None = None,
        reading: dict[str, Any] | None = None,
        secrets: dict[str, str] = SECRETS,
        note: Any = None,  # noqa: ANN401
    ) -> Imported:
        """Read the site once."""

        async def go() -> Imported:
            async with Outgoing(read_allowed("127.0.0.1,localhost")) as outgoing:
                site = Discourse(outgoing, self.site.address, secrets, sleep=no_sleep)
                source = DiscourseSource(site, read_wishes({"reading": reading or {}}))
                keeper = self.keeper(options, note=note)
                return await read_source(source, keeper, str, whole=whole, part=part)

        return asyncio.run(go())

    def thread(self, number: int) -> Thread | None:
        """Return what a topic is kept as."""
        with self.small.database.read() as c:
            return get_threads(c, self.small.forum.id, [self.id_of(number)]).get(self.id_of(number))

    def id_of(self, number: int) -> str:
        return f"{self.site.address.removeprefix('http://')}/t/{number}"

    def numbers(self) -> set[int]:
        """Return which topics are kept."""
        begins = self.id_of(0)[:-1]
        with self.small.database.read() as c:
            names = thread_state(c, self.small.forum.id)
        return {int(name.removeprefix(begins)) for name in names if name.startswith(begins)}

    def unread(self) -> set[str]:
        with self.small.database.read() as c:
            items = source_items_of(c, self.small.forum.id, self.name.name)
        return {item_id for item_id, item in items.items() if not item.stamp}

    def finished(self) -> bool:
        with self.small.database.read() as c:
            row = get_source(c, self.small.forum.id, self.name.name)
        return row is not None and row.finished_at is not None


@dataclass
class Commits:
    """Sees whether anything at all was written."""

    connection: sqlite3.Connection

    def now(self) -> int:
        (version,) = self.connection.execute("PRAGMA data_version").fetchone()
        return int(version)


@pytest.fixture
def site() -> Iterator[Site]:
    """Yield a site of one category with 65 topics: three pages of its listing."""
    made = Site(categories={5: Category(5, "support", about=1)})
    for number in range(1, 66):
        made.topics[number] = topic_of(number)
    with serving(made):
        yield made


@pytest.fixture
def reading(site: Site, small: SmallForum) -> Reading:
    return Reading(site, small)


@pytest.fixture
def commits(small: SmallForum) -> Iterator[Commits]:
    path = small.models_dir.parent / "test.db"
    connection = sqlite3.connect(path)
    try:
        yield Commits(connection)
    finally:
        connection.close()
