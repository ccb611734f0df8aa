"""`erase`, `erasures`, `export-person` and `retain`, as they are typed."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from triage import store
from triage.cli import main
from triage.records import JobKind

THREADS = [
    {
        "id": "w",
        "title": "Wombats in the invoice",
        "body": "The quokkabuch shows wombats.",
        "user": "anna",
        "answers": [{"id": "w1", "body": "Close the zoo first.", "user": "bo", "accepted": True}],
        "lang": "en",
    },
    {
        "id": "t",
        "title": "Where are the templates?",
        "body": "I cannot find any.",
        "user": "bo",
        "answers": [{"id": "t1", "body": "Under Settings.", "accepted": True}],
        "lang": "en",
    },
]


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, arguments, input=stdin)


@pytest.fixture
def ingested(installation: Path) -> Path:
    file = installation / "threads.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in THREADS))
    done = run("ingest", "threads", str(file))
    assert done.exit_code == 0, done.output
    return file


def test_erasing_prints_the_receipt_and_leaves_nothing(ingested: Path, installation: Path) -> None:
    done = run("erase", "--user", "anna", "--text", "The quokkabuch shows wombats.")
    assert done.exit_code == 0, done.output
    receipt = json.loads(done.stdout)
    assert receipt["state"] == "done"
    assert receipt["removed"] == {"threads": 1, "answers_of_others": 1, "vectors": 3}
    assert receipt["proof"]["index_searched"]
    files = [f for f in (installation / "data").rglob("*") if f.is_file()]
    assert [f.name for f in files if b"quokkabuch" in f.read_bytes()] == []
    shown = json.loads(run("erasures", "show", receipt["erasure_id"]).stdout)
    assert shown == receipt
    assert receipt["erasure_id"] in run("erasures", "list").stdout
    assert json.loads(run("erasures", "list", "--json").stdout) == [receipt]


def test_an_old_file_does_not_bring_the_person_back(ingested: Path) -> None:
    run(
        "erase",
        "--user",
        "-",
        "--forum",
        "demo",
        "--keep-staff-answers",
        "--text",
        "x",
        stdin="anna\n",
    )
    again = json.loads(run("ingest", "threads", str(ingested)).stdout)
    assert (again["created"], again["unchanged"]) == (0, 1)
    assert json.loads(run("export-person", "--user", "anna").stdout)["tables"].keys() == {
        "erasures"
    }


def test_an_unknown_erasure_is_said(ingested: Path) -> None:
    done = run("erasures", "show", "nothing")
    assert done.exit_code == 1
    assert "no_erasure" in done.stderr


def test_a_person_is_exported_to_a_file_for_its_owner(ingested: Path, tmp_path: Path) -> None:
    out = tmp_path / "anna.json"
    out.touch(mode=0o644)
    assert run("export-person", "--user", "anna", "--out", str(out)).exit_code == 0
    assert out.stat().st_mode & 0o077 == 0
    (thread,) = json.loads(out.read_text())["tables"]["threads"]
    assert thread["title"] == "Wombats in the invoice"


def test_a_log_of_another_key_stops_every_command_until_it_is_trusted(
    ingested: Path, installation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("erase", "--user", "anna")
    monkeypatch.setenv("TRIAGE_INSTALLATION_KEY", "f" * 40)
    refused = run("export-person", "--user", "bo")
    assert refused.exit_code == 1
    assert "erasures_altered" in refused.stderr
    assert json.loads(run("erasures", "trust").stdout) == {"signed": 1}
    assert run("export-person", "--user", "bo").exit_code == 0


def test_what_is_too_old_goes(
    ingested: Path, database: store.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=40)
    with database.write() as c:
        forum_id = store.get_forum(c, "demo").id
        store.claim_request(c, forum_id, "key:1", "r", "k", "d", long_ago)
    monkeypatch.setenv("TRIAGE_RETENTION", "idempotency=30")
    dry = json.loads(run("retain", "--dry-run").stdout)
    assert (dry["dry_run"], dry["deleted"]) == (True, {"idempotency": 1})
    done = json.loads(run("retain").stdout)
    assert (done["dry_run"], done["deleted"]) == (False, {"idempotency": 1})
    with database.read() as c:
        job = store.get_job(c, forum_id, JobKind.RETAIN)
        acts = [row.act.act for row in store.iter_acts(c, forum_id)]
    assert job is not None
    assert job.result == {k: v for k, v in done.items() if k != "forum"}
    assert acts[-1] == "retention.run"


def test_a_promise_that_nobody_understands_stops_the_program(
    ingested: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIAGE_RETENTION", "questions=3")
    assert "retention" in str(run("retain").exception)
