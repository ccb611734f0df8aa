"""Bring the tables up to date: Alembic, run from inside the package.

In: a connection in a transaction. Out: the same connection, its tables current.
Not here: the tables themselves (tables), the steps (migrations/versions), locking (dialects).
"""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from triage.errors import StoreUnavailable

MIGRATIONS = Path(__file__).parent / "migrations"


def is_current(c: Connection) -> bool:
    """Return whether nothing is left to migrate; tables newer than this code are refused."""
    found = set(MigrationContext.configure(c).get_current_heads())
    known, newest = _revisions()
    unknown = sorted(found - known)
    if unknown:
        raise StoreUnavailable(
            f"its tables are at revision {', '.join(unknown)}, which is newer than this version"
            " of the service; install the version that wrote it"
        )
    return found == newest


def migrate(c: Connection) -> None:
    """Take every step that is missing, within the caller's transaction."""
    config = Config()
    # Alembic reads its options with interpolation, so a percent sign in the path is doubled.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = c
    command.upgrade(config, "head")


@cache
def _revisions() -> tuple[frozenset[str], frozenset[str]]:
    """Return all revisions of this code, and those that no other follows.

    Alembic runs the file of every step to know them, which takes longer than all else of opening
    a store; and they are what they are for as long as this process lives.
    """
    scripts = ScriptDirectory(str(MIGRATIONS))
    known = frozenset(script.revision for script in scripts.walk_revisions())
    return known, frozenset(scripts.get_heads())
