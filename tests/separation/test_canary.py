"""Canaries through every endpoint and every field: afterwards all that was written is read.

Words of a question may stand where questions are kept, and in replies that show them; never in
logs, headers, problems, the names of files, or any other column. What is a secret stands nowhere.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from triage.api.matrix import MATRIX, PUBLIC
from triage.store.holdings.register import HOLDINGS
from triage.store.tables.base import METADATA

from .house import House
from .making import Call, Making
from .probes import PROBES

CANARY = "zanzibarquux"
# Ids and names that the forum's own server gives things: kept as they are, and never logged.
NAMED = "zanzibarnamed"
# What the interface gives an id to.
GIVEN = (
    *("thread_id", "triage_id", "version", "erasure_id", "question_id", "alert_id"),
    *("proposal_id", "profile_id", "follow_up_id"),
)
SECRETS = {
    "password": "Tr0ub4dor-q7zx",
    "key": "sk_live_51HqLyjWDarjtT1zdp7dc4qQ",
    "email": "jane.quartz@customer.example",
    "card": "4111 1111 1111 1111",
    "iban": "DE89 3704 0044 0532 0130 00",
    "person": "811228-9874",
}
WORDS = (
    f"My {CANARY} fails since Tuesday. Write to {SECRETS['email']}, my password: "
    f"{SECRETS['password']} and the key {SECRETS['key']}. I paid with {SECRETS['card']} from "
    f"{SECRETS['iban']}, my personnummer is {SECRETS['person']}."
)
# Some fields take no more than a line.
SHORT = f"{CANARY}, my password: {SECRETS['password']}"
IDENTIFIERS = frozenset(
    "id event_id triage_id ask_id thread_id question_id external_id duplicate_of superseded_by"
    " groups url account answer_id version since session link".split()
)
# What shows the words of questions and threads to those who may read them.
SHOWS = {
    ("POST", "/v1/triage"),
    ("GET", "/v1/triage/{triage_id}/explanation"),
    ("GET", "/v1/triage/{triage_id}/original"),
    ("GET", "/v1/threads/{thread_id:path}"),
    # With what the forum has already for the same question.
    ("GET", "/v1/proposals/{proposal_id}"),
    ("POST", "/v1/persons/export"),
    ("GET", "/v1/models/{version}"),
    ("GET", "/v1/policy/history"),
    # The reason that somebody gives, redacted.
    ("POST", "/v1/drift/alerts/{alert_id}/seen"),
    ("POST", "/v1/questions"),
    ("GET", "/v1/questions"),
    ("GET", "/v1/questions/{question_id}"),
    ("POST", "/v1/questions/{question_id}/changes"),
    ("GET", "/v1/questions/{question_id}/intake"),
    ("GET", "/v1/known-issues"),
    ("POST", "/v1/known-issues"),
    ("GET", "/v1/known-issues/{issue_id}"),
    ("PUT", "/v1/known-issues/{issue_id}"),
    ("POST", "/v1/known-issues/{issue_id}/publish"),
    ("POST", "/v1/known-issues/{issue_id}/withdraw"),
    ("GET", "/v1/clusters"),
    ("GET", "/v1/clusters/{cluster_id}"),
    ("GET", "/v1/notifications"),
    ("GET", "/v1/my"),
    # What a channel is called, redacted.
    ("GET", "/v1/channels"),
    ("POST", "/v1/channels"),
    ("GET", "/v1/channels/{channel_id}"),
    ("PUT", "/v1/channels/{channel_id}"),
    ("GET", "/v1/audit"),
    ("GET", "/v1/audit/export"),
    # What products are called, redacted: which asks figures can be of, and whose they are.
    *(row for row in MATRIX if row[1].startswith("/analytics")),
    # Who leads a forum reads what is asked there, redacted.
    *(row for row in MATRIX if row[1].startswith("/lead")),
    ("GET", "/v1/reports"),
    ("GET", "/v1/gaps"),
    ("GET", "/v1/reviews"),
    ("GET", "/v1/reviews/{review_id}"),
    ("POST", "/v1/reviews/{review_id}/decide"),
    ("POST", "/v1/reviews/{review_id}/skip"),
    ("POST", "/v1/reviews/{review_id}/undo"),
    ("POST", "/v1/training-runs"),
    ("GET", "/v1/training-runs/current"),
    ("GET", "/v1/training-runs/current/events"),
    ("POST", "/v1/training-runs/current/cancel"),
}
# Who may read an original is told what others are not, for a time.
UNSEALS = {
    ("GET", "/v1/triage/{triage_id}/original"),
    ("POST", "/lead/questions/{question_id}/original"),
    ("POST", "/v1/persons/export"),
}
# A page repeats to whoever sent them the form that was not accepted, and its address in the links
# to its other languages.
OWN = {
    *(row for row in MATRIX if row[1].split("/")[1] in ("sign-in", "account", "trust")),
    *(row for row in MATRIX if row[0] == "POST" and row[1].startswith("/lead/")),
}


@dataclass
class Written:
    """What came back, and what was logged."""

    replies: list[tuple[tuple[str, str], httpx2.Response]]
    records: list[logging.LogRecord]


def leaves(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the way to every string in a JSON value."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, (*path, number))


def replaced(value: Any, path: tuple[Any, ...], words: str) -> Any:  # noqa: ANN401
    """Return a JSON value with other words at one place."""
    if not path:
        return words
    copy = dict(value) if isinstance(value, Mapping) else list(value)
    copy[path[0]] = replaced(copy[path[0]], path[1:], words)
    return copy


def words_for(path: tuple[Any, ...]) -> tuple[str, ...]:
    named = [part for part in path if isinstance(part, str)]
    if path[-1] == "url":
        return (f"https://forum.example/t/1?token={SECRETS['key']}",)
    return (NAMED,) if IDENTIFIERS & set(named) else (SHORT, WORDS)


def bodies(example: object) -> Iterator[object]:
    """Give the example with each of its strings replaced, one at a time and all at once."""
    # What is not of its kind has the whole body refused.
    kept = ("type", "stage", "lang", "occurred_at", "created", "updated", "valid_versions")
    short = example
    for path in leaves(example):
        words = words_for(path)
        yield from (replaced(example, path, one) for one in words)
        if path[-1] not in (*kept, "verified_at"):
            short = replaced(short, path, words[0])
    yield short
    yield [WORDS]
    yield WORDS


def described(paths: Mapping[str, Any], row: tuple[str, str]) -> Mapping[str, Any]:
    path = row[1].replace(":path}", "}")
    found: Mapping[str, Any] = paths.get(path, {}).get(row[0].lower(), {})
    return found


def calls(paths: Mapping[str, Any], row: tuple[str, str], known: Making) -> Iterator[Call]:
    """Give the working call, and every variation of it that its description allows."""
    probe = PROBES[row](known, WORDS)
    yield probe
    if probe.form is not None:
        for name in probe.form:
            yield replace(probe, form={**probe.form, name: WORDS})
        return
    told = described(paths, row)
    content = told.get("requestBody", {}).get("content", {})
    examples = bodies(content.get("application/json", {}).get("example")) if content else ()
    for number, body in enumerate(examples):
        yield apart(replace(probe, json=body), number)
    at = probe.path.partition("?")[0]
    for parameter in told.get("parameters", ()):
        name = parameter["name"]
        if parameter["in"] == "query":
            yield replace(probe, path=f"{at}?{name}={quote(WORDS)}")
        elif parameter["in"] == "header":
            yield replace(probe, headers={name: WORDS})
        else:
            yield replace(PROBES[row](known.but(**dict.fromkeys(GIVEN, NAMED)), WORDS))
    yield replace(probe, path=f"{at}?q={quote(WORDS)}", headers={"X-Request-Id": WORDS})
    yield replace(probe, headers={"Triage-Visitor": WORDS, "Origin": f"https://{CANARY}.example"})


def apart(call: Call, number: int) -> Call:
    """Have a call that keeps a thread keep another one, so that none is written over."""
    if call.method == "PUT" and call.path.startswith("/v1/threads/"):
        return replace(call, path=f"{call.path}-{number}")
    threads = call.json.get("threads") if isinstance(call.json, Mapping) else None
    if not isinstance(threads, list):
        return call
    rows = [
        {**row, "id": f"v{number}-{n}"} if row.get("id") != NAMED else row
        for n, row in enumerate(threads)
    ]
    return replace(call, json={"threads": rows})


@pytest.fixture(scope="module")
def written(shared_house: House) -> Written:
    """Send everything everywhere, once for all tests of this file."""
    house, found = shared_house, Written([], [])
    handler = logging.Handler(logging.DEBUG)
    handler.emit = found.records.append  # type: ignore[method-assign]
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        paths = house.client.get("/openapi.json").json()["paths"]
        for row in MATRIX:
            if row[0] != "GET":
                _send_all(house, paths, row, found, _ready(house))
        # What only reads comes last, when all words have been sent, and uses nothing up.
        known = _ready(house).all_made()
        for row in MATRIX:
            if row[0] == "GET":
                # Clusters are looked for anew meanwhile: one that was made before may be gone.
                if "{cluster_id}" in row[1]:
                    known = known.but(cluster_id=house.making().cluster_id)
                _send_all(house, paths, row, found, known)
        _ask_for_the_words(house, found)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    return found


def _ready(house: House) -> Making:
    """Return what calls may need, with a version to go back to and others who are told."""
    house.go_through_versions()
    made = house.making()
    assert made.channel_id
    assert made.forum_channel.id
    return made


def _send_all(
    house: House,
    paths: Mapping[str, Any],
    row: tuple[str, str],
    found: Written,
    known: Making,
) -> None:
    access = MATRIX[row]
    who = "page_admin" if access is PUBLIC or not access.keys else "admin"
    house.sign_in_again()
    for call in calls(paths, row, known):
        found.replies.append((row, house.send(call, who)))
        if row == ("POST", "/v1/training-runs"):
            known = house.making()
    # As a browser does it, and twice under one key.
    for caller in ("publishable", "visitor"):
        call = PROBES[row](known, WORDS)
        once = replace(call, headers={**call.headers, "Idempotency-Key": f"k-{caller}"})
        found.replies += [(row, house.send(once, caller)) for _ in range(2)]


def _ask_for_the_words(house: House, found: Written) -> None:
    """Put a thread, read it, and ask for it, so that the words are shown where they may be."""
    known = house.making()
    for row in (
        ("PUT", "/v1/threads/{thread_id:path}"),
        ("GET", "/v1/threads/{thread_id:path}"),
        ("POST", "/v1/triage"),
    ):
        # Said by somebody else: whose words these were has been erased meanwhile.
        found.replies.append((row, house.send(PROBES[row](known, f"{WORDS} Again."))))


def text_of(record: logging.LogRecord) -> str:
    return f"{record.getMessage()} {record.exc_info} {record.exc_text} {record.stack_info}"


def test_the_calls_reach_what_they_are_for(written: Written) -> None:
    worked = {row for row, reply in written.replies if reply.status_code < 400}
    # Nobody here has a company's own sign-in.
    assert set(MATRIX) - worked <= {
        ("GET", "/sign-in/company"),
        ("GET", "/sign-in/company/return"),
    }
    assert not [row for row, reply in written.replies if reply.status_code >= 500]


def test_nothing_that_was_sent_is_logged(written: Written) -> None:
    # The client of these tests logs the addresses that it calls.
    ours = [r for r in written.records if r.name.split(".")[0] not in ("httpx2", "httpcore2")]
    assert any(r.name.startswith("triage.api") for r in ours)
    for record in ours:
        for sent in (CANARY, NAMED, *SECRETS.values()):
            assert sent not in text_of(record), record.name


def test_no_header_and_no_problem_says_what_was_sent(written: Written) -> None:
    for row, reply in written.replies:
        headers = json.dumps(dict(reply.headers))
        assert CANARY not in headers, row
        if reply.headers.get("content-type", "").startswith("application/problem"):
            assert CANARY not in reply.text, row


def test_words_come_back_only_where_they_are_shown(written: Written) -> None:
    rows = {row for row, reply in written.replies if CANARY in reply.text}
    assert rows - OWN <= SHOWS
    assert {("GET", "/v1/threads/{thread_id:path}"), ("POST", "/v1/triage")} <= rows


@pytest.mark.parametrize("kind", SECRETS)
def test_no_reply_holds_a_secret(written: Written, kind: str) -> None:
    rows = {row for row, reply in written.replies if SECRETS[kind] in reply.text}
    assert rows - OWN <= UNSEALS


@pytest.fixture(scope="module")
def kept(shared_house: House, written: Written) -> dict[tuple[str, str], set[str]]:
    """What stands in the store afterwards: by table and column, read once."""
    found: dict[tuple[str, str], set[str]] = {}
    with shared_house.world.database.read() as c:
        for table in METADATA.sorted_tables:
            for column in table.columns:
                found[table.name, column.name] = set()
            for row in c.execute(table.select()).mappings():
                for name, value in row.items():
                    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
                    found[table.name, name].add(text)
    return found


def columns_with(kept: dict[tuple[str, str], set[str]], words: str) -> set[tuple[str, str]]:
    """Return where in the store words stand: tables and columns."""
    return {where for where, texts in kept.items() if any(words in text for text in texts)}


def test_words_are_kept_only_where_questions_are_kept(
    kept: dict[tuple[str, str], set[str]],
) -> None:
    allowed = {(h.table, column) for h in HOLDINGS for column in h.texts}
    # Why somebody did something is kept with what they did, redacted.
    reasons = {("audit", "after"), ("model_history", "reason"), ("jobs", "options")}
    reasons |= {("policy_history", "reason"), ("past_jobs", "options"), ("drift_alerts", "reason")}
    # What a product or a channel is called, redacted.
    reasons |= {("threads", "product"), ("messages", "data")}
    reasons |= {("events", "details"), ("ask_columns", "packed")}
    reasons |= {("channels", "name"), ("audit", "before")}
    assert columns_with(kept, CANARY) <= allowed | reasons
    assert ("triages", "question") in columns_with(kept, CANARY)
    assert columns_with(kept, NAMED)


@pytest.mark.parametrize("kind", SECRETS)
def test_no_column_holds_a_secret(kept: dict[tuple[str, str], set[str]], kind: str) -> None:
    assert columns_with(kept, SECRETS[kind]) == set()


def files_of(house: House) -> list[Path]:
    folder = house.world.settings.data_dir
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def test_no_file_holds_a_secret_and_none_but_the_store_holds_words(
    shared_house: House, written: Written
) -> None:
    names = [path.name for path in files_of(shared_house)]
    assert "triage.db" in names
    assert any(name.endswith(".joblib") for name in names)
    for path in files_of(shared_house):
        content = path.read_bytes()
        for secret in SECRETS.values():
            found = {secret.encode(), secret.encode("utf-16-le"), secret.encode()[::-1]}
            assert not [f for f in found if f in content], path.name
        if not path.name.startswith("triage.db"):
            assert CANARY.encode() not in content, path.name
