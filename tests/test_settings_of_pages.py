"""Settings of the pages that cannot work are refused at the start, by name."""

import pytest
from pydantic import ValidationError

from triage.settings import Settings


@pytest.mark.parametrize(
    "address",
    ["", "https://triage.example.com", "http://127.0.0.1:8000", "https://a.example/desk/"],
)
def test_an_address_that_browsers_reach_is_taken(address: str) -> None:
    assert Settings(public_url=address).public_url == address


@pytest.mark.parametrize(
    "address",
    [
        *("triage.example.com", "ftp://triage.example.com", "https://", "javascript:alert(1)"),
        *("https://a.example/?x=1", "https://a.example/#x", "https://a example"),
    ],
)
def test_any_other_address_is_refused(address: str) -> None:
    with pytest.raises(ValidationError, match="public_url"):
        Settings(public_url=address)


def test_an_issuer_without_the_name_it_knows_us_by_is_refused() -> None:
    with pytest.raises(ValidationError, match="TRIAGE_OIDC_CLIENT_ID"):
        Settings(oidc_issuer="https://login.example.com")
    Settings(
        oidc_issuer="https://login.example.com",
        oidc_client_id="triage",
        public_url="https://triage.example.com",
    )


def test_an_issuer_without_our_own_address_is_refused() -> None:
    with pytest.raises(ValidationError, match="TRIAGE_PUBLIC_URL"):
        Settings(oidc_issuer="https://login.example.com", oidc_client_id="triage")
    Settings(oidc_issuer="http://127.0.0.1:9000", oidc_client_id="triage")
