"""Who may sign in, who did what, what is kept sealed, who was erased; keys that expire."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("api_keys", sa.Column("expires_at", sa.DateTime(timezone=True)))
    op.add_column("api_keys", sa.Column("origins", sa.JSON()))
    op.add_column("api_keys", sa.Column("replaces", sa.Text()))
    op.add_column("api_keys", sa.Column("line_id", sa.Integer()))
    _make_idempotency_anew()
    _create_users()
    _create_links_and_sessions()
    _create_visitor_secrets()
    _create_audit()
    _create_originals()
    _create_erasures()
    _unquote_replies()


def _moment(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _forum(table: str) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return (
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name=f"fk_{table}_forums"),
    )


def _key(table: str, column: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("forum_id", column, name=f"pk_{table}")


def _of_user(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["forum_id", "user_id"],
        ["users.forum_id", "users.id"],
        name=f"fk_{table}_users",
        ondelete="CASCADE",
    )


def _make_idempotency_anew() -> None:
    # What is kept there lasts a day, so that nothing needs to be carried over.
    op.drop_table("idempotency")
    op.create_table(
        "idempotency",
        *_forum("idempotency"),
        _text("caller"),
        _text("route"),
        _text("idempotency_key"),
        _text("person", nullable=True),
        _text("request_digest"),
        sa.Column("status", sa.Integer()),
        _text("body", nullable=True),
        _moment("at"),
        sa.PrimaryKeyConstraint(
            "forum_id", "caller", "route", "idempotency_key", name="pk_idempotency"
        ),
    )
    op.create_index("ix_idempotency_forum_id_at", "idempotency", ["forum_id", "at"])
    op.create_index("ix_idempotency_forum_id_person", "idempotency", ["forum_id", "person"])


def _create_users() -> None:
    op.create_table(
        "users",
        *_forum("users"),
        _text("id"),
        _text("email"),
        _text("name"),
        _text("role"),
        _text("password_hash", nullable=True),
        _text("oidc_issuer", nullable=True),
        _text("oidc_subject", nullable=True),
        _moment("created_at"),
        _moment("last_in_at", nullable=True),
        _moment("disabled_at", nullable=True),
        _key("users", "id"),
        sa.UniqueConstraint("forum_id", "email", name="uq_users_forum_id_email"),
        sa.UniqueConstraint(
            "forum_id",
            "oidc_issuer",
            "oidc_subject",
            name="uq_users_forum_id_oidc_issuer_oidc_subject",
        ),
    )


def _create_links_and_sessions() -> None:
    op.create_table(
        "sign_in_links",
        *_forum("sign_in_links"),
        _text("token_hash"),
        _text("user_id"),
        _moment("created_at"),
        _moment("expires_at"),
        _moment("used_at", nullable=True),
        _key("sign_in_links", "token_hash"),
        sa.UniqueConstraint("token_hash", name="uq_sign_in_links_token_hash"),
        _of_user("sign_in_links"),
    )
    op.create_table(
        "web_sessions",
        *_forum("web_sessions"),
        _text("token_hash"),
        _text("user_id"),
        _text("means"),
        _moment("created_at"),
        _moment("last_at"),
        _moment("expires_at"),
        _key("web_sessions", "token_hash"),
        sa.UniqueConstraint("token_hash", name="uq_web_sessions_token_hash"),
        _of_user("web_sessions"),
    )
    op.create_index(
        "ix_web_sessions_forum_id_expires_at", "web_sessions", ["forum_id", "expires_at"]
    )


def _create_visitor_secrets() -> None:
    op.create_table(
        "visitor_secrets",
        *_forum("visitor_secrets"),
        _text("id"),
        _text("name"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _moment("created_at"),
        _moment("last_used_at", nullable=True),
        _moment("revoked_at", nullable=True),
        _key("visitor_secrets", "id"),
    )


def _create_audit() -> None:
    op.create_table(
        "audit",
        *_forum("audit"),
        sa.Column("number", sa.Integer(), nullable=False),
        _moment("at"),
        _text("actor_kind"),
        _text("actor"),
        _text("act"),
        _text("object"),
        sa.Column("before", sa.JSON()),
        sa.Column("after", sa.JSON()),
        _text("digest"),
        _key("audit", "number"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{change.lower()} BEFORE {change} ON audit"
                " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
    )


def _create_originals() -> None:
    op.create_table(
        "originals",
        *_forum("originals"),
        _text("triage_id"),
        _text("person", nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _moment("created_at"),
        _moment("expires_at"),
        _key("originals", "triage_id"),
        sa.ForeignKeyConstraint(
            ["forum_id", "triage_id"],
            ["triages.forum_id", "triages.triage_id"],
            name="fk_originals_triages",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_originals_forum_id_expires_at", "originals", ["forum_id", "expires_at"])
    op.create_index("ix_originals_forum_id_person", "originals", ["forum_id", "person"])


def _create_erasures() -> None:
    op.create_table(
        "erasures",
        *_forum("erasures"),
        _text("id"),
        _text("person"),
        _moment("asked_at"),
        _moment("done_at", nullable=True),
        sa.Column("replayed", sa.Boolean(), nullable=False),
        sa.Column("receipt", sa.JSON()),
        _key("erasures", "id"),
    )
    op.create_index("ix_erasures_forum_id_person", "erasures", ["forum_id", "person"])


def _unquote_replies() -> None:
    """Replies of before quote threads; the words are the thread's and have to go with it."""
    triages = sa.table(
        "triages",
        sa.column("forum_id", sa.Integer()),
        sa.column("triage_id", sa.Text()),
        sa.column("reply", sa.JSON()),
    )
    c = op.get_bind()
    for row in c.execute(sa.select(triages)).all():
        said = row.reply
        for one in said.get("suggestions") or ():
            for name in ("title", "snippet", "url"):
                one.pop(name, None)
        mine = (triages.c.forum_id == row.forum_id, triages.c.triage_id == row.triage_id)
        c.execute(sa.update(triages).where(*mine).values(reply=said))
