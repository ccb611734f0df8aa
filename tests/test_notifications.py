"""A person chooses how to be told; an address is sealed, and theirs before anything is sent."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.empty_store import put_store
from triage import store
from triage.channels import open_channel
from triage.errors import BadField
from triage.notifications import CODE_HOLDS, MOST_CODES, Chosen, Notifications, Standing, Wanted
from triage.outbound import read_allowed
from triage.records import ChannelKind, Forum, Way
from triage.store import Database, NoticeKind, ensure_forum, sqlite_url

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
KEY = b"0123456789abcdef0123456789abcdef"
EMAIL, WEBHOOK = ChannelKind.PERSON_EMAIL, ChannelKind.PERSON_WEBHOOK
MAIL, HOOK = "anna@customer.example", "https://hooks.customer.example/in?token=t0ps3cret"


class Anna:
    """One person of one forum, who chooses."""

    def __init__(self, database: Database, forum: Forum, key: bytes = KEY) -> None:
        self.database, self.forum = database, forum
        self.ours = Notifications(forum, key)

    def choose(self, at: datetime = NOON, person: str = "anna", **wanted: Any) -> Chosen:  # noqa: ANN401
        with self.database.write() as c:
            return self.ours.change(c, person, Wanted(**wanted), at)

    def chosen(self, person: str = "anna") -> Chosen:
        with self.database.read() as c:
            return self.ours.of(c, person)

    def channels(self, person: str = "anna") -> list[store.ChannelRow]:
        with self.database.read() as c:
            return store.channels_of_person(c, self.forum.id, person)

    def code(self) -> str:
        """What stands in the mail that was sent last."""
        (row,) = [row for row in self.channels() if row.kind is EMAIL]
        return str(open_channel(row, self.forum, KEY).secrets["code"])

    def sent(self) -> list[str]:
        with self.database.read() as c:
            rows = store.list_deliveries(c, self.forum.id, person="anna")
        return [row.type for row in rows]


@pytest.fixture
def anna(tmp_path: Path, migrated: Path) -> Iterator[Anna]:
    put_store(tmp_path / "triage.db", migrated.read_bytes())
    database = Database(sqlite_url(tmp_path / "triage.db"))
    with database.write() as c:
        forum = ensure_forum(c, "bikes")
    yield Anna(database, forum)
    database.close()


def test_whoever_chose_nothing_is_told_in_the_feed(anna: Anna) -> None:
    chosen = anna.chosen()
    assert set(chosen.ways) == set(NoticeKind)
    assert set(chosen.ways.values()) == {Way.FEED}
    assert (chosen.email, chosen.webhook) == (None, None)


def test_an_address_that_nobody_vouches_for_is_mailed_a_code_and_nothing_else(anna: Anna) -> None:
    chosen = anna.choose(addresses={EMAIL: MAIL}, ways={NoticeKind.ANSWERED: Way.EMAIL})
    assert chosen.email is not None
    assert chosen.email.standing is Standing.UNCONFIRMED
    (row,) = anna.channels()
    assert (row.wants, row.address) == (frozenset(), None)
    assert anna.sent() == ["address.confirm"]
    code = anna.code()
    assert code not in str(row)
    typed = f" {code[:4].lower()}-{code[4:]}"
    confirmed = anna.choose(code=typed)
    assert confirmed.email is not None
    assert confirmed.email.standing is Standing.IN_USE
    assert anna.channels()[0].wants == {"answered"}
    with pytest.raises(BadField, match="confirms nothing"):
        anna.choose(code=code)


@pytest.mark.parametrize("late", [False, True])
def test_a_wrong_or_late_code_confirms_nothing(anna: Anna, late: bool) -> None:
    anna.choose(addresses={EMAIL: MAIL})
    code, at = (anna.code(), NOON + 2 * CODE_HOLDS) if late else ("AAAAAAAA", NOON)
    with pytest.raises(BadField, match="mailed last"):
        anna.choose(at, code=code)
    chosen = anna.chosen()
    assert chosen.email is not None
    assert chosen.email.standing is Standing.UNCONFIRMED


def test_an_address_is_mailed_only_so_many_codes_a_day(anna: Anna) -> None:
    for n in range(MOST_CODES):
        anna.choose(addresses={EMAIL: f"anna{n}@customer.example"})
    with pytest.raises(BadField, match="tomorrow"):
        anna.choose(addresses={EMAIL: MAIL})
    anna.choose(NOON + timedelta(days=1, seconds=1), addresses={EMAIL: MAIL})


def test_what_the_forums_server_says_is_used_at_once(anna: Anna) -> None:
    ways = {NoticeKind.ANSWERED: Way.EMAIL, NoticeKind.ASKED_BACK: Way.EMAIL}
    chosen = anna.choose(vouched=True, addresses={EMAIL: MAIL}, ways=ways)
    assert chosen.email is not None
    assert (chosen.email.shown, chosen.email.standing) == ("a…@customer.example", Standing.IN_USE)
    assert anna.channels()[0].wants == {"answered", "asked_back"}
    assert anna.sent() == []


def test_an_address_is_never_given_back_whole(anna: Anna) -> None:
    made = anna.choose(vouched=True, addresses={EMAIL: MAIL, WEBHOOK: HOOK})
    assert made.webhook is not None
    assert (made.webhook.secret or "").startswith("whsec_")
    chosen = anna.chosen()
    assert chosen.webhook is not None
    assert chosen.webhook.secret is None
    assert chosen.webhook.shown == "https://hooks.customer.example/…"
    assert not [row for row in anna.channels() if "anna@" in str(row) or "token" in str(row)]


def test_the_same_webhook_again_has_another_secret_and_keeps_what_waits(anna: Anna) -> None:
    first = anna.choose(addresses={WEBHOOK: HOOK}, ways={NoticeKind.ANSWERED: Way.WEBHOOK})
    (before,) = anna.channels()
    again = anna.choose(addresses={WEBHOOK: HOOK})
    (after,) = anna.channels()
    assert (after.channel_id, after.wants) == (before.channel_id, {"answered"})
    assert first.webhook is not None
    assert again.webhook is not None
    signing = open_channel(after, anna.forum, KEY).signing(NOON)
    assert signing == (again.webhook.secret, first.webhook.secret)
    assert again.webhook.secret != first.webhook.secret
    anna.choose(addresses={WEBHOOK: "https://other.customer.example/in"})
    assert anna.channels()[0].channel_id != before.channel_id


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.customer.example/in",
        "https://127.0.0.1/in",
        "https://10.1.2.3/in",
        "https://[::1]/in",
        "https://anna:secret@hooks.customer.example/in",
        "ftp://hooks.customer.example/in",
        "hooks.customer.example",
    ],
)
def test_a_customer_has_nothing_sent_to_where_the_company_is(anna: Anna, address: str) -> None:
    allowed = read_allowed("10.0.0.0/8,127.0.0.1")
    with pytest.raises(BadField, match="public"):
        anna.choose(addresses={WEBHOOK: address}, allowed=allowed)
    assert anna.channels() == []


def test_the_forums_server_may_name_what_the_operator_allows(anna: Anna) -> None:
    allowed = read_allowed("10.0.0.0/8")
    anna.choose(addresses={WEBHOOK: "http://10.1.2.3/in"}, allowed=allowed, vouched=True)
    (row,) = anna.channels()
    assert row.options == {"public": False}
    anna.choose(addresses={WEBHOOK: HOOK}, allowed=allowed)
    assert anna.channels()[0].options == {"public": True}


def test_what_a_customer_named_first_is_the_servers_once_it_names_it_too(anna: Anna) -> None:
    near, allowed = "https://desk.intern/in", read_allowed("desk.intern")
    anna.choose(addresses={WEBHOOK: near}, allowed=allowed)
    assert anna.channels()[0].options == {"public": True}
    anna.choose(addresses={WEBHOOK: near}, allowed=allowed, vouched=True)
    assert anna.channels()[0].options == {"public": False}


@pytest.mark.parametrize("address", ["anna", "anna@", "a b@x.example", "anna@x.example\nBcc: b@y"])
def test_what_is_no_e_mail_address_is_refused(anna: Anna, address: str) -> None:
    with pytest.raises(BadField, match="e-mail"):
        anna.choose(addresses={EMAIL: address})


def test_a_service_that_sends_no_mail_takes_no_address_for_it(anna: Anna) -> None:
    with pytest.raises(BadField, match="not set up"):
        anna.choose(addresses={EMAIL: MAIL}, mails=False)
    anna.choose(addresses={EMAIL: None}, mails=False)


def test_a_way_needs_an_address_and_ends_with_it(anna: Anna) -> None:
    with pytest.raises(BadField, match="no address"):
        anna.choose(ways={NoticeKind.ANSWERED: Way.WEBHOOK})
    ways = {NoticeKind.ANSWERED: Way.WEBHOOK, NoticeKind.KNOWN_ISSUE: Way.NONE}
    anna.choose(addresses={WEBHOOK: HOOK}, ways=ways)
    chosen = anna.choose(addresses={WEBHOOK: None})
    assert chosen.webhook is None
    assert chosen.ways[NoticeKind.ANSWERED] is Way.FEED
    assert chosen.ways[NoticeKind.KNOWN_ISSUE] is Way.NONE


def test_what_is_not_named_stays_and_what_is_others_too(anna: Anna) -> None:
    anna.choose(addresses={WEBHOOK: HOOK}, ways={NoticeKind.ANSWERED: Way.WEBHOOK})
    anna.choose(ways={NoticeKind.KNOWN_ISSUE: Way.NONE})
    chosen = anna.chosen()
    assert chosen.ways[NoticeKind.ANSWERED] is Way.WEBHOOK
    assert chosen.webhook is not None
    assert set(anna.chosen("bo").ways.values()) == {Way.FEED}
    assert anna.chosen("bo").webhook is None


def test_after_the_key_was_changed_an_address_is_given_again(anna: Anna) -> None:
    anna.choose(vouched=True, addresses={EMAIL: MAIL}, ways={NoticeKind.ANSWERED: Way.EMAIL})
    other = Anna(anna.database, anna.forum, b"another installation key")
    lost = other.chosen().email
    assert lost is not None
    assert (lost.standing, lost.why, lost.shown) == (Standing.DISABLED, "seal_broken", "")
    again = other.choose(vouched=True, addresses={EMAIL: MAIL}).email
    assert again is not None
    assert again.standing is Standing.IN_USE
    assert len(anna.channels()) == 1


def test_an_address_that_is_gone_is_used_again_once_it_is_given_again(anna: Anna) -> None:
    anna.choose(addresses={WEBHOOK: HOOK}, ways={NoticeKind.ANSWERED: Way.WEBHOOK})
    (row,) = anna.channels()
    with anna.database.write() as c:
        store.disable_channel(c, anna.forum.id, row.channel_id, NOON, "gone")
    gone = anna.chosen().webhook
    assert gone is not None
    assert (gone.standing, gone.why) == (Standing.DISABLED, "gone")
    again = anna.choose(addresses={WEBHOOK: HOOK}).webhook
    assert again is not None
    assert again.standing is Standing.IN_USE
    assert anna.channels()[0].wants == {"answered"}
