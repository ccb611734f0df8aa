"""Nothing is unpickled that this installation did not publish, as it was published."""

import hashlib
import json
from pathlib import Path

import joblib
import pytest

from tests.bundles import ANNA, published
from tests.forum import SIGNER
from triage import store
from triage.bundle import Written, open_bundle, opening, sign_bundle
from triage.crypto.signing import bundle_signer
from triage.errors import BundleRefused
from triage.registry import Registry, trust

THEIRS = bundle_signer(b"fedcba9876543210fedcba9876543210")


class Spy:
    """What a pickle can do: something, somewhere else, when it is read."""

    def __init__(self, told: Path) -> None:
        self.told = told

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.told,)


def spoil(folder: Path, told: Path) -> str:
    """Put a spy in the classifier's place, hashes and all; return the manifest's new digest."""
    joblib.dump(Spy(told), folder / "classifier.joblib")
    manifest = json.loads((folder / "manifest.json").read_text())
    content = (folder / "classifier.joblib").read_bytes()
    manifest["files"]["classifier.joblib"] = hashlib.sha256(content).hexdigest()
    text = json.dumps(manifest)
    (folder / "manifest.json").write_text(text)
    return hashlib.sha256(text.encode()).hexdigest()


def refused(registry: Registry, written: Written, digest: str | None = None) -> str:
    with pytest.raises(BundleRefused) as error:
        open_bundle(
            registry.folder, written.version, digest or written.manifest_digest, registry.signer
        )
    return str(error.value)


def test_the_spy_would_tell(tmp_path: Path) -> None:
    joblib.dump(Spy(tmp_path / "told"), tmp_path / "pickle")
    joblib.load(tmp_path / "pickle")
    assert (tmp_path / "told").exists()


@pytest.mark.parametrize("digest_in_store", [True, False])
@pytest.mark.parametrize("signature", ["old", "none", "theirs", "claimed", "nonsense"])
def test_a_foreign_unsigned_or_altered_bundle_is_never_unpickled(
    registry: Registry, tmp_path: Path, signature: str, digest_in_store: bool
) -> None:
    """Not even where whoever wrote the folder could write the store."""
    written, told = published(registry), tmp_path / "told"
    folder = registry.folder / written.version
    digest = spoil(folder, told)
    if signature == "none":
        (folder / "manifest.sig").unlink()
    elif signature == "theirs":
        sign_bundle(folder, THEIRS)
    elif signature == "claimed":
        sign_bundle(folder, THEIRS)
        text = (folder / "manifest.sig").read_text()
        (folder / "manifest.sig").write_text(text.replace(THEIRS.name, SIGNER.name))
    elif signature == "nonsense":
        (folder / "manifest.sig").write_bytes(b"\xff\x00")
    said = refused(registry, written, digest if digest_in_store else None)
    assert not told.exists()
    wanted = {"none": "not signed", "theirs": f"key {THEIRS.name}"}
    assert wanted.get(signature, "signature is not that of its manifest") in said


def test_a_signed_bundle_that_the_store_does_not_know_is_not_unpickled(
    registry: Registry, tmp_path: Path
) -> None:
    """One of our own under the name of another: taken back, say, without anyone's leave."""
    written, told = published(registry), tmp_path / "told"
    folder = registry.folder / written.version
    spoil(folder, told)
    sign_bundle(folder, SIGNER)
    assert "not the one that was published" in refused(registry, written)
    assert not told.exists()


def test_a_file_that_changes_after_it_was_hashed_is_not_unpickled(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, told = published(registry), tmp_path / "told"
    check = opening.check_files

    def check_and_change(folder: Path, files: dict[str, str]) -> None:
        check(folder, files)
        joblib.dump(Spy(told), folder / "classifier.joblib")

    monkeypatch.setattr(opening, "check_files", check_and_change)
    assert "not the file that was published" in refused(registry, written)
    assert not told.exists()


def test_a_pickle_of_something_else_is_refused(registry: Registry, tmp_path: Path) -> None:
    """Signed and known: made by a release whose classifiers were something else."""
    written = published(registry)
    folder = registry.folder / written.version
    digest = spoil(folder, tmp_path / "told")
    sign_bundle(folder, SIGNER)
    assert "holds no classifier" in refused(registry, written, digest)


def test_what_is_refused_says_the_way_out(registry: Registry) -> None:
    written = published(registry)
    folder = registry.folder / written.version
    sign_bundle(folder, THEIRS)
    assert f"models trust {written.version} --forum demo" in refused(registry, written)
    (folder / "manifest.sig").unlink()
    assert f"models trust {written.version} --forum demo" in refused(registry, written)


def test_what_was_signed_with_a_lost_key_can_be_trusted_again(registry: Registry) -> None:
    first, second = published(registry), published(registry, number=1)
    changed = Registry(registry.database, "demo", registry.models_dir, THEIRS)
    assert SIGNER.name in refused(changed, first)
    assert trust(changed, [first.version], by=ANNA, reason="the key was lost") == [first.version]
    open_bundle(changed.folder, first.version, first.manifest_digest, THEIRS)
    assert SIGNER.name in refused(changed, second)
    assert trust(changed, [], by=ANNA) == [second.version]
    assert trust(changed, [], by=ANNA) == []
    with registry.database.read() as c:
        told = [h for h in store.list_history(c, 1) if h.action == "trust"]
    assert [(h.version, h.by, h.reason) for h in told] == [
        (first.version, "anna", "the key was lost"),
        (second.version, "anna", None),
    ]
    assert told[0].details == {"was": "foreign", "key": SIGNER.name}


def test_what_was_altered_cannot_be_trusted(registry: Registry, tmp_path: Path) -> None:
    written = published(registry)
    folder = registry.folder / written.version
    (folder / "gate.json").write_bytes((folder / "gate.json").read_bytes() + b" ")
    (folder / "manifest.sig").unlink()
    with pytest.raises(BundleRefused, match=r"gate\.json"):
        trust(registry, [written.version], by=ANNA)
    spoil(folder, tmp_path / "told")
    with pytest.raises(BundleRefused, match="published"):
        trust(registry, [], by=ANNA)
    assert not (folder / "manifest.sig").exists()
