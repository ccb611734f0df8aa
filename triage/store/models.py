"""The trained versions of each forum's model.

In: a version, its manifest's digest and its metrics. Out: the same.
Not here: the bundle's files (bundle), which version is live (forums).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Connection, Table, Text, delete, select

from triage.errors import BadField
from triage.store.batches import record_of
from triage.store.columns import UtcDateTime
from triage.store.dialects import upsert
from triage.store.keyed import METADATA, forum_column

models = Table(
    "models",
    METADATA,
    forum_column(),
    Column("version", Text, primary_key=True),
    Column("manifest_digest", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("metrics", JSON, nullable=False),
)


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One trained version."""

    version: str
    manifest_digest: str
    created_at: datetime
    metrics: dict[str, Any]


def put_model(
    c: Connection,
    forum_id: int,
    version: str,
    manifest_digest: str,
    created_at: datetime,
    metrics: Mapping[str, Any],
) -> None:
    """Store a version; again only for the same bundle, for one version is one bundle for ever."""
    stored = get_model(c, forum_id, version)
    if stored is not None and stored.manifest_digest != manifest_digest:
        raise BadField("version", f"already names another bundle: {version}")
    row = {
        "forum_id": forum_id,
        "version": version,
        "manifest_digest": manifest_digest,
        "created_at": created_at,
        "metrics": dict(metrics),
    }
    upsert(c, models, [row])


def get_model(c: Connection, forum_id: int, version: str) -> ModelRow | None:
    """Return one version, or None where the forum has it not."""
    query = select(models).where(models.c.forum_id == forum_id, models.c.version == version)
    row = c.execute(query).mappings().first()
    return None if row is None else record_of(ModelRow, row)


def list_models(c: Connection, forum_id: int) -> list[ModelRow]:
    """Return the forum's versions, newest first."""
    query = (
        select(models)
        .where(models.c.forum_id == forum_id)
        .order_by(models.c.created_at.desc(), models.c.version.desc())
    )
    return [record_of(ModelRow, row) for row in c.execute(query).mappings()]


def drop_model(c: Connection, forum_id: int, version: str) -> None:
    """Forget a version, which another bundle must never be called by all the same."""
    c.execute(delete(models).where(models.c.forum_id == forum_id, models.c.version == version))
