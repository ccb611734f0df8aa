"""A small forum whose index lies on disk, whatever its size."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.forum import THREADS, SmallForum, small_forum
from triage import store
from triage.encode import Encoder, HashingEncoder
from triage.knowledge import Knowledge
from triage.records import Thread
from triage.retrieve import Search
from triage.snapshots import Shelf

MORE = tuple(Thread(f"m{n}", f"Question number {n}", f"Body of {n}", lang="en") for n in range(20))


def found(knowledge: Knowledge, words: str, groups: frozenset[str] = frozenset()) -> set[str]:
    hits = knowledge.index.search(Search(words, "en", None, groups=groups))
    return {h.thread_id for h in hits if (h.words or 0) > 0}


@dataclass(frozen=True)
class OnDisk:
    """What a test works with."""

    small: SmallForum
    root: Path

    def opened(self, encoder: Encoder | None = None) -> Knowledge:
        """Return what a process that starts now has."""
        knowledge = Knowledge(
            self.small.database,
            self.small.forum.id,
            encoder or self.small.encoder,
            shelf=Shelf(self.root, self.small.forum.name, fewest=1),
        )
        knowledge.sync()
        return knowledge

    def snapshots(self) -> list[Path]:
        folder = self.root / self.small.forum.name
        names = folder.iterdir() if folder.exists() else iter(())
        return sorted((p for p in names if p.name.isdecimal()), key=lambda p: int(p.name))

    def kept(self) -> set[str]:
        with self.small.database.read() as c:
            return set(store.thread_state(c, self.small.forum.id))

    def revision(self) -> int:
        with self.small.database.read() as c:
            return store.revision_of(c, self.small.forum.id)


@contextmanager
def on_disk(folder: Path, threads: tuple[Thread, ...] = THREADS) -> Iterator[OnDisk]:
    with small_forum(folder, threads, HashingEncoder()) as small:
        yield OnDisk(small, folder / "index")
