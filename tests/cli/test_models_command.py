"""`python -m triage models ...`, as people type it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.bundles import SAYS, published
from tests.forum import INSTALLATION_KEY, SIGNER, SmallForum, small_forum
from triage.bundle.parts import FORMAT
from triage.cli import main
from triage.registry import Registry

REFUSED = {"outcome": "refused", "why": ["Worse in Swedish."]}


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallForum]:
    monkeypatch.setenv("TRIAGE_DATABASE_URL", f"sqlite:///{tmp_path / 'test.db'}")
    monkeypatch.setenv("TRIAGE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("TRIAGE_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("TRIAGE_INSTALLATION_KEY", INSTALLATION_KEY)
    monkeypatch.setenv("TRIAGE_ENCODER", "hashing")
    monkeypatch.setenv("LOGNAME", "anna")
    with small_forum(tmp_path) as made:
        yield made


@pytest.fixture
def registry(small: SmallForum) -> Registry:
    return Registry(small.database, "demo", small.models_dir, SIGNER)


def run(*words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, ["models", *words])
    assert result.exit_code == code, result.output
    return result


def test_a_version_is_listed_chosen_and_taken_back(registry: Registry) -> None:
    first, second = (published(registry, name, number=n) for n, name in enumerate(SAYS))
    run("activate", first.version)
    done = json.loads(run("activate", second.version, "--reason", "try it").stdout)
    assert done == {"forum": "demo", "version": second.version, "former": first.version}
    lines = run("list").stdout.splitlines()
    assert [line[:24] for line in lines] == [f"* {second.version}", f"< {first.version}"]
    assert "30 cases" in lines[0]
    rows = json.loads(run("list", "--json").stdout)
    assert [(row["version"], row["live"]) for row in rows] == [
        (second.version, True),
        (first.version, False),
    ]
    assert json.loads(run("rollback").stdout)["version"] == first.version
    shown = run("show", first.version).stdout
    assert "# A plain model" in shown
    assert f"rollback {first.version}  by anna (before: {second.version})" in shown
    manifest = json.loads(run("show", first.version, "--json").stdout)["manifest"]
    assert manifest["format"] == FORMAT
    assert "no_former_version" in run("rollback", code=1).stderr


def test_what_the_gate_refused_takes_a_reason(registry: Registry) -> None:
    version = published(registry, verdict=REFUSED).version
    assert "refused" in run("list").stdout
    said = run("activate", version, code=1).stderr
    assert "verdict_against" in said
    assert "Worse in Swedish." in said
    assert "say why" in run("activate", version, "--force", " ", code=2).stderr
    run("activate", version, "--force", "three cases say nothing")
    assert "three cases say nothing" in run("show", version).stdout


def test_two_versions_are_put_side_by_side(registry: Registry) -> None:
    first, second = (published(registry, name, number=n).version for n, name in enumerate(SAYS))
    lines = run("compare", first, second).stdout.splitlines()
    assert [line.split() for line in lines if line.startswith("metrics.kind")] == [
        ["metrics.kind.of", "plain", "turned"]
    ]
    rows = json.loads(run("compare", first, second, "--all", "--json").stdout)
    assert {"name": "metrics.kind.n", "left": 30, "right": 30} in rows
    assert any(row["name"] == "bytes.classifier.joblib" for row in rows)
    assert "no_version" in run("compare", first, "x", code=1).stderr


def test_old_versions_go(registry: Registry) -> None:
    first, second = (published(registry, number=n).version for n in range(2))
    done = json.loads(run("prune", "--keep", "1", "--dry-run").stdout)
    assert (done["versions"], done["dry_run"]) == ([first], True)
    assert (registry.folder / first).exists()
    result = run("prune", "--keep", "1")
    assert json.loads(result.stdout)["versions"] == [first]
    assert f"removed {first}" in result.stderr
    assert [p.name for p in registry.folder.iterdir()] == [second]


def test_a_version_goes_out_and_comes_in(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = published(registry).version
    file = str(tmp_path / "model.tar.gz")
    assert json.loads(run("export", version, file).stdout)["version"] == version
    monkeypatch.setenv("TRIAGE_INSTALLATION_KEY", INSTALLATION_KEY[::-1])
    said = run("import", file, "--forum", "boats", code=1).stderr
    assert "bundle_refused" in said
    assert "--trust" in said
    run("import", file, "--forum", "boats", "--trust", "--reason", "from Anna")
    run("activate", version, "--forum", "boats")
    assert "bundle_refused" in run("activate", version, code=1).stderr
    assert json.loads(run("trust", version).stdout) == {"signed": [version]}
    run("activate", version)
    assert json.loads(run("trust", "--all").stdout) == {"signed": []}
    run("trust", code=2)
