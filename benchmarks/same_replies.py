"""Whether `/v1/triage` still replies the same: to the last bit, before and after a change.

In: the store and the models that the settings name, with a trained forum; a copy, since asks are
kept. Out: a file of replies, or how many differ from those of such a file. Each draft of the
sample is typed half, typed whole and submitted, by a person of its own.

`python -m benchmarks.same_replies write FILE`, then, changed, `... compare FILE` on another copy.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from benchmarks.where_time_goes import _DRAFTS, _key_of
from triage.api import create_app
from triage.settings import Settings

# Made by lot, or by the clock.
_OWN = frozenset({"triage_id", "ask_id", "index_age_seconds", "handover_url"})


def main() -> None:
    """Write the replies, or compare them with those that were written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("write", "compare"))
    parser.add_argument("file", type=Path)
    chosen = parser.parse_args()
    found = list(replies(Settings()))
    if chosen.what == "write":
        chosen.file.write_text(json.dumps(found), encoding="utf-8")
        return
    before = json.loads(chosen.file.read_text(encoding="utf-8"))
    differ = sum(one != other for one, other in zip(before, found, strict=True))
    sys.stdout.write(f"{len(found)} replies, {differ} differ\n")
    raise SystemExit(differ > 0)


def replies(settings: Settings) -> Iterator[object]:
    """Ask the sample's drafts over the application; give what does not hang on lot or clock."""
    drafts = [json.loads(line) for line in _DRAFTS.open(encoding="utf-8")]
    headers = {"authorization": f"Bearer {_key_of(settings.forum)}"}
    with TestClient(create_app(settings), headers=headers) as client:
        for place, draft in enumerate(drafts):
            said = {name: draft[name] for name in ("title", "body", "product") if draft.get(name)}
            said |= {"user": f"person-{place}", "session": f"session-{place}"}
            half = {**said, "body": said.get("body", "")[: len(said.get("body", "")) // 2]}
            for body, stage in ((half, "typing"), (said, "typing"), (said, "submit")):
                reply = client.post("/v1/triage", json={**body, "stage": stage})
                reply.raise_for_status()
                yield _told(reply.json())


def _told(value: Any) -> object:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, dict):
        return {name: _told(one) for name, one in value.items() if name not in _OWN}
    return [_told(one) for one in value] if isinstance(value, list) else value


if __name__ == "__main__":
    main()
