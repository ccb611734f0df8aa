"""Posted questions, their changes and owners."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_PLACES = (
    ("external_id",),
    ("ask_id",),
    ("person",),
    ("account",),
    ("due_at",),
    ("received_at", "question_id"),
    ("state", "destination"),
)


def upgrade() -> None:
    _create_questions()
    _create_changes()
    _create_alerts()
    op.create_table(
        "question_rules",
        *_forum("question_rules"),
        sa.Column("owners", sa.JSON(), nullable=False),
        sa.Column("limits", sa.JSON(), nullable=False),
        sa.Column("learned", sa.JSON(), nullable=False),
        _moment("learned_at", nullable=True),
        sa.PrimaryKeyConstraint("forum_id", name="pk_question_rules"),
    )


def _moment(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def _flag(name: str, nullable: bool = False) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=nullable)


def _number(name: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _forum(table: str) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return (
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name=f"fk_{table}_forums"),
    )


def _refers(
    table: str, column: str, target: str, key: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["forum_id", column],
        [f"{target}.forum_id", f"{target}.{key}"],
        name=f"fk_{table}_{target}",
        ondelete=ondelete,
    )


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_forum_id_{'_'.join(columns)}", table, ["forum_id", *columns])


def _create_questions() -> None:
    op.create_table(
        "questions",
        *_forum("questions"),
        _text("question_id"),
        *(_text(name, nullable=True) for name in ("external_id", "triage_id", "ask_id")),
        _number("key_id", nullable=True),
        _flag("test"),
        *(_text(name, nullable=True) for name in ("person", "session", "account")),
        _json("groups"),
        *(_text(name, nullable=True) for name in ("lang", "product", "version")),
        _text("visibility"),
        _flag("shareable"),
        *(_json(name) for name in ("question", "decision", "labels")),
        *(_text(name, nullable=True) for name in ("kind", "topic")),
        *(_number(name, nullable=True) for name in ("severity", "customer_severity")),
        *(_json(name) for name in ("lacks", "asked")),
        _flag("moved"),
        *(_text(name) for name in ("decided_to", "destination", "state", "owner")),
        _number("revision"),
        _flag("in_community"),
        *(_moment(name) for name in ("received_at", "since", "changed_at")),
        _moment("due_at", nullable=True),
        *(_moment(name, nullable=True) for name in ("owner_acted_at", "first_person_at")),
        *(_moment(name, nullable=True) for name in ("first_answer_at", "solved_at")),
        _number("reroutes"),
        sa.PrimaryKeyConstraint("forum_id", "question_id", name="pk_questions"),
        _refers("questions", "ask_id", "asks", "ask_id"),
        _refers("questions", "key_id", "api_keys", "id"),
    )
    for columns in _PLACES:
        _index("questions", *columns)


def _create_changes() -> None:
    op.create_table(
        "question_changes",
        *_forum("question_changes"),
        _text("question_id"),
        _number("revision"),
        _text("change_id"),
        _text("before", nullable=True),
        _text("after"),
        _text("who"),
        _moment("at"),
        *(_text(name, nullable=True) for name in ("why", "by", "answer_id")),
        _flag("answer_public", nullable=True),
        _json("asked"),
        *(_text(name, nullable=True) for name in ("owner", "destination")),
        _flag("shareable", nullable=True),
        *(_text(name, nullable=True) for name in ("words", "note")),
        sa.PrimaryKeyConstraint("forum_id", "question_id", "revision", name="pk_question_changes"),
        sa.UniqueConstraint(
            "forum_id",
            "question_id",
            "change_id",
            name="uq_question_changes_forum_id_question_id_change_id",
        ),
        _refers("question_changes", "question_id", "questions", "question_id", "CASCADE"),
    )
    _index("question_changes", "at")


def _create_alerts() -> None:
    op.create_table(
        "question_alerts",
        *_forum("question_alerts"),
        *(_text(name) for name in ("alert_id", "question_id", "owner", "why")),
        _moment("at"),
        _moment("seen_at", nullable=True),
        _text("seen_by", nullable=True),
        sa.PrimaryKeyConstraint("forum_id", "alert_id", name="pk_question_alerts"),
        _refers("question_alerts", "question_id", "questions", "question_id", "CASCADE"),
    )
    _index("question_alerts", "question_id")
    _index("question_alerts", "at", "alert_id")
