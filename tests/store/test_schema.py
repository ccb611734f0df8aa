"""What holds for every table and every function of the room."""

import ast
import inspect as python
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, UniqueConstraint, create_engine, inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from triage import store
from triage.store import Database
from triage.store.tables.base import METADATA

ACROSS_FORUMS = {
    "ensure_forum",
    "list_jobs",
    "get_forum",
    "list_forums",
    "find_key",
    # What comes in names a channel and no forum.
    "find_channel",
    # Whose turn it is, asked once for all of them.
    "channels_told",
    # One process delivers for all forums.
    "due_channels",
    "has_channels",
    "listed_origins",
    # Like a key, the token fixes the forum.
    "find_session",
    "link_user",
    "use_link",
}
OF_NO_FORUM = {"sqlite_url", "act_digest", "new_message_id"}
TABLES = sorted(METADATA.tables)


def test_the_migrations_make_what_the_code_expects(database: Database) -> None:
    with database.read() as c:
        context = MigrationContext.configure(c, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_every_migrated_table_is_the_declared_table(database: Database, tmp_path: Path) -> None:
    declared = create_engine(f"sqlite:///{tmp_path / 'declared.db'}")
    METADATA.create_all(declared)
    with database.read() as c, declared.connect() as expected:
        for table in TABLES:
            assert description(c, table) == description(expected, table)
    declared.dispose()


def description(c: Connection, table: str) -> dict[str, object]:
    found = inspect(c)
    columns = [
        (c["name"], str(c["type"]), c["nullable"], c["default"]) for c in found.get_columns(table)
    ]
    return {
        "columns": columns,
        "primary key": found.get_pk_constraint(table),
        "foreign keys": sorted(map(str, found.get_foreign_keys(table))),
        "unique": sorted(map(str, found.get_unique_constraints(table))),
        "indexes": sorted(map(str, found.get_indexes(table))),
    }


@pytest.mark.parametrize("table", [table for table in TABLES if table != "forums"])
def test_every_table_is_keyed_by_forum(table: str) -> None:
    declared = METADATA.tables[table]
    column = declared.c.forum_id
    assert not column.nullable
    assert [key.target_fullname for key in column.foreign_keys if "forums." in str(key.column)]
    unique = [c.columns for c in declared.constraints if isinstance(c, UniqueConstraint)]
    assert any("forum_id" in columns for columns in [declared.primary_key.columns, *unique])


@pytest.mark.parametrize("table", TABLES)
def test_every_reference_between_forums_tables_holds_the_forum(table: str) -> None:
    for constraint in METADATA.tables[table].foreign_key_constraints:
        if constraint.referred_table.name != "forums":
            assert "forum_id" in constraint.column_keys


@pytest.mark.parametrize("table", TABLES)
def test_every_constraint_has_a_name_that_postgresql_takes(table: str) -> None:
    declared = METADATA.tables[table]
    names = [str(c.name) for c in declared.constraints] + [str(i.name) for i in declared.indexes]
    assert all(name != "None" and len(name) <= 63 for name in names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("table", TABLES)
def test_every_table_can_be_made_on_postgresql(table: str) -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    declared = METADATA.tables[table]
    made = str(CreateTable(declared).compile(dialect=dialect))
    made += "".join(str(CreateIndex(index).compile(dialect=dialect)) for index in declared.indexes)
    assert "DATETIME" not in made


def functions() -> list[str]:
    return [name for name in store.__all__ if python.isfunction(getattr(store, name))]


@pytest.mark.parametrize("name", [n for n in functions() if n not in OF_NO_FORUM])
def test_every_function_takes_a_connection_and_its_forum(name: str) -> None:
    parameters = list(python.signature(getattr(store, name)).parameters)
    assert parameters[0] == "c"
    assert name in ACROSS_FORUMS or parameters[1] in {"forum_id", "user"}


def test_sql_that_one_database_alone_understands_is_in_one_file() -> None:
    assert store.__file__ is not None
    for path in Path(store.__file__).parent.glob("*.py"):
        if path.name == "dialects.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert "dialects" not in (node.module or "") or node.module == (
                    "triage.store.dialects"
                )
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not node.value.startswith(("PRAGMA", "BEGIN"))
