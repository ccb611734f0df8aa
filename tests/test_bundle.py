"""A bundle is opened only when every file is what its manifest says."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tests.forum import cases
from triage.adapt import Adaptation
from triage.bundle import Written, open_bundle, point_current, write_bundle
from triage.classify import Classifier
from triage.encode import HashingEncoder, TextRole
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


ENCODER = HashingEncoder(16)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    vectors = ENCODER.encode([c.text for c in cases()], TextRole.QUERY)
    return fit_classifier(cases(), vectors, ENCODER.id, FitOptions(), lambda line: None).classifier


def adaptation(dimension: int = 16) -> Adaptation:
    rng = np.random.default_rng(0)
    down, up = (rng.normal(size=s).astype(np.float32) for s in ((2, dimension), (dimension, 2)))
    return Adaptation(down, up, ENCODER.id, "a test", foreign=False)


def write(folder: Path, classifier: Classifier, adapted: Adaptation | None) -> Written:
    return write_bundle(
        folder, classifier, load_ranker(), adaptation=adapted, created=CREATED, facts={}
    )


def test_an_adaptation_is_a_file_of_the_bundle(tmp_path: Path, classifier: Classifier) -> None:
    done = write(tmp_path, classifier, adaptation())
    assert set(done.manifest["files"]) == {"classifier.joblib", "ranker.json", "adaptation.npz"}
    opened = open_bundle(tmp_path, done.version, done.manifest_digest).adaptation
    assert opened is not None
    question = ENCODER.encode(["bank feed"], TextRole.QUERY)
    assert np.array_equal(opened.apply(question), adaptation().apply(question))
    assert not opened.moves(False)


def test_a_bundle_without_one_is_of_the_former_format(
    tmp_path: Path, classifier: Classifier
) -> None:
    done = write(tmp_path, classifier, None)
    assert done.manifest["format"] == 1
    assert not (tmp_path / done.version / "adaptation.npz").exists()
    assert open_bundle(tmp_path, done.version, done.manifest_digest).adaptation is None


def test_a_bundle_with_one_is_of_a_format_that_former_releases_refuse(
    tmp_path: Path, classifier: Classifier
) -> None:
    assert write(tmp_path, classifier, adaptation()).manifest["format"] == 2


@pytest.mark.parametrize("change", ["altered", "missing"])
def test_an_altered_or_missing_adaptation_is_refused(
    tmp_path: Path, classifier: Classifier, change: str
) -> None:
    done = write(tmp_path, classifier, adaptation())
    path = tmp_path / done.version / "adaptation.npz"
    if change == "altered":
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    else:
        path.unlink()
    with pytest.raises(BundleRefused, match=r"adaptation\.npz"):
        open_bundle(tmp_path, done.version, done.manifest_digest)


def test_a_file_put_beside_a_bundle_without_one_is_not_used(
    tmp_path: Path, classifier: Classifier
) -> None:
    done = write(tmp_path, classifier, None)
    other = write(tmp_path / "other", classifier, adaptation())
    content = (tmp_path / "other" / other.version / "adaptation.npz").read_bytes()
    (tmp_path / done.version / "adaptation.npz").write_bytes(content)
    assert open_bundle(tmp_path, done.version, done.manifest_digest).adaptation is None


@pytest.mark.parametrize(
    "wrong",
    [
        replace(adaptation(), encoder_id="another"),
        adaptation(dimension=8),
        replace(adaptation(), up=np.full((16, 2), np.nan, np.float32)),
    ],
    ids=["encoder", "dimension", "numbers"],
)
def test_an_adaptation_of_another_space_is_refused(
    tmp_path: Path, classifier: Classifier, wrong: Adaptation
) -> None:
    """Its hash is right: whoever wrote it wrote it so."""
    done = write(tmp_path, classifier, wrong)
    with pytest.raises(BundleRefused, match="adaptation"):
        open_bundle(tmp_path, done.version, done.manifest_digest)
