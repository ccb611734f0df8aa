"""What was put is found by the next call; what was deleted or hidden is in no reply any more."""

from typing import Any

from triage import store
from triage.embedding import space_of
from triage.encode import HashingEncoder, TextRole
from triage.text import digest

from .conftest import World
from .samples import BETA_DRAFT, EXPORT, EXPORT_DRAFT, shown

HIDDEN = {**EXPORT, "groups": ["partners"]}
EDITED = {
    **EXPORT,
    "answers": [{**EXPORT["answers"][0], "body": "Restart the export at night instead."}],
}


def _put(world: World, thread: dict[str, Any]) -> None:
    assert world.send("PUT", f"/v1/threads/{thread['id']}", json=thread).status_code == 200


def _delete(world: World) -> None:
    assert world.send("DELETE", "/v1/threads/export").status_code == 204


def _vectors(world: World, texts: list[str]) -> int:
    digests = [digest(text) for text in texts]
    spaces = [space_of(HashingEncoder(), role) for role in TextRole]
    with world.database.read() as c:
        forum_id = world.forum().id
        return sum(len(store.known_digests(c, forum_id, space, digests)) for space in spaces)


def test_a_new_thread_is_found_by_the_next_call(empty: World) -> None:
    assert shown(empty.ask(EXPORT_DRAFT)) == []
    _put(empty, EXPORT)
    assert shown(empty.ask(EXPORT_DRAFT)) == ["export"]


def test_an_edited_thread_is_quoted_as_it_is_now(world: World) -> None:
    assert "preview pane" in world.ask(EXPORT_DRAFT)["suggestions"][0]["snippet"]
    _put(world, EDITED)
    reply = world.ask(EXPORT_DRAFT)
    assert shown(reply) == ["export"]
    assert "at night" in reply["suggestions"][0]["snippet"]
    assert "preview pane" not in str(reply)


def test_a_deleted_thread_is_in_no_reply_and_has_no_vector(world: World) -> None:
    text = EXPORT["answers"][0]["body"]
    assert _vectors(world, [text, EXPORT["title"]]) > 0
    before = world.ask(EXPORT_DRAFT)
    assert shown(before) == ["export"]
    _delete(world)
    after = world.ask(EXPORT_DRAFT)
    assert (shown(after), after["same_question"]) == ([], [])
    assert "preview pane" not in str(after)
    assert _vectors(world, [text, EXPORT["title"]]) == 0
    assert after["index_version"] != before["index_version"]


def test_a_hidden_thread_is_in_no_reply_to_others_and_still_in_theirs(world: World) -> None:
    assert shown(world.ask(EXPORT_DRAFT)) == ["export"]
    _put(world, HIDDEN)
    reply = world.ask(EXPORT_DRAFT)
    assert (shown(reply), reply["same_question"]) == ([], [])
    assert "preview pane" not in str(reply)
    theirs = world.ask({**EXPORT_DRAFT, "groups": ["partners"]})
    assert shown(theirs) == ["export"]


def test_while_one_types_what_was_deleted_is_not_remembered(world: World) -> None:
    typed = {**EXPORT_DRAFT, "session": "one", "stage": "typing"}
    assert shown(world.ask(typed)) == ["export"]
    _delete(world)
    assert shown(world.ask(typed)) == []
    assert shown(world.ask({**typed, "stage": "submit"})) == []


def test_of_many_that_are_hidden_none_pushes_out_what_may_be_read(world: World) -> None:
    body = BETA_DRAFT["body"]
    beta = [
        {"id": f"b{n}", "title": BETA_DRAFT["title"], "body": f"{body} {n}", "groups": ["beta"]}
        for n in range(300)
    ]
    response = world.send("POST", "/v1/threads/batch", json={"threads": beta})
    assert response.status_code == 200
    open_one = {
        **EXPORT,
        "id": "readable",
        "title": "The ledger preview on a tablet",
        "body": "It crashes.",
    }
    _put(world, open_one)
    found = world.ask(BETA_DRAFT)
    assert "readable" in [s["thread_id"] for s in found["suggestions"] + found["same_question"]]
    assert not [s for s in shown(found) if s.startswith("b")]
