"""/v1/channels: connected, changed, never shown what opens them; how they stand."""

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import pytest

from tests.handing import give_up
from triage import store
from triage.api.errands.delivering import Delivering
from triage.api.errands.filing import Filing
from triage.api.examples import handing as examples
from triage.api.schemas.channel import ChannelBody, ChannelReply, ChannelsReply
from triage.api.schemas.delivery import DeliveriesReply, DeliveryDetailReply, DeliveryReply
from triage.channels import open_channel
from triage.store import iter_acts

from .conftest import Start, World

HOOK = {"kind": "webhook", "name": "Hook", "address": "https://hooks.example/in?key=hush"}
SITE = {
    "kind": "discourse",
    "name": "Forum",
    "address": "https://forum.example",
    "credentials": {"api_key": "k" * 40, "api_user": "system"},
    "options": {"category_id": 7},
}


@pytest.fixture(autouse=True)
def _nobody_delivers() -> Any:  # noqa: ANN401
    with mock.patch.object(Delivering, "start"), mock.patch.object(Filing, "start"):
        yield


def made(world: World, body: dict[str, Any] = HOOK, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    response = world.send("POST", "/v1/channels", json={**body, **more})
    assert response.status_code == 201, response.text
    told: dict[str, Any] = response.json()
    return told


def code(world: World, method: str, path: str, **sent: Any) -> tuple[int, str]:  # noqa: ANN401
    response = world.send(method, path, **sent)
    return response.status_code, response.json()["code"]


def test_a_secret_is_shown_once_and_what_opens_never(empty: World) -> None:
    told = made(empty, SITE)
    assert len(told["secret"]) >= 32
    assert told["credentials"] == ["api_key", "api_user"]
    assert told["incoming"] == f"/v1/incoming/{told['channel_id']}"
    hook = made(empty)
    assert hook["secret"].startswith("whsec_")
    assert hook["address"] == "https://hooks.example/in?…"
    for path in ("/v1/channels", f"/v1/channels/{told['channel_id']}", "/v1/audit"):
        shown = empty.send("GET", path).text
        for hidden in ("k" * 40, told["secret"], hook["secret"], "hush"):
            assert hidden not in shown
    listed = empty.send("GET", "/v1/channels").json()["channels"]
    assert [one["secret"] for one in listed] == [None, None]
    with empty.database.read() as c:
        row = store.get_channel(c, empty.forum().id, told["channel_id"])
        assert row is not None
        opened = open_channel(row, empty.forum(), empty.settings.person_key)
    assert opened.secrets == SITE["credentials"]
    assert opened.signing(datetime.now(UTC)) == (told["secret"],)


def test_no_copy_of_a_secret_is_kept_for_a_request_that_comes_again(empty: World) -> None:
    sent: dict[str, Any] = {"json": HOOK, "headers": {"Idempotency-Key": "once"}}
    first = empty.send("POST", "/v1/channels", **sent).json()
    again = empty.send("POST", "/v1/channels", **sent)
    assert again.json() == first
    with empty.database.read() as c:
        kept = c.exec_driver_sql("select * from idempotency").all()
    assert first["channel_id"] in str(kept)
    assert first["secret"] not in str(kept)
    assert empty.send("POST", f"/v1/channels/{first['channel_id']}/rotate").json()["secret"]
    # It is another by now, and no word of the reply that was given.
    assert empty.send("POST", "/v1/channels", **sent).json()["secret"] is None


def test_a_change_without_credentials_keeps_them(empty: World) -> None:
    told = made(empty, SITE)
    path = f"/v1/channels/{told['channel_id']}"
    body = {"kind": "discourse", "name": "Anew", "wants": ["question.answered"]}
    after = empty.send("PUT", path, json=body).json()
    assert (after["name"], after["wants"], after["options"]) == ("Anew", ["question.answered"], {})
    assert after["address"] == "https://forum.example"
    assert after["credentials"] == ["api_key", "api_user"]
    assert after["secret"] is None
    moved = {**body, "address": "https://evil.example"}
    assert code(empty, "PUT", path, json=moved) == (422, "bad_field")
    assert empty.send("GET", path).json() == after


def test_a_change_leaves_how_a_channel_stands(empty: World) -> None:
    told, forum_id = made(empty), empty.forum().id
    now = datetime.now(UTC)
    with empty.database.write() as c:
        row = store.get_channel(c, forum_id, told["channel_id"])
        assert row is not None
        give_up(c, forum_id, told["channel_id"], now)
        store.disable_channel(c, forum_id, told["channel_id"], now, "gone")
    after = empty.send("PUT", f"/v1/channels/{told['channel_id']}", json=HOOK).json()
    assert (after["enabled"], after["disabled_why"], after["dead"]) == (False, "gone", 1)
    path = f"/v1/channels/{told['channel_id']}"
    assert empty.send("POST", f"{path}/enable").json()["enabled"] is True
    assert empty.send("POST", f"{path}/disable").json()["disabled_why"] == "by_hand"


def test_a_secret_is_changed_and_the_one_before_is_valid_for_a_day(empty: World) -> None:
    told = made(empty)
    path = f"/v1/channels/{told['channel_id']}"
    after = empty.send("POST", f"{path}/rotate").json()
    assert after["secret"] != told["secret"]
    until = datetime.fromisoformat(after["former_secret_until"]) - datetime.now(UTC)
    assert timedelta(hours=23) < until <= timedelta(days=1)
    assert empty.send("GET", path).json()["secret"] is None
    mailbox = made(empty, {"kind": "email", "name": "Desk", "address": "desk@mail.example"})
    assert mailbox["secret"] is None
    rotate = f"/v1/channels/{mailbox['channel_id']}/rotate"
    assert code(empty, "POST", rotate) == (422, "bad_field")


def test_a_ping_is_on_its_way(empty: World) -> None:
    told = made(empty)
    response = empty.send("POST", f"/v1/channels/{told['channel_id']}/ping")
    assert response.status_code == 202
    ping = response.json()
    assert (ping["type"], ping["state"], ping["attempts"]) == ("ping", "pending", 0)
    found = empty.send("GET", f"/v1/deliveries/{told['channel_id']}/{ping['message_id']}").json()
    assert found["data"] == {}
    assert empty.send("GET", f"/v1/channels/{told['channel_id']}").json()["waiting"] == 1


def test_what_is_removed_is_gone_with_its_deliveries(empty: World) -> None:
    told = made(empty)
    path = f"/v1/channels/{told['channel_id']}"
    empty.send("POST", f"{path}/ping")
    assert empty.send("DELETE", path).status_code == 204
    assert code(empty, "GET", path) == (404, "no_channel")
    assert code(empty, "DELETE", path) == (404, "no_channel")
    assert empty.send("GET", "/v1/deliveries").json()["deliveries"] == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({**HOOK, "address": "http://hooks.example/"}, "bad_address"),
        ({**HOOK, "address": "https://169.254.169.254/latest/meta-data"}, "bad_address"),
        ({**HOOK, "address": "https://u:p@hooks.example/"}, "bad_address"),
        ({**HOOK, "wants": ["ping"]}, "bad_field"),
        ({**HOOK, "wants": ["nothing"]}, "bad_request"),
        ({**HOOK, "kind": "person_webhook"}, "bad_request"),
        ({**HOOK, "kind": "carrier_pigeon"}, "bad_request"),
        ({**HOOK, "name": ""}, "bad_request"),
        ({"kind": "webhook", "name": "x"}, "bad_field"),
        ({**SITE, "credentials": {"api_key": "x"}}, "bad_request"),
        ({**SITE, "credentials": None}, "bad_field"),
        ({**SITE, "options": {"category_id": -1}}, "bad_field"),
        ({"kind": "zammad", "name": "x", "address": "https://z.example"}, "bad_field"),
        ({"kind": "email", "name": "x", "address": "a@b@c"}, "bad_address"),
        ({"kind": "email", "name": "x", "address": "a..b@mail.example"}, "bad_address"),
        ({**SITE, "address": "https://forum.example/#x"}, "bad_field"),
        ({**HOOK, "secret": "whsec_é"}, "bad_field"),
        ({**HOOK, "name": "\n\x00"}, "bad_field"),
    ],
)
def test_what_cannot_be_connected_is_refused(
    empty: World, body: dict[str, Any], found: str
) -> None:
    response = empty.send("POST", "/v1/channels", json=body)
    assert (response.status_code, response.json()["code"]) == (422, found)
    assert empty.send("GET", "/v1/channels").json() == {"channels": []}
    # Nothing of what was sent is said again.
    assert "k" * 40 not in response.text


def test_what_the_operator_has_named_is_taken(start: Start) -> None:
    world = start(outbound_allowed="10.0.0.0/8,desk.intern")
    assert made(world, address="http://10.1.2.3:8080/in")["address"] == "http://10.1.2.3:8080/in"
    assert made(world, address="http://desk.intern/in")


def test_a_person_s_own_channel_does_not_exist_here(empty: World) -> None:
    forum, now = empty.forum(), datetime.now(UTC)
    told = made(empty)
    with empty.database.write() as c:
        row = store.get_channel(c, forum.id, told["channel_id"])
        assert row is not None
        c.exec_driver_sql("update channels set person = 'p'")
        message_id = give_up(c, forum.id, row.channel_id, now)
    path = f"/v1/channels/{told['channel_id']}"
    assert empty.send("GET", "/v1/channels").json() == {"channels": []}
    for method, which in (("GET", ""), ("DELETE", ""), ("POST", "/ping"), ("POST", "/rotate")):
        assert code(empty, method, path + which) == (404, "no_channel")
    assert code(empty, "PUT", path, json=HOOK) == (404, "no_channel")
    one = f"/v1/deliveries/{told['channel_id']}/{message_id}"
    assert code(empty, "GET", one) == (404, "no_delivery")
    assert code(empty, "POST", f"{one}/replay") == (404, "no_delivery")


def test_no_other_forum_reaches_a_channel(empty: World) -> None:
    path = f"/v1/channels/{made(empty)['channel_id']}"
    assert empty.send("GET", "/v1/channels", "boats").json() == {"channels": []}
    for method, which in (("GET", ""), ("DELETE", ""), ("POST", "/ping"), ("POST", "/disable")):
        assert code(empty, method, path + which, key="boats") == (404, "no_channel")


def test_after_the_installation_key_was_changed_a_channel_is_told_as_broken(
    empty: World, start: Start
) -> None:
    told = made(empty, SITE)
    other = start(installation_key="another-installation-key-of-32-c")
    path = f"/v1/channels/{told['channel_id']}"
    shown = other.send("GET", path).json()
    assert (shown["opens"], shown["credentials"]) == (False, [])
    body = {key: SITE[key] for key in ("kind", "name")}
    assert code(other, "PUT", path, json=body) == (500, "seal_broken")
    assert other.send("DELETE", path).status_code == 204


def test_the_log_names_hosts_and_no_secret(empty: World) -> None:
    told = made(empty, SITE)
    with empty.database.read() as c:
        act = list(iter_acts(c, empty.forum().id, 0))[-1].act
    assert act.act == "channel.add"
    assert act.object == told["channel_id"]
    assert act.after is not None
    assert act.after["host"] == "forum.example"


def test_the_examples_are_as_the_schemas_say() -> None:
    assert ChannelBody.model_validate_json(_json(examples.CHANNEL_REQUEST)).written()
    for model, example in (
        (ChannelReply, examples.CHANNEL),
        (ChannelReply, examples.MADE_CHANNEL),
        (ChannelsReply, examples.CHANNELS),
        (DeliveryReply, examples.DELIVERY),
        (DeliveryReply, examples.PING),
        (DeliveryDetailReply, examples.DELIVERY_DETAIL),
        (DeliveriesReply, examples.DELIVERIES),
    ):
        assert model.model_validate(example).model_dump(mode="json").keys() == example.keys()


def _json(value: object) -> str:
    import json

    return json.dumps(value)
