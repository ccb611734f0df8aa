"""`boilerplate` as it is typed, over a real store."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.forum import put_unread
from tests.shared_form import shared_form_threads
from triage import store
from triage.cli import main
from triage.records import Answer, Thread
from triage.settings import Settings


@pytest.fixture(autouse=True)
def forum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TRIAGE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("TRIAGE_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("TRIAGE_ENCODER", "hashing")
    database = store.Database(Settings().store_url)
    signed = [
        Thread(
            f"s{i}",
            f"signed{i}",
            f"matter{i}",
            (Answer(f"s{i}-a", f"first{i}\nsecond{i}\nYours, Anna Berg", person="anna"),),
        )
        for i in range(4)
    ]
    with database.write() as c:
        made = store.ensure_forum(c, "demo")
    put_unread(database, made.id, [*shared_form_threads(), *signed])
    yield
    database.close()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["boilerplate", *arguments])


def test_it_is_learnt_and_can_be_looked_at() -> None:
    assert run("show").stdout == ""
    done = run("learn")
    assert done.exit_code == 0, done.output
    summary = json.loads(done.stdout)
    seconds = summary.pop("seconds")
    assert seconds >= 0
    assert summary == {
        "forum": "demo",
        "lines": 10,
        "labels": 2,
        "signatures": 1,
        "changed": True,
    }
    assert "demo: 13 segments are shared" in done.stderr
    rows = json.loads(run("show", "--json").stdout)
    assert {
        "kind": "label",
        "segment": "operating environment and browser:",
        "source": "question",
        "product": None,
        "documents": 57,
        "share": 0.8906,
        "learned_at": rows[0]["learned_at"],
    } in rows
    people = run("show").stdout
    assert "    57  89.1%  line       question  please read the guide on asking" in people
    assert not json.loads(run("learn").stdout)["changed"]


def test_of_a_signature_no_text_is_shown() -> None:
    run("learn")
    (row,) = [r for r in json.loads(run("show", "--json").stdout) if r["kind"] == "signature"]
    assert (row["segment"], row["source"], row["documents"]) == (None, None, 4)
    assert "berg" not in run("show").stdout.casefold()
    assert "(its text is not kept)" in run("show").stdout


def test_what_is_discounted_in_a_thread_is_shown() -> None:
    run("learn")
    (question, answer) = json.loads(run("show", "--thread", "t007", "--json").stdout)
    assert question["answer_id"] is None
    assert "Operating environment and browser:" in question["parts"]
    assert answer == {"answer_id": "t007-a", "parts": []}
    assert run("show", "--thread", "s1").stdout == "s1-a: Yours, Anna Berg\n"
    assert "no_thread" in run("show", "--thread", "nowhere").stderr
    assert "no_forum" in run("learn", "--forum", "nowhere").stderr
