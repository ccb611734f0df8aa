"""A token holds if the forum's server signed it for now and for this forum; else it is refused."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from triage.errors import BadVisitor
from triage.records import Visitor
from triage.visitors import LONGEST_TOKEN, check_visitor, sign_visitor

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AT = int(NOW.timestamp())
SECRETS = {"vs_1": b"0123456789abcdef0123456789abcdef", "vs_2": b"another secret of the same forum"}
HOUR = timedelta(hours=1)
CLAIMS = {"sub": "anna", "aud": "bikes", "iat": AT, "exp": AT + 900}


def check(token: str, at: datetime = NOW, forum: str = "bikes") -> Visitor:
    return check_visitor(token, forum, SECRETS.get, at, HOUR)[0]


def part(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(
    claims: object = CLAIMS,
    header: object = None,
    secret: bytes = SECRETS["vs_1"],
    digest: Callable[..., Any] = hashlib.sha256,
) -> str:
    """Sign with nothing but the standard library, as any server could."""
    said = header if header is not None else {"alg": "HS256", "typ": "JWT", "kid": "vs_1"}
    content = f"{part(said)}.{part(claims)}"
    return f"{content}.{part(hmac.new(secret, content.encode(), digest).digest())}"


def test_a_token_tells_user_account_groups_and_end() -> None:
    token = sign_visitor(
        "vs_1",
        SECRETS["vs_1"].decode(),
        "bikes",
        user=" anna ",
        account="acme",
        groups=["partners", "beta"],
        at=NOW,
    )
    visitor, secret_id = check_visitor(token, "bikes", SECRETS.get, NOW, HOUR)
    groups = frozenset({"beta", "partners"})
    assert visitor == Visitor("anna", "acme", groups, NOW + timedelta(minutes=15))
    assert secret_id == "vs_1"


def test_whoever_answers_for_an_account_is_said_to() -> None:
    of = ("vs_1", SECRETS["vs_1"].decode(), "bikes")
    token = sign_visitor(*of, user="eva", account="acme", account_admin=True, at=NOW)
    assert check(token).account_admin
    assert not check(sign_visitor(*of, user="eva", account="acme", at=NOW)).account_admin


@pytest.mark.parametrize("more", [{}, {"account": None}, {"groups": []}, {"groups": None}])
def test_account_and_groups_may_be_left_out(more: dict[str, Any]) -> None:
    visitor = check(signed({**CLAIMS, **more}))
    assert (visitor.user, visitor.account, visitor.groups) == ("anna", None, frozenset())


def test_other_claims_do_no_harm() -> None:
    assert (
        check(signed({**CLAIMS, "iss": "forum", "jti": "1", "aud": ["x", "bikes"]})).user == "anna"
    )


def test_a_token_holds_until_its_end_and_not_a_second_longer() -> None:
    token = signed()
    assert check(token, NOW + timedelta(seconds=899)).user == "anna"
    with pytest.raises(BadVisitor, match="expired"):
        check(token, NOW + timedelta(seconds=900))
    with pytest.raises(BadVisitor, match="expired"):
        check(token, NOW + timedelta(days=400))


def test_a_clock_that_is_a_little_ahead_is_forgiven() -> None:
    assert check(signed(), NOW - timedelta(seconds=30)).user == "anna"
    with pytest.raises(BadVisitor, match="claim"):
        check(signed(), NOW - timedelta(seconds=31))


def test_no_token_lasts_longer_than_is_allowed() -> None:
    assert check(signed({**CLAIMS, "exp": AT + 3600})).user == "anna"
    with pytest.raises(BadVisitor, match="60 minutes"):
        check(signed({**CLAIMS, "exp": AT + 3601}))
    with pytest.raises(BadVisitor, match="60 minutes"):
        check(signed({**CLAIMS, "iat": 0}))


@pytest.mark.parametrize(
    "changed",
    [
        *({"sub": value} for value in (None, "", " ", 7, ["anna"], "x" * 301, "\ud800")),
        *({"aud": value} for value in (None, "boats", "", 7, ["boats"], {"x": 1})),
        *({"iat": value} for value in (None, "now", True, 1e400, float("nan"))),
        *({"exp": value} for value in (None, "later", True, -1, float("nan"))),
        *({"account": value} for value in ("", 7, ["acme"], "x" * 301)),
        *({"groups": value} for value in ("beta", [7], [""], [["beta"]], ["g"] * 201)),
        *({"account_admin": value, "account": "acme"} for value in ("yes", 1, ["x"])),
        {"account_admin": True},
        {"nbf": AT + 600},
    ],
    ids=str,
)
def test_a_claim_that_is_missing_or_wrong_is_refused(changed: dict[str, Any]) -> None:
    claims = {k: v for k, v in {**CLAIMS, **changed}.items() if v is not None}
    with pytest.raises(BadVisitor):
        check(signed(claims))


def test_another_forums_token_is_refused() -> None:
    with pytest.raises(BadVisitor, match="this forum"):
        check(signed(), forum="boats")


@pytest.mark.parametrize(
    "token",
    [
        signed(secret=SECRETS["vs_2"]),
        signed(header={"alg": "HS256", "kid": "vs_2"}),
        signed()[:-4] + "AAAA",
        signed(header={"alg": "HS256", "kid": "vs_3"}),
        signed(header={"alg": "HS256"}),
        signed(header={"alg": "HS256", "kid": ["vs_1"]}),
        signed(secret=b""),
    ],
    ids=["other secret", "other kid", "altered", "no such kid", "no kid", "odd kid", "empty"],
)
def test_what_the_named_secret_did_not_sign_is_refused(token: str) -> None:
    with pytest.raises(BadVisitor):
        check(token)


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "HS384", "HS512", "RS256", "hs256", "", 7])
def test_no_other_algorithm_is_taken(alg: object) -> None:
    digest = {"HS384": hashlib.sha384, "HS512": hashlib.sha512}.get(str(alg), hashlib.sha256)
    token = signed(header={"alg": alg, "kid": "vs_1"}, digest=digest)
    for one in (token, token.rpartition(".")[0] + "."):
        with pytest.raises(BadVisitor):
            check(one)


def test_an_honest_signature_of_another_algorithm_is_refused() -> None:
    key = RSAKey.generate_key(2048, auto_kid=False)
    token = jwt.encode({"alg": "RS256", "kid": "vs_1"}, dict(CLAIMS), key)
    with pytest.raises(BadVisitor, match="HS256"):
        check(token)
    long = OctKey.import_key(b"0123456789abcdef" * 4)
    token = jwt.encode({"alg": "HS512", "kid": "vs_1"}, dict(CLAIMS), long, ["HS512"])
    with pytest.raises(BadVisitor, match="HS256"):
        check(token)


@pytest.mark.parametrize(
    "token",
    [
        *("", "a.b", "a.b.c", "a.b.c.d", "....", signed() + "\n", f" {signed()}", signed() + "="),
        "a." * 5000 + "a",
        signed({**CLAIMS, "x": "y" * LONGEST_TOKEN}),
        signed([1]),
        signed(b"[" * 2000),
        signed(header=[1]),
        signed(header=b"[" * 2000),
        signed(header={"alg": "HS256", "kid": "vs_1", "crit": ["exp"]}),
        signed(header={"alg": "HS256", "kid": "vs_1", "b64": False, "crit": ["b64"]}),
        signed(b"\xff\xfe"),
        "å.b.c",
    ],
)
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(BadVisitor):
        check(token)


@given(st.text(max_size=200) | st.from_regex(r"[A-Za-z0-9_-]{1,60}(\.[A-Za-z0-9_-]{1,60}){2}"))
def test_nothing_that_is_sent_does_more_than_being_refused(token: str) -> None:
    with pytest.raises(BadVisitor):
        check(token)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(
    st.dictionaries(
        st.sampled_from(
            ["sub", "aud", "iat", "exp", "account", "groups", "account_admin", "nbf", "iss", "jti"]
        ),
        json_values,
    )
)
def test_whatever_a_signed_token_claims_it_is_believed_whole_or_refused(
    changed: dict[str, Any],
) -> None:
    try:
        visitor = check(signed({**CLAIMS, **changed}))
    except BadVisitor:
        return
    assert visitor.user
    assert NOW < visitor.expires <= NOW + HOUR + timedelta(seconds=30)


def test_what_is_said_of_a_bad_token_holds_nothing_of_it() -> None:
    for token in (signed({**CLAIMS, "sub": 7, "x": "quux"}), signed(secret=b"quux" * 8), "quux"):
        with pytest.raises(BadVisitor) as caught:
            check(token)
        assert "quux" not in str(caught.value)


def test_the_documents_show_how_a_server_makes_a_token() -> None:
    page = (Path(__file__).resolve().parents[1] / "docs" / "identity.md").read_text("utf-8")
    shown: dict[str, Any] = {}
    exec(page.split("```python\n")[1].split("```")[0], shown)
    made = shown["visitor_token"](
        "vs_1", SECRETS["vs_1"].decode(), "bikes", "åsa", "acme", ["beta"], minutes=60
    )
    visitor = check(made, datetime.now(UTC))
    assert (visitor.user, visitor.account, visitor.groups) == ("åsa", "acme", frozenset({"beta"}))
