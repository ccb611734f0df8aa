"""What a forum told by events before it posted its questions here is still its history."""

from datetime import UTC, datetime, timedelta

from triage.policies.load import waits_since

from .conftest import World
from .samples import EXPORT_DRAFT
from .test_questions import change, posted


def test_the_first_question_that_is_posted_here_ends_no_history(world: World) -> None:
    began = datetime.now(UTC) - timedelta(hours=1)

    def known() -> int:
        with world.database.read() as c:
            return len(waits_since(c, world.forum().id, began, datetime.now(UTC)))

    for n in range(3):
        asked = world.ask({**EXPORT_DRAFT, "user": f"u{n}"})
        event = {
            "event_id": f"e{n}",
            "type": "posted",
            "triage_id": asked["triage_id"],
            "ask_id": asked["ask_id"],
            "user": f"u{n}",
            "occurred_at": datetime.now(UTC).isoformat(),
        }
        sent = world.send("POST", "/v1/events", "frontend", json={"events": [event]})
        assert sent.json()["results"][0]["state"] == "accepted"
    assert known() == 3
    asked = world.ask({**EXPORT_DRAFT, "user": "anna"})
    told = posted(world, {"triage_id": asked["triage_id"], "user": "anna"})
    # It is told by events, too, and counts once.
    change(world, told["question_id"], {"state": "answered", "words": "Oil it."})
    assert known() == 4
