"""Serving needs no PyTorch: it costs seconds at start and most of a gigabyte."""

import json
import os
import subprocess
import sys
from pathlib import Path

from triage.encode.runtime import SHIPPED_SHA256
from triage.settings import ROOT

SCRIPT = """
import json, sys
from datetime import UTC, datetime
from starlette.testclient import TestClient
from triage import store
from triage.api import create_app
from triage.records import Role
from triage.settings import Settings

settings = Settings()
database = store.Database(settings.store_url)
with database.write() as c:
    forum = store.ensure_forum(c, "bikes")
    key, _ = store.create_key(c, forum.id, name="a", role=Role.ADMIN, publishable=False,
                              test=False, at=datetime.now(UTC))
database.close()
thread = {"id": "1", "title": "The chain falls off", "solved": True, "lang": "en",
          "answers": [{"id": "2", "body": "Turn the screw marked H.", "accepted": True}]}
with TestClient(create_app(settings), headers={"Authorization": f"Bearer {key}"}) as client:
    put = client.post("/v1/threads/batch", json={"threads": [thread]})
    reply = client.post("/v1/triage", json={"title": "Kedjan hoppar av", "lang": "sv"})
heavy = [m for m in ("torch", "transformers", "sentence_transformers") if m in sys.modules]
print(json.dumps({"put": put.status_code, "reply": reply.json(), "heavy": heavy}))
"""


def test_a_server_with_the_shipped_encoder_never_imports_torch(tmp_path: Path) -> None:
    ours = {
        "TRIAGE_DATA_DIR": str(tmp_path),
        "TRIAGE_MODELS_DIR": str(tmp_path / "models"),
        "TRIAGE_ENCODER": "shipped",
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=ROOT,
        env=os.environ | ours,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["put"] == 200
    assert SHIPPED_SHA256[:12] in found["reply"]["index_version"]
    assert found["heavy"] == []
