"""What a forum's accounts are called is taken out of its drafts."""

from pathlib import Path

import pytest

from tests.forum import small_forum
from triage import store
from triage.forum_redaction import ForumRedaction
from triage.records import Account, Draft, Visibility
from triage.redaction import Redaction
from triage.settings import Settings


def test_the_names_of_accounts_are_known(tmp_path: Path) -> None:
    with small_forum(tmp_path) as small:
        with small.database.write() as c:
            store.put_accounts(c, small.forum.id, [Account("a", "Kvarn Bruk"), Account("b")])
        own = ForumRedaction(small.database, small.forum.id, Redaction(("K-#####",))).now()
        assert own.known_names == {"Kvarn Bruk"}
        assert own.customer_numbers == ("K-#####",)


@pytest.mark.parametrize(
    "body",
    [
        "Kvarn Bruk gets the wrong price",
        "Mail a@b.se",
        "the server is 10.20.3.4",
        "org.nr 556016-0680",
    ],
)
def test_a_sensitive_draft_never_goes_public(tmp_path: Path, body: str) -> None:
    with small_forum(tmp_path) as small:
        with small.database.write() as c:
            store.put_accounts(c, small.forum.id, [Account("a", "Kvarn Bruk")])
        reply = small.desk().ask(Draft("Bank feed stopped with KV-1042", body, lang="en"))
        assert reply.decision.visibility is Visibility.PRIVATE
        assert not reply.decision.public_allowed
        assert reply.decision.reasons[0].code == "sensitive"


def test_a_confidential_draft_never_goes_public(tmp_path: Path) -> None:
    with small_forum(tmp_path) as small:
        reply = small.desk().ask(Draft("Contract", "What discount do we get in our contract?"))
        assert reply.decision.visibility is Visibility.PRIVATE
        assert not reply.decision.public_allowed
        assert reply.decision.reasons[0].code == "confidential"


@pytest.mark.parametrize(
    ("name", "value"), [("customer_numbers", "K-(a+)+"), ("internal_domains", "https://a.b")]
)
def test_a_setting_that_cannot_be_meant_stops_the_program_with_its_name(
    name: str, value: str
) -> None:
    with pytest.raises(ValueError, match=name):
        Settings(**{name: value})


def test_settings_make_the_redaction() -> None:
    own = Settings(customer_numbers="K-#####", internal_domains="corp.example.com").redaction
    assert own == Redaction(("K-#####",), frozenset({"corp.example.com"}))
