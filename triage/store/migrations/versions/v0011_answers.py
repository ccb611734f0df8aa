"""Cases that become answers, trust in answers, names that people chose."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    _create_proposals()
    _create_votes_and_reviews()
    _create_profiles()
    op.create_index("ix_events_forum_id_thread_id", "events", ["forum_id", "thread_id"])


def _moment(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _forum(table: str) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return (
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name=f"fk_{table}_forums"),
    )


def _of_thread(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["forum_id", "thread_id"],
        ["threads.forum_id", "threads.id"],
        name=f"fk_{table}_threads",
        ondelete="CASCADE",
    )


def _create_proposals() -> None:
    op.create_table(
        "proposals",
        *_forum("proposals"),
        _text("id"),
        _text("case_id"),
        _text("content"),
        _text("person", nullable=True),
        _text("state"),
        _text("thread_id", nullable=True),
        _moment("case_at"),
        _moment("proposed_at"),
        _moment("decided_at", nullable=True),
        sa.PrimaryKeyConstraint("forum_id", "id", name="pk_proposals"),
        sa.UniqueConstraint(
            "forum_id", "case_id", "content", name="uq_proposals_forum_id_case_id_content"
        ),
    )
    for columns in (("state", "case_at", "id"), ("person",), ("thread_id",)):
        name = "_".join(("ix_proposals_forum_id", *columns))
        op.create_index(name, "proposals", ["forum_id", *columns])


def _create_votes_and_reviews() -> None:
    op.create_table(
        "answer_votes",
        *_forum("answer_votes"),
        _text("thread_id"),
        _text("answer_id"),
        _text("person"),
        _text("word"),
        _moment("at"),
        sa.PrimaryKeyConstraint(
            "forum_id", "thread_id", "answer_id", "person", name="pk_answer_votes"
        ),
        _of_thread("answer_votes"),
    )
    for columns in (("person",), ("word", "thread_id", "answer_id")):
        name = "_".join(("ix_answer_votes_forum_id", *columns))
        op.create_index(name, "answer_votes", ["forum_id", *columns])
    op.create_table(
        "answer_reviews",
        *_forum("answer_reviews"),
        _text("thread_id"),
        _text("answer_id"),
        _text("word"),
        _text("valid_versions", nullable=True),
        sa.Column("outdated_before", sa.Integer(), nullable=False),
        _moment("at"),
        sa.PrimaryKeyConstraint("forum_id", "thread_id", "answer_id", name="pk_answer_reviews"),
        _of_thread("answer_reviews"),
    )


def _create_profiles() -> None:
    op.create_table(
        "profiles",
        *_forum("profiles"),
        _text("person"),
        _text("id"),
        _text("display_name"),
        _text("name_key"),
        sa.Column("company_shown", sa.Boolean(), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        sa.PrimaryKeyConstraint("forum_id", "person", name="pk_profiles"),
        sa.UniqueConstraint("forum_id", "id", name="uq_profiles_forum_id_id"),
        sa.UniqueConstraint("forum_id", "name_key", name="uq_profiles_forum_id_name_key"),
    )
