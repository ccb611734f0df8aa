"""All of 0007 to 0013, in stores that took those steps while they were still empty.

Some builds held them as mere places in the chain; a store that one of those opened has
none of their tables, and is told apart by the first of these.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from triage.store.migrations.versions import (
    v0007_policies,
    v0008_questions,
    v0009_outcomes,
    v0010_insight,
    v0011_answers,
    v0012_follow_ups,
    v0013_reports,
)

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_STEPS = (
    v0007_policies,
    v0008_questions,
    v0009_outcomes,
    v0010_insight,
    v0011_answers,
    v0012_follow_ups,
    v0013_reports,
)


def upgrade() -> None:
    if sa.inspect(op.get_bind()).has_table("policies"):
        return
    for step in _STEPS:
        step.upgrade()
