"""One database of the installation: opened, migrated, and lent out one transaction at a time.

In: a URL. Out: connections, either to read from one snapshot or to write all or nothing.
Not here: queries (one file per noun), pragmas and other dialect matters (dialects).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url, select
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.pool import QueuePool

from triage.errors import BadField, StoreUnavailable
from triage.store import dialects
from triage.store.schema import is_current, migrate
from triage.store.tables.base import forums


def sqlite_url(path: Path) -> str:
    """Return the URL of a SQLite file."""
    return URL.create("sqlite", database=str(path.absolute())).render_as_string()


class Database:
    """A database whose tables are current. Safe to share between threads.

    Every call of `read` and `write` takes a connection of its own: a `write` inside another
    `write` of the same thread would wait for itself, so pass the connection down instead.
    """

    def __init__(self, url: str) -> None:
        """Open the database, create it where it is not there, and migrate it."""
        self._url, self._engine = _open(url)
        self._reading = self._engine.execution_options(
            **dialects.read_options(self._engine.dialect.name)
        )
        try:
            self._migrate()
        except BaseException:
            self.close()
            raise

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Lend a connection that sees one unchanging state and refuses to write."""
        with _transaction(self._reading) as c:
            yield c

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Lend the connection of the one writer; an exception that leaves takes all back."""
        with _transaction(self._engine) as c:
            yield c

    @property
    def kind(self) -> str:
        """What kind of database it is, as people call it."""
        return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[self._engine.dialect.name]

    def ping(self) -> None:
        """Raise StoreUnavailable unless the database answers and is still where it was."""
        if dialects.is_missing(self._url):
            raise StoreUnavailable(f"its file {self._url.database} is gone")
        with self.read() as c:
            c.execute(select(forums.c.id).limit(1)).first()

    def clear_remains(self, *, rebuild: bool = False) -> bool:
        """Take what was deleted out of the files as well; return whether that was possible now.

        Not inside a `read` or `write`. `rebuild` writes the whole file anew, which takes a while.
        """
        return dialects.clear_remains(self._engine, rebuild=rebuild)

    def files(self) -> list[Path]:
        """Return the files that a local database consists of."""
        return dialects.files_of(self._url)

    def close(self) -> None:
        """Close every connection; a later `read` or `write` would open new ones."""
        self._engine.dispose()

    def _migrate(self) -> None:
        with self.read() as c:
            if is_current(c):
                return
        with self.write() as c:
            dialects.lock_schema(c)
            # Another process may have migrated while this one waited for the lock.
            if not is_current(c):
                migrate(c)


def _open(address: str) -> tuple[URL, Engine]:
    try:
        url = make_url(address)
        dialects.prepare_file(url)
        # Errors are logged, and parameters hold what people wrote.
        pool = {"poolclass": QueuePool, "pool_size": 8, "max_overflow": 24}
        engine = create_engine(url, hide_parameters=True, **pool)
    except exc.ArgumentError as error:
        # The address itself may hold a password, so it is not repeated.
        raise StoreUnavailable("its URL is not one of a database") from error
    except OSError as error:
        raise StoreUnavailable(f"{error.strerror}: {error.filename}") from error
    except ImportError as error:
        raise StoreUnavailable(f"the driver {error.name} is not installed") from error
    dialects.prepare_connections(engine)
    event.listen(engine, "handle_error", _raise_ours)
    return url, engine


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    try:
        connection = engine.connect()
    except exc.TimeoutError as error:
        raise StoreUnavailable("all its connections are in use") from error
    with connection as c, c.begin():
        yield c


def _raise_ours(context: ExceptionContext) -> None:
    """Turn what the driver raised into our errors; a broken constraint stays what it is, a bug."""
    original, wrapped = context.original_exception, context.sqlalchemy_exception
    if isinstance(original, BadField):
        raise BadField(original.field, original.problem)
    if isinstance(original, UnicodeEncodeError):
        raise BadField("text", "holds half of a surrogate pair, which is no character")
    if isinstance(original, OverflowError):
        raise BadField("number", "is larger than 64 bits")
    if isinstance(wrapped, exc.DataError):
        raise BadField("value", "is none that the database can keep")
    bugs = (exc.IntegrityError, exc.ProgrammingError)
    if isinstance(wrapped, exc.DatabaseError | exc.InterfaceError) and not isinstance(
        wrapped, bugs
    ):
        raise StoreUnavailable(str(original))
