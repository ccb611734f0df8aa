"""A bundle is opened only when every file is what its manifest says."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.forum import SIGNER, cases
from triage.adapt import Adaptation
from triage.bundle import Fitted, Written, open_bundle, point_current, sign_bundle, write_bundle
from triage.classify import Classifier
from triage.decide.gate import Gate, Threshold
from triage.encode import HashingEncoder, TextRole
from triage.errors import BundleRefused, NoModel
from triage.learn.heads.fitting import FitOptions, fit_classifier
from triage.rank import load_ranker
from triage.rank.answer_quality import AnswerQuality, load_quality
from triage.records import Target

CREATED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
GATE = Gate(
    0.1,
    0.9,
    Threshold(0.6, 900, guaranteed=True),
    {"en": Threshold(1 / 3, 700, guaranteed=True), "sv": Threshold(None, 90, guaranteed=False)},
    "a test",
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Written]:
    folder = tmp_path_factory.mktemp("models") / "demo"
    report = fit_classifier(cases(), None, None, FitOptions(), lambda line: None)
    fitted = Fitted(report.classifier, load_ranker(), GATE)
    return folder, write_bundle(folder, fitted, signer=SIGNER, created=CREATED, facts={"seed": 0})


def test_a_bundle_opens_as_it_was_written(written: tuple[Path, Written]) -> None:
    folder, done = written
    bundle = open_bundle(folder, done.version, done.manifest_digest, SIGNER)
    assert bundle.ranker == load_ranker()
    assert bundle.gate == GATE
    assert bundle.quality is None
    (labels,) = bundle.classifier.predict(["Crash with a stack trace"], ["data is lost"], None)
    assert labels[Target.KIND].value == "bug"


def test_the_manifest_names_every_file(written: tuple[Path, Written]) -> None:
    folder, done = written
    names = {p.name for p in (folder / done.version).iterdir()}
    assert names == {"manifest.json", "manifest.sig", *done.manifest["files"]}
    assert not [p for p in folder.iterdir() if p.name.startswith(".writing")]


@pytest.mark.parametrize("name", ["classifier.joblib", "ranker.json", "gate.json", "manifest.json"])
def test_an_altered_file_is_refused(
    written: tuple[Path, Written], name: str, tmp_path: Path
) -> None:
    folder, done = written
    path = folder / done.version / name
    original = path.read_bytes()
    try:
        path.write_bytes(original[:-2] + b" \n")
        with pytest.raises(BundleRefused, match=r"published|signature"):
            open_bundle(folder, done.version, done.manifest_digest, SIGNER)
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
            open_bundle(folder, done.version, done.manifest_digest, SIGNER)
    finally:
        path.write_bytes(original)


@pytest.mark.parametrize("name", ["ranker.json", "gate.json"])
def test_a_missing_file_is_refused(written: tuple[Path, Written], name: str) -> None:
    folder, done = written
    path = folder / done.version / name
    original = path.read_bytes()
    path.unlink()
    try:
        with pytest.raises(BundleRefused, match="missing"):
            open_bundle(folder, done.version, done.manifest_digest, SIGNER)
    finally:
        path.write_bytes(original)


def test_a_missing_version_says_so(written: tuple[Path, Written]) -> None:
    with pytest.raises(NoModel, match=r"train\.py"):
        open_bundle(written[0], "20200101-000000-abcdef", "0" * 64, SIGNER)


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


def write(
    folder: Path,
    classifier: Classifier,
    adapted: Adaptation | None = None,
    quality: AnswerQuality | None = None,
    documents: Mapping[str, str] = {},
) -> Written:
    return write_bundle(
        folder,
        Fitted(classifier, load_ranker(), GATE, adapted, quality),
        signer=SIGNER,
        created=CREATED,
        facts={},
        documents=documents,
    )


def rewritten(folder: Path, done: Written, change: Callable[[dict[str, Any]], None]) -> str:
    """Write the manifest anew with its files' hashes as they are; return its digest."""
    version = folder / done.version
    manifest = json.loads((version / "manifest.json").read_text())
    change(manifest)
    for name in manifest["files"]:
        manifest["files"][name] = hashlib.sha256((version / name).read_bytes()).hexdigest()
    text = json.dumps(manifest)
    (version / "manifest.json").write_text(text)
    sign_bundle(version, SIGNER)
    return hashlib.sha256(text.encode()).hexdigest()


def test_an_adaptation_is_a_file_of_the_bundle(tmp_path: Path, classifier: Classifier) -> None:
    done = write(tmp_path, classifier, adaptation())
    names = {"classifier.joblib", "ranker.json", "gate.json", "adaptation.npz"}
    assert set(done.manifest["files"]) == names
    opened = open_bundle(tmp_path, done.version, done.manifest_digest, SIGNER).adaptation
    assert opened is not None
    question = ENCODER.encode(["bank feed"], TextRole.QUERY)
    assert np.array_equal(opened.apply(question), adaptation().apply(question))
    assert not opened.moves(False)


def test_a_bundle_without_one_opens_without_one(tmp_path: Path, classifier: Classifier) -> None:
    done = write(tmp_path, classifier)
    assert not (tmp_path / done.version / "adaptation.npz").exists()
    assert open_bundle(tmp_path, done.version, done.manifest_digest, SIGNER).adaptation is None


def test_every_bundle_is_of_the_format_whose_features_have_landmarks(
    tmp_path: Path, classifier: Classifier
) -> None:
    assert write(tmp_path, classifier).manifest["format"] == 6
    assert write(tmp_path / "moved", classifier, adaptation()).manifest["format"] == 6


@pytest.mark.parametrize("format_number", [1, 2, 3, 4, 5, 7])
def test_a_bundle_of_another_format_is_refused_and_it_is_said_what_to_do(
    tmp_path: Path, classifier: Classifier, format_number: int
) -> None:
    def of_another_release(manifest: dict[str, Any]) -> None:
        manifest["format"] = format_number

    done = write(tmp_path, classifier)
    digest = rewritten(tmp_path, done, of_another_release)
    with pytest.raises(BundleRefused, match=rf"format {format_number} is not 6\. Train again"):
        open_bundle(tmp_path, done.version, digest, SIGNER)


def test_a_manifest_that_promises_no_gate_is_refused(
    tmp_path: Path, classifier: Classifier
) -> None:
    done = write(tmp_path, classifier)
    digest = rewritten(tmp_path, done, lambda manifest: manifest["files"].pop("gate.json"))
    with pytest.raises(BundleRefused, match=r"names no gate\.json"):
        open_bundle(tmp_path, done.version, digest, SIGNER)


@pytest.mark.parametrize("name", ["gate.json", "ranker.json", "answer_quality.json"])
@pytest.mark.parametrize("content", ["{}", "no json", "[]", '{"risk": 2}'])
def test_a_file_that_holds_something_else_is_refused(
    tmp_path: Path, classifier: Classifier, name: str, content: str
) -> None:
    """Its hash is right: whoever wrote it wrote it so."""
    done = write(tmp_path, classifier, quality=load_quality())
    (tmp_path / done.version / name).write_text(content)
    digest = rewritten(tmp_path, done, lambda manifest: None)
    with pytest.raises(BundleRefused, match=name):
        open_bundle(tmp_path, done.version, digest, SIGNER)


def test_a_ranker_whose_weights_lack_a_feature_of_its_own_is_refused(
    tmp_path: Path, classifier: Classifier
) -> None:
    done = write(tmp_path, classifier)
    path = tmp_path / done.version / "ranker.json"
    row = json.loads(path.read_text())
    for regime in row["regimes"].values():
        regime["weights"] = regime["weights"][:-1]
    path.write_text(json.dumps(row))
    digest = rewritten(tmp_path, done, lambda manifest: None)
    with pytest.raises(BundleRefused, match=r"ranker\.json"):
        open_bundle(tmp_path, done.version, digest, SIGNER)


def test_a_quality_of_answers_is_a_file_of_the_bundle(
    tmp_path: Path, classifier: Classifier
) -> None:
    quality = replace(load_quality(), bias=-1 / 3, fitted_on="a test")
    done = write(tmp_path, classifier, quality=quality)
    assert "answer_quality.json" in done.manifest["files"]
    assert open_bundle(tmp_path, done.version, done.manifest_digest, SIGNER).quality == quality


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
        open_bundle(tmp_path, done.version, done.manifest_digest, SIGNER)


def test_a_file_put_beside_a_bundle_without_one_is_not_used(
    tmp_path: Path, classifier: Classifier
) -> None:
    done = write(tmp_path, classifier)
    other = write(tmp_path / "other", classifier, adaptation())
    content = (tmp_path / "other" / other.version / "adaptation.npz").read_bytes()
    (tmp_path / done.version / "adaptation.npz").write_bytes(content)
    assert open_bundle(tmp_path, done.version, done.manifest_digest, SIGNER).adaptation is None


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
        open_bundle(tmp_path, done.version, done.manifest_digest, SIGNER)


def test_documents_are_files_of_the_bundle_hashed_like_the_rest(
    tmp_path: Path, classifier: Classifier
) -> None:
    documents = {"model_card.md": "# A model\n\nPå svenska.\n", "metrics.json": "{}"}
    done = write(tmp_path, classifier, documents=documents)
    assert documents.keys() < done.manifest["files"].keys()
    path = tmp_path / done.version / "model_card.md"
    assert path.read_text(encoding="utf-8") == documents["model_card.md"]
    open_bundle(tmp_path, done.version, done.manifest_digest, SIGNER)
    path.write_text("# Another model\n")
    with pytest.raises(BundleRefused, match=r"model_card\.md"):
        open_bundle(tmp_path, done.version, done.manifest_digest, SIGNER)


@pytest.mark.parametrize(
    "name",
    ["../card.md", "a/b.md", "/card.md", ".card.md", "card", "Card.md", "card.joblib", "gate.json"],
)
def test_a_document_has_a_plain_name_of_its_own(
    tmp_path: Path, classifier: Classifier, name: str
) -> None:
    with pytest.raises(ValueError, match="cannot name"):
        write(tmp_path, classifier, documents={name: "x"})
    assert not list(tmp_path.iterdir())


def test_facts_never_take_the_place_of_what_the_manifest_says_itself(
    tmp_path: Path, classifier: Classifier
) -> None:
    facts = {"version": None, "files": {}, "format": 1, "forum": "x", "seed": 7}
    fitted = Fitted(classifier, load_ranker(), GATE)
    done = write_bundle(tmp_path, fitted, signer=SIGNER, created=CREATED, facts=facts)
    assert (done.manifest["version"], done.manifest["forum"]) == (done.version, tmp_path.name)
    assert (done.manifest["format"], done.manifest["seed"]) == (6, 7)
    open_bundle(tmp_path, done.version, done.manifest_digest, SIGNER)
