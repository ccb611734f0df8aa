"""What every table shares: the metadata, names of constraints, and the forum in the key.

In: nothing. Out: METADATA, and the columns and references that keep forums apart.
Not here: the tables (tables).
"""

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Integer, MetaData

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def forum_column(primary_key: bool = True) -> Column[int]:
    """Return the column that says whose a row is."""
    return Column(
        "forum_id", Integer, ForeignKey("forums.id"), primary_key=primary_key, nullable=False
    )


def of_forum(
    table: str, column: str, target: str, on_delete: str | None = None
) -> ForeignKeyConstraint:
    """Return a reference that cannot leave its forum, because the forum is part of it."""
    columns = [f"{table}.forum_id", f"{table}.{target}"]
    return ForeignKeyConstraint(["forum_id", column], columns, ondelete=on_delete)
