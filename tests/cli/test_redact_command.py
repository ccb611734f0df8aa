"""`python -m triage redact`."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from triage.cli import main
from triage.records import Account
from triage.store import Database, ensure_forum, put_accounts


def run(*arguments: str, given: bytes = b"") -> Result:
    return CliRunner().invoke(main, ["redact", *arguments], input=given)


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def given(*rows: object) -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def test_offsets_are_characters_of_the_submitted_text() -> None:
    text = "🙂 lösenordet är hunter22!"
    (line,) = lines(run(given=given({"id": 7, "text": text})))
    assert line["id"] == 7
    assert line["text"] == "🙂 lösenordet är [PASSWORD]"
    (found,) = line["found"]
    assert (found["type"], text[found["start"] : found["end"]]) == ("password", "hunter22!")


def test_lines_come_in_their_order_and_nothing_found_is_an_empty_list(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_bytes(given({"id": "b", "text": "fine"}, {"id": "a", "text": "a@b.se"}) + b"\n\n")
    result = run(str(file))
    assert result.exit_code == 0
    assert [line["id"] for line in lines(result)] == ["b", "a"]
    assert lines(result)[0]["found"] == []


@pytest.mark.parametrize(
    "bad", [b"nope", b"[1]", b'{"id": "x"}', b'{"id": true, "text": "a"}', b'{"id": "\xff"}']
)
def test_a_bad_line_is_told_with_its_number_and_the_others_are_kept(bad: bytes) -> None:
    given = b'{"id": 1, "text": "a"}\n' + bad + b'\n{"id": 3, "text": "b"}\n'
    result = run(given=given)
    assert result.exit_code == 3
    assert [line["id"] for line in lines(result)] == [1, 3]
    assert "line 2" in result.stderr
    strict = run("--strict", given=given)
    assert strict.exit_code == 4
    assert [line["id"] for line in lines(strict)] == [1]


def test_the_accounts_of_a_forum_are_known_where_one_is_named(database: Database) -> None:
    with database.write() as c:
        forum = ensure_forum(c, "bikes")
        put_accounts(c, forum.id, [Account("a1", name="Quuxbolaget Norr")])
    row = given({"id": 1, "text": "We at Quuxbolaget Norr are glad."})
    assert lines(run(given=row))[0]["text"] == "We at Quuxbolaget Norr are glad."
    (line,) = lines(run("--forum", "bikes", given=row))
    assert line["text"] == "We at [ACCOUNT] are glad."
    unknown = run("--forum", "boats", given=row)
    assert (unknown.exit_code, unknown.stdout) == (1, "")
    assert "no_forum" in unknown.stderr


def test_half_a_character_does_not_stop_it() -> None:
    (line,) = lines(run(given=b'{"id": 1, "text": "\\ud800 a@b.se"}'))
    assert line["text"] == "\ud800 [EMAIL]"


def test_settings_and_names_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAGE_CUSTOMER_NUMBERS", "K-#####")
    monkeypatch.setenv("TRIAGE_INTERNAL_DOMAINS", "corp.example.com")
    row = {"id": 1, "text": "K-12345 of Kvarn Bruk on x.corp.example.com"}
    (line,) = lines(run("--known-name", "Kvarn Bruk", given=given(row)))
    assert line["text"] == "[CUSTOMER_NUMBER] of [ACCOUNT] on [HOST]"
