"""Channels: written, sealed, opened, changed; what opens them goes nowhere else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from triage.channels import (
    BOTH_VALID,
    EVERY_MESSAGE,
    OpenChannel,
    Written,
    changed,
    created,
    new_channel,
    noted,
    open_channel,
    rotated,
)
from triage.crypto.webhooks import is_secret, new_secret
from triage.errors import BadAddress, BadField, SealBroken
from triage.outbound import Allowed, read_allowed
from triage.records import ChannelKind, Forum

KEY = b"0123456789abcdef0123456789abcdef"
FORUM, OTHER = Forum(1, "bikes", 0, None), Forum(2, "boats", 0, None)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOOK = Written(kind=ChannelKind.WEBHOOK, name="Hook", address="https://a.example/in?key=hush")
SITE = Written(
    kind=ChannelKind.DISCOURSE,
    name="Forum",
    address="https://forum.example/",
    credentials={"api_key": "k" * 40, "api_user": "system"},
)


def made(written: Written) -> OpenChannel:
    return created(written, FORUM, KEY, Allowed(), NOW)


def test_what_is_sealed_is_opened_by_this_installation_in_this_forum_alone() -> None:
    site = made(SITE)
    again = open_channel(site.row, FORUM, KEY)
    assert again.address == "https://forum.example"
    assert again.secrets == {"api_key": "k" * 40, "api_user": "system"}
    assert again.signing(NOW) == site.signing(NOW)
    for box in (replace(site.row, channel_id="ch_other"), replace(site.row, sealed=b"\x01x" * 40)):
        with pytest.raises(SealBroken):
            open_channel(box, FORUM, KEY)
    with pytest.raises(SealBroken):
        open_channel(site.row, OTHER, KEY)
    with pytest.raises(SealBroken):
        open_channel(site.row, FORUM, KEY[::-1])


def test_nothing_that_opens_stands_in_a_row_in_a_printed_value_or_in_the_log() -> None:
    for channel in (made(HOOK), made(SITE)):
        secret = channel.signing(NOW)[0]
        told = f"{channel.row} {channel} {channel.keys} {noted(channel)}"
        for hidden in ("hush", "k" * 40, secret):
            assert hidden not in told
            assert hidden.encode() not in channel.row.sealed
    assert made(HOOK).row.address == "https://a.example/in?…"
    assert noted(made(HOOK))["host"] == "a.example"


def test_the_address_of_a_person_stands_nowhere_but_sealed() -> None:
    channel = new_channel(
        FORUM,
        KEY,
        kind=ChannelKind.PERSON_EMAIL,
        name="",
        address="asker@mail.example",
        at=NOW,
        secrets={"code": "123456"},
        person="p",
    )
    assert channel.row.address is None
    assert open_channel(channel.row, FORUM, KEY).address == "asker@mail.example"
    assert open_channel(channel.row, FORUM, KEY).secrets == {"code": "123456"}


def test_for_a_day_a_secret_is_valid_beside_the_new_one() -> None:
    hook = made(HOOK)
    (old,) = hook.signing(NOW)
    fresh = rotated(hook, FORUM, KEY, NOW)
    new = fresh.signing(NOW)[0]
    assert is_secret(new)
    assert fresh.signing(NOW) == (new, old)
    assert fresh.signing(NOW + BOTH_VALID - timedelta(seconds=1)) == (new, old)
    assert fresh.signing(NOW + BOTH_VALID) == (new,)
    later = rotated(open_channel(fresh.row, FORUM, KEY), FORUM, KEY, NOW + 2 * BOTH_VALID)
    assert later.signing(NOW + 2 * BOTH_VALID)[1:] == (new,)
    again = fresh
    for _ in range(5):
        again = rotated(again, FORUM, KEY, NOW)
    assert len(again.signing(NOW)) == 3
    with pytest.raises(BadField):
        rotated(
            made(Written(kind=ChannelKind.EMAIL, name="x", address="a@b.example")), FORUM, KEY, NOW
        )


def test_credentials_stay_unless_they_would_go_to_another_host() -> None:
    site = made(SITE)
    bare = replace(SITE, credentials=None, name="Anew", address=None)
    kept = changed(site, bare, FORUM, KEY, Allowed(), NOW)
    assert (kept.row.name, kept.address, kept.secrets) == ("Anew", site.address, site.secrets)
    assert kept.signing(NOW) == site.signing(NOW)
    below = replace(bare, address="https://forum.example/sub")
    assert changed(site, below, FORUM, KEY, Allowed(), NOW).secrets == site.secrets
    allowed = read_allowed("forum.example")
    for other in (
        *("https://evil.example", "https://forum.example:8443", "http://forum.example"),
        "https://forum.example.evil.example",
    ):
        with pytest.raises(BadField) as caught:
            changed(site, replace(bare, address=other), FORUM, KEY, allowed, NOW)
        assert caught.value.field == "credentials"
    moved = replace(
        SITE, address="https://new.example", credentials={"api_key": "n", "api_user": "u"}
    )
    assert changed(site, moved, FORUM, KEY, Allowed(), NOW).secrets["api_key"] == "n"


def test_an_address_that_is_written_as_it_is_shown_stays_as_it_is() -> None:
    hook = made(HOOK)
    shown = replace(HOOK, address=hook.row.address, name="Anew")
    assert changed(hook, shown, FORUM, KEY, Allowed(), NOW).address == HOOK.address
    with pytest.raises(BadAddress):
        changed(hook, replace(HOOK, address="https://b.example/?…"), FORUM, KEY, Allowed(), NOW)


def test_a_secret_that_another_system_has_made_is_taken() -> None:
    secret = new_secret()
    assert made(replace(HOOK, secret=secret)).signing(NOW) == (secret,)
    site = made(replace(SITE, secret="s" * 16))
    assert site.signing(NOW) == ("s" * 16,)
    other = replace(SITE, credentials=None, secret="t" * 16)
    assert changed(site, other, FORUM, KEY, Allowed(), NOW).signing(NOW) == ("t" * 16, "s" * 16)
    same = replace(SITE, credentials=None, secret="s" * 16)
    assert changed(site, same, FORUM, KEY, Allowed(), NOW).signing(NOW) == ("s" * 16,)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (replace(HOOK, name="  "), "name"),
        (replace(HOOK, address=None), "address"),
        (replace(HOOK, secret="weak"), "secret"),
        (replace(HOOK, wants=frozenset({"ping"})), "wants"),
        (replace(HOOK, wants=frozenset({"notice.created"})), "wants"),
        (replace(SITE, credentials=None), "credentials"),
        (replace(SITE, credentials={"api_key": "k"}), "credentials.api_user"),
        (replace(SITE, credentials={"api_key": "k\nx", "api_user": "u"}), "credentials.api_key"),
        (replace(SITE, credentials={"api_key": "kä", "api_user": "u"}), "credentials.api_key"),
        (replace(SITE, address="https://forum.example/?x=1"), "address"),
        (replace(SITE, secret="short"), "secret"),
        (replace(SITE, options={"category_id": "x"}), "options.category_id"),
        (replace(SITE, options={"reading": {"nothing": 1}}), "reading.nothing"),
        (
            Written(
                kind=ChannelKind.EMAIL, name="x", address="a@b.example", options={"lang": "xx"}
            ),
            "options.lang",
        ),
        (
            Written(kind=ChannelKind.EMAIL, name="x", address="a@b.example", secret="s" * 20),
            "secret",
        ),
    ],
)
def test_what_cannot_be_so_is_refused_by_its_field(wrong: Written, field: str) -> None:
    with pytest.raises(BadField) as caught:
        made(wrong)
    assert caught.value.field == field


@pytest.mark.parametrize(
    "address", ["http://a.example/", "https://127.0.0.1/", "https://u:p@a.example/", "a.example"]
)
def test_an_address_that_nothing_is_sent_to_is_refused(address: str) -> None:
    with pytest.raises(BadAddress):
        made(replace(HOOK, address=address))


def test_a_kind_stays_and_what_it_is_told_is_as_is_usual() -> None:
    assert made(HOOK).row.wants == EVERY_MESSAGE
    some = replace(HOOK, wants=frozenset({"question.answered"}))
    assert made(some).row.wants == {"question.answered"}
    assert changed(made(some), HOOK, FORUM, KEY, Allowed(), NOW).row.wants == {"question.answered"}
    with pytest.raises(BadField):
        changed(made(HOOK), SITE, FORUM, KEY, Allowed(), NOW)
