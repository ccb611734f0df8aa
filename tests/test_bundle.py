"""A bundle is opened only when every file is what its manifest says."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.forum import cases
from triage.bundle import Written, open_bundle, point_current, write_bundle
from triage.errors import BundleRefused, NoModel
from triage.learn.heads import FitOptions, fit_classifier
from triage.rank import load_ranker
from triage.records import Target

CREATED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Written]:
    folder = tmp_path_factory.mktemp("models") / "demo"
    report = fit_classifier(cases(), None, None, FitOptions(), lambda line: None)
    return folder, write_bundle(
        folder, report.classifier, load_ranker(), created=CREATED, facts={"seed": 0}
    )


def test_a_bundle_opens_as_it_was_written(written: tuple[Path, Written]) -> None:
    folder, done = written
    bundle = open_bundle(folder, done.version, done.manifest_digest)
    assert bundle.ranker == load_ranker()
    (labels,) = bundle.classifier.predict(["Crash with a stack trace"], ["data is lost"], None)
    assert labels[Target.KIND].value == "bug"


def test_the_manifest_names_every_file(written: tuple[Path, Written]) -> None:
    folder, done = written
    names = {p.name for p in (folder / done.version).iterdir()}
    assert names == {"manifest.json", *done.manifest["files"]}
    assert not [p for p in folder.iterdir() if p.name.startswith(".writing")]


@pytest.mark.parametrize("name", ["classifier.joblib", "ranker.json", "manifest.json"])
def test_an_altered_file_is_refused(
    written: tuple[Path, Written], name: str, tmp_path: Path
) -> None:
    folder, done = written
    path = folder / done.version / name
    original = path.read_bytes()
    try:
        path.write_bytes(original[:-2] + b" \n")
        with pytest.raises(BundleRefused, match="published"):
            open_bundle(folder, done.version, done.manifest_digest)
    finally:
        path.write_bytes(original)


def test_a_manifest_that_matches_altered_files_is_refused_too(
    written: tuple[Path, Written],
) -> None:
    """Whoever can write the folder can write the manifest: the store holds its digest."""
    folder, done = written
    path = folder / done.version / "manifest.json"
    original = path.read_bytes()
    try:
        manifest = json.loads(original)
        manifest["seed"] = 1
        path.write_text(json.dumps(manifest))
        with pytest.raises(BundleRefused):
            open_bundle(folder, done.version, done.manifest_digest)
    finally:
        path.write_bytes(original)


def test_a_missing_file_is_refused(written: tuple[Path, Written]) -> None:
    folder, done = written
    path = folder / done.version / "ranker.json"
    original = path.read_bytes()
    path.unlink()
    try:
        with pytest.raises(BundleRefused, match="missing"):
            open_bundle(folder, done.version, done.manifest_digest)
    finally:
        path.write_bytes(original)


def test_a_missing_version_says_so(written: tuple[Path, Written]) -> None:
    with pytest.raises(NoModel, match=r"train\.py"):
        open_bundle(written[0], "20200101-000000-abcdef", "0" * 64)


def test_current_is_switched_in_one_step(tmp_path: Path) -> None:
    point_current(tmp_path, "one")
    point_current(tmp_path, "two")
    assert (tmp_path / "CURRENT").read_text() == "two\n"
    assert [p.name for p in tmp_path.iterdir()] == ["CURRENT"]
