"""Trained versions."""

from datetime import timedelta

import pytest

from triage.errors import BadField
from triage.records import Forum
from triage.store import Database, ModelRow, get_model, list_models, put_model

from .samples import NOON


def test_versions_are_listed_newest_first(database: Database, forum: Forum) -> None:
    old = ModelRow("v2", "d2", NOON, {"mrr": 0.5, "slices": {"sv": None}})
    new = ModelRow("v1", "d1", NOON + timedelta(days=1), {})
    with database.write() as c:
        for row in (old, new):
            put_model(c, forum.id, row.version, row.manifest_digest, row.created_at, row.metrics)
        assert list_models(c, forum.id) == [new, old]
        assert get_model(c, forum.id, "v2") == old
        assert get_model(c, forum.id, "v3") is None


def test_metrics_may_be_measured_again(database: Database, forum: Forum) -> None:
    with database.write() as c:
        put_model(c, forum.id, "v1", "d1", NOON, {})
        put_model(c, forum.id, "v1", "d1", NOON, {"mrr": 0.7})
        assert list_models(c, forum.id) == [ModelRow("v1", "d1", NOON, {"mrr": 0.7})]


def test_a_version_never_names_another_bundle(database: Database, forum: Forum) -> None:
    with database.write() as c:
        put_model(c, forum.id, "v1", "d1", NOON, {})
        with pytest.raises(BadField, match="another bundle"):
            put_model(c, forum.id, "v1", "d2", NOON, {})
