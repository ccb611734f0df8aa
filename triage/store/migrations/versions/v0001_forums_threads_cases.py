"""Forums, keys, what is known and what was learnt."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    _forums()
    _api_keys()
    _threads()
    _parts_of_threads()
    _units_and_vectors()
    _cases()
    _accounts_and_models()


def _forum() -> sa.Column[int]:
    return sa.Column("forum_id", sa.Integer(), nullable=False)


def _of_forums(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name=f"fk_{table}_forums")


def _of(
    table: str, target: str, column: str, key: str, on_delete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["forum_id", column],
        [f"{target}.forum_id", f"{target}.{key}"],
        name=f"fk_{table}_{target}",
        ondelete=on_delete,
    )


def _forums() -> None:
    op.create_table(
        "forums",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("live_version", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_forums"),
        sa.UniqueConstraint("name", name="uq_forums_name"),
    )


def _api_keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        _forum(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("publishable", sa.Boolean(), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        _of_forums("api_keys"),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.UniqueConstraint("forum_id", "id", name="uq_api_keys_forum_id_id"),
        sa.UniqueConstraint("forum_id", "prefix", name="uq_api_keys_forum_id_prefix"),
        sa.UniqueConstraint("secret_hash", name="uq_api_keys_secret_hash"),
    )


def _threads() -> None:
    op.create_table(
        "threads",
        _forum(),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("person", sa.Text()),
        sa.Column("solved", sa.Boolean(), nullable=False),
        sa.Column("lang", sa.Text()),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("product", sa.Text()),
        sa.Column("valid_versions", sa.Text()),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("created", sa.DateTime(timezone=True)),
        sa.Column("updated", sa.DateTime(timezone=True)),
        sa.Column("duplicate_of", sa.JSON(), nullable=False),
        sa.Column("superseded_by", sa.Text()),
        sa.Column("outdated_votes", sa.Integer(), nullable=False),
        sa.Column("verified_by", sa.Text()),
        sa.Column("verified_at", sa.DateTime(timezone=True)),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        _of_forums("threads"),
        sa.PrimaryKeyConstraint("forum_id", "id", name="pk_threads"),
    )
    op.create_index("ix_threads_forum_id_revision", "threads", ["forum_id", "revision"])


def _parts_of_threads() -> None:
    op.create_table(
        "answers",
        _forum(),
        sa.Column("thread_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("person", sa.Text()),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("staff", sa.Boolean(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True)),
        sa.Column("updated", sa.DateTime(timezone=True)),
        sa.Column("outdated_votes", sa.Integer(), nullable=False),
        _of("answers", "threads", "thread_id", "id", "CASCADE"),
        _of_forums("answers"),
        sa.PrimaryKeyConstraint("forum_id", "thread_id", "position", name="pk_answers"),
    )
    op.create_table(
        "removed_threads",
        _forum(),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        _of_forums("removed_threads"),
        sa.PrimaryKeyConstraint("forum_id", "id", name="pk_removed_threads"),
    )
    op.create_index(
        "ix_removed_threads_forum_id_revision",
        "removed_threads",
        ["forum_id", "revision"],
    )


def _units_and_vectors() -> None:
    op.create_table(
        "units",
        _forum(),
        sa.Column("thread_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("answer_id", sa.Text()),
        sa.Column("text_digest", sa.Text(), nullable=False),
        _of("units", "threads", "thread_id", "id", "CASCADE"),
        _of_forums("units"),
        sa.PrimaryKeyConstraint("forum_id", "thread_id", "position", name="pk_units"),
    )
    op.create_index("ix_units_forum_id_text_digest", "units", ["forum_id", "text_digest"])
    op.create_table(
        "vectors",
        _forum(),
        sa.Column("encoder_id", sa.Text(), nullable=False),
        sa.Column("text_digest", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        _of_forums("vectors"),
        sa.PrimaryKeyConstraint("forum_id", "encoder_id", "text_digest", name="pk_vectors"),
    )


def _cases() -> None:
    op.create_table(
        "cases",
        _forum(),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("person", sa.Text()),
        sa.Column("account", sa.Text()),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("product", sa.Text()),
        sa.Column("version", sa.Text()),
        sa.Column("lang", sa.Text()),
        sa.Column("created", sa.DateTime(timezone=True)),
        sa.Column("first_response", sa.DateTime(timezone=True)),
        sa.Column("closed", sa.DateTime(timezone=True)),
        sa.Column("escalated", sa.Boolean()),
        sa.Column("answer", sa.Text()),
        sa.Column("answer_public", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.Text()),
        sa.Column("topic", sa.Text()),
        sa.Column("difficulty", sa.Float(precision=53)),
        sa.Column("severity", sa.Integer()),
        sa.Column("customer_severity", sa.Integer()),
        sa.Column("destination", sa.Text()),
        sa.Column("group", sa.Text()),
        sa.Column("text_digest", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        _of_forums("cases"),
        sa.PrimaryKeyConstraint("forum_id", "id", name="pk_cases"),
    )
    op.create_index("ix_cases_forum_id_created_id", "cases", ["forum_id", "created", "id"])
    op.create_index("ix_cases_forum_id_text_digest", "cases", ["forum_id", "text_digest"])


def _accounts_and_models() -> None:
    op.create_table(
        "accounts",
        _forum(),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("support_level", sa.Text()),
        sa.Column("expert_team", sa.Text()),
        sa.Column("customised_products", sa.JSON(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True)),
        sa.Column("preferred_channel", sa.Text()),
        sa.Column("digest", sa.Text(), nullable=False),
        _of_forums("accounts"),
        sa.PrimaryKeyConstraint("forum_id", "id", name="pk_accounts"),
    )
    op.create_table(
        "account_members",
        _forum(),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        _of_forums("account_members"),
        sa.PrimaryKeyConstraint("forum_id", "person", name="pk_account_members"),
    )
    op.create_table(
        "models",
        _forum(),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("manifest_digest", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("metrics", sa.JSON(), nullable=False),
        _of_forums("models"),
        sa.PrimaryKeyConstraint("forum_id", "version", name="pk_models"),
    )
