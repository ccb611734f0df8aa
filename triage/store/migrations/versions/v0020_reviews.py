"""What leads look at: items of the review queue, labels that they gave, draws."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    _create_items()
    _index_items()
    op.create_table(
        "reviewed_labels",
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("filed", sa.Text()),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("by_lot", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("forum_id", "case_id", "target", name="pk_reviewed_labels"),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_reviewed_labels_forums"),
        _reference("reviewed_labels", "cases", "case_id", "id"),
    )
    op.create_table(
        "review_draws",
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("drawn_on", sa.Text(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asks", sa.Integer(), nullable=False),
        sa.Column("by_lot", sa.Integer(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("model_version", sa.Text()),
        sa.PrimaryKeyConstraint("forum_id", "drawn_on", name="pk_review_draws"),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_review_draws_forums"),
    )


def _create_items() -> None:
    op.create_table(
        "review_items",
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("ask_id", sa.Text()),
        sa.Column("question_id", sa.Text()),
        sa.Column("case_id", sa.Text()),
        sa.Column("burst_id", sa.Text()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("targets", sa.JSON(), nullable=False),
        sa.Column("drawn_on", sa.Text(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(53)),
        sa.Column("propensity", sa.Float(53)),
        sa.Column("model_version", sa.Text()),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("lang", sa.Text()),
        sa.Column("product", sa.Text()),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("verdict", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("former", sa.JSON(none_as_null=True)),
        sa.PrimaryKeyConstraint("forum_id", "id", name="pk_review_items"),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_review_items_forums"),
        _reference("review_items", "asks", "ask_id", "ask_id"),
        _reference("review_items", "questions", "question_id", "question_id"),
        _reference("review_items", "cases", "case_id", "id"),
        _reference("review_items", "event_bursts", "burst_id", "id"),
    )


def _index_items() -> None:
    for columns in (
        ("state", "drawn_on", "place"),
        ("subject", "subject_id"),
        ("ask_id",),
        ("question_id",),
        ("case_id",),
        ("burst_id",),
        ("decided_at",),
    ):
        name = "_".join(("ix_review_items_forum_id", *columns))
        op.create_index(name, "review_items", ["forum_id", *columns])


def _reference(table: str, other: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["forum_id", column],
        [f"{other}.forum_id", f"{other}.{target}"],
        name=f"fk_{table}_{other}",
        ondelete="CASCADE",
    )
