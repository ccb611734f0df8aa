"""Known issues, clusters of questions, what people are told."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    _create_known_issues()
    _create_known_issue_asks()
    _create_clusters()
    _create_question_vectors()
    _create_notices()
    op.create_table("watches", *_forum("watches"), _moment("looked_at"), _key("watches"))


def _moment(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _forum(table: str) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return (
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name=f"fk_{table}_forums"),
    )


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("forum_id", *columns, name=f"pk_{table}")


def _of(table: str, target: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["forum_id", column],
        [f"{target}.forum_id", f"{target}.{column}"],
        name=f"fk_{table}_{target}",
        ondelete="CASCADE",
    )


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def _create_known_issues() -> None:
    op.create_table(
        "known_issues",
        *_forum("known_issues"),
        _text("issue_id"),
        sa.Column("revision", sa.Integer(), nullable=False),
        *(_text(name) for name in ("state", "title", "body")),
        _text("lang", nullable=True),
        sa.Column("products", sa.JSON(), nullable=False),
        _text("versions", nullable=True),
        sa.Column("groups", sa.JSON(), nullable=False),
        *(_text(name, nullable=True) for name in ("workaround", "fix", "fixed_in")),
        *(_text(name, nullable=True) for name in ("thread_id", "person")),
        _moment("words_at", nullable=True),
        _moment("proposed_at"),
        _moment("published_at", nullable=True),
        _moment("fixed_at", nullable=True),
        _moment("withdrawn_at", nullable=True),
        sa.Column("evidence", sa.JSON()),
        _key("known_issues", "issue_id"),
    )
    _index("known_issues", "forum_id", "person")
    _index("known_issues", "forum_id", "revision")


def _create_known_issue_asks() -> None:
    op.create_table(
        "known_issue_asks",
        *_forum("known_issue_asks"),
        _text("issue_id"),
        _text("ask_id"),
        _text("person", nullable=True),
        _text("lang", nullable=True),
        _moment("at"),
        _text("visibility"),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        _key("known_issue_asks", "issue_id", "ask_id"),
        _of("known_issue_asks", "known_issues", "issue_id"),
        _of("known_issue_asks", "asks", "ask_id"),
    )
    _index("known_issue_asks", "forum_id", "ask_id")
    _index("known_issue_asks", "forum_id", "person")


def _create_clusters() -> None:
    op.create_table(
        "clusters",
        *_forum("clusters"),
        _text("cluster_id"),
        _moment("made_at"),
        sa.Column("revision", sa.Integer(), nullable=False),
        _key("clusters", "cluster_id"),
    )
    _index("clusters", "forum_id", "revision")
    op.create_table(
        "cluster_members",
        *_forum("cluster_members"),
        _text("question_id"),
        _text("cluster_id"),
        _moment("joined_at"),
        _key("cluster_members", "question_id"),
        _of("cluster_members", "clusters", "cluster_id"),
        _of("cluster_members", "questions", "question_id"),
    )
    _index("cluster_members", "forum_id", "cluster_id")
    op.create_table(
        "questions_apart",
        *_forum("questions_apart"),
        _text("question_id"),
        _text("other_id"),
        _moment("at"),
        _key("questions_apart", "question_id", "other_id"),
        _of("questions_apart", "questions", "question_id"),
    )
    _index("questions_apart", "forum_id", "other_id")


def _create_question_vectors() -> None:
    op.create_table(
        "question_vectors",
        *_forum("question_vectors"),
        _text("question_id"),
        _text("encoder_id"),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        _key("question_vectors", "question_id"),
        _of("question_vectors", "questions", "question_id"),
    )


def _create_notices() -> None:
    op.create_table(
        "notices",
        *_forum("notices"),
        *(_text(name) for name in ("notice_id", "person", "kind", "subject")),
        _text("detail", nullable=True),
        _text("lang", nullable=True),
        _moment("at"),
        _moment("read_at", nullable=True),
        _key("notices", "notice_id"),
    )
    _index("notices", "forum_id", "person", "at")
    _index("notices", "forum_id", "at")
