"""Where the versions of one forum's model are: rows of the store, folders, and the key.

In: an open store, a forum's name, the folder of all bundles. Out: rows and paths.
Not here: what happens to versions (the other files of this room).
"""

import re
from dataclasses import dataclass
from pathlib import Path

from triage import store
from triage.bundle import point_current
from triage.crypto.signing import Signer
from triage.errors import NoVersion
from triage.records import Forum

VERSION = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Registry:
    """The versions of one forum's model."""

    database: store.Database
    forum: str
    models_dir: Path
    signer: Signer

    @property
    def folder(self) -> Path:
        """The folder that has one folder per version."""
        return self.models_dir / self.forum

    def read_forum(self) -> Forum:
        """Return the forum as it is now. Raises NoForum."""
        with self.database.read() as c:
            return store.get_forum(c, self.forum)

    def read_row(self, version: str) -> store.ModelRow:
        """Return what the store has of a version. Raises NoForum and NoVersion."""
        with self.database.read() as c:
            return self.row(c, store.get_forum(c, self.forum).id, version)

    def row(self, c: store.Connection, forum_id: int, version: str) -> store.ModelRow:
        """Return what the store has of a version, in a transaction. Raises NoVersion."""
        found = store.get_model(c, forum_id, version)
        if found is None:
            raise NoVersion(version, self.forum)
        return found


def mirror(registry: Registry) -> None:
    """Have CURRENT name the version that is live in the store."""
    registry.folder.mkdir(parents=True, exist_ok=True)
    point_current(registry.folder, registry.read_forum().live_version)
