"""`explain` as it is typed, over a real store and a trained model."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.forum import SIGNER
from tests.forum import cases as labelled_cases
from triage import store
from triage.cli import main
from triage.encode import HashingEncoder
from triage.learn.training import train
from triage.settings import Settings
from triage.text import digest

TITLE, BODY = "Crash with a stack trace", "Data is lost in ledger"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store and a trained model, made once."""
    folder = tmp_path_factory.mktemp("explain")
    (folder / "data").mkdir()
    database = store.Database(store.sqlite_url(folder / "data" / "triage.db"))
    with database.write() as c:
        forum = store.ensure_forum(c, "acme")
        rows = [(case, digest(case.text)) for case in labelled_cases()]
        store.put_cases(c, forum.id, rows)
    encoder, models = HashingEncoder(), folder / "models"
    train(database, "acme", encoder, models, signer=SIGNER, progress=lambda _: None)
    database.close()
    return folder


@pytest.fixture(autouse=True)
def installation(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(installed, tmp_path / "here")
    monkeypatch.setenv("TRIAGE_DATA_DIR", str(tmp_path / "here" / "data"))
    monkeypatch.setenv("TRIAGE_MODELS_DIR", str(tmp_path / "here" / "models"))
    monkeypatch.setenv("TRIAGE_ENCODER", "hashing")
    monkeypatch.setenv("TRIAGE_FORUM", "acme")
    monkeypatch.setenv("TRIAGE_INSTALLATION_KEY", "0123456789abcdef0123456789abcdef")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_a_title_is_explained_for_people() -> None:
    done = run("explain", TITLE, "--body", BODY)
    assert done.exit_code == 0, done.output
    assert "kind: bug" in done.stdout
    assert "whatever the question" in done.stdout
    assert '"crash' in done.stdout
    assert "Nearest of 60 labelled cases" in done.stdout
    assert "kind bug" in done.stdout


def test_the_json_is_the_apis_and_alone_on_standard_output() -> None:
    done = run(
        "explain", TITLE, "--body", BODY, "--nearest", "2", "--against", "kind:how_to", "--json"
    )
    found = json.loads(done.stdout)
    assert found["triage_id"] is None
    assert found["same_model"] is None
    assert found["predictions"]["kind"]["against"] == "how_to"
    assert len(found["nearest_cases"]) == 2


def test_a_kept_triage_is_explained_as_its_words_would_be() -> None:
    asked = json.loads(run("ask", TITLE, "--body", BODY, "--json").stdout)
    kept = json.loads(run("explain", "--triage", asked["triage_id"], "--json").stdout)
    typed = json.loads(run("explain", TITLE, "--body", BODY, "--json").stdout)
    assert kept["triage_id"] == asked["triage_id"]
    assert kept["same_model"] is True
    assert kept["predictions"] == typed["predictions"]
    assert kept["nearest_cases"] == typed["nearest_cases"]


def test_explaining_keeps_nothing() -> None:
    run("explain", TITLE, "--body", BODY)
    database = store.Database(Settings().store_url)
    with database.read() as c:
        forum = store.get_forum(c, "acme")
        assert not list(store.iter_triages(c, forum.id, include_test=True))
    database.close()


def test_an_unknown_triage_is_said_with_its_code() -> None:
    done = run("explain", "--triage", "0" * 32)
    assert done.exit_code == 1
    assert "no_triage" in done.stderr


@pytest.mark.parametrize("words", [[], [TITLE, "--triage", "x"]])
def test_a_title_or_a_triage_is_needed_and_not_both(words: list[str]) -> None:
    assert run("explain", *words).exit_code == 2


def test_without_an_encoder_no_case_is_near_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TRIAGE_ENCODER", "none")
    monkeypatch.setenv("TRIAGE_FORUM", "bare")
    database = store.Database(Settings().store_url)
    with database.write() as c:
        store.ensure_forum(c, "bare")
    database.close()
    done = run("explain", TITLE)
    assert done.exit_code == 0, done.output
    assert "without an encoder" in done.stdout
    assert "kind: none" in done.stdout
