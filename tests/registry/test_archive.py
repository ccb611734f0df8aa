"""A version goes from one installation to another; a file from elsewhere is not believed."""

import gzip
import io
import json
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bundles import ANNA, BO, ENCODER, published
from tests.forum import SIGNER, small_forum
from triage import store
from triage.crypto.signing import bundle_signer
from triage.errors import BadFile, BundleRefused, TriageError
from triage.registry import (
    Registry,
    activate,
    export_version,
    import_version,
    list_versions,
    prune,
)
from triage.registry.unpacking import MOST_FILES, unpack

VERSION = "20260306-161502-3fa2c1"
THEIRS = bundle_signer(b"fedcba9876543210fedcba9876543210")


@pytest.fixture
def file(registry: Registry, tmp_path: Path) -> Path:
    version = published(registry).version
    export_version(registry, version, tmp_path / "model.tar.gz", by=ANNA, reason="for Oslo")
    return tmp_path / "model.tar.gz"


def told(registry: Registry, action: str) -> store.HistoryRow:
    with registry.database.read() as c:
        rows = store.list_history(c, registry.read_forum().id)
    (found,) = [row for row in rows if row.action == action]
    return found


def test_a_version_comes_back_without_trust(registry: Registry, file: Path) -> None:
    (version,) = list_versions(registry)
    published(registry, number=1)
    prune(registry, 1, by=ANNA)
    assert version.version not in [v.version for v in list_versions(registry)]
    assert import_version(registry, file, by=ANNA) == version.version
    assert version in list_versions(registry)
    activate(registry, version.version, ENCODER, by=ANNA)
    row = told(registry, "import")
    assert row.details["trusted"] is False
    assert row.details["sha256"] == told(registry, "export").details["sha256"]
    assert import_version(registry, file, by=ANNA) == version.version


def test_a_foreign_version_needs_trust_and_is_signed_anew(file: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    with small_forum(tmp_path / "elsewhere") as other:
        theirs = Registry(other.database, "demo", other.models_dir, THEIRS)
        with pytest.raises(BundleRefused, match="another installation signed it") as error:
            import_version(theirs, file, by=BO)
        assert "--trust" in str(error.value)
        assert list(theirs.folder.iterdir()) == []
        version = import_version(theirs, file, by=BO, trusted=True, reason="from Anna")
        activate(theirs, version, ENCODER, by=BO)
        row = told(theirs, "import")
    assert (row.by, row.reason, row.version) == ("bo", "from Anna", version)
    assert row.details["trusted"] is True
    assert (row.details["key"], row.details["was"]) == (SIGNER.name, "foreign")


def test_a_version_of_another_forum_needs_trust(registry: Registry, file: Path) -> None:
    with registry.database.write() as c:
        store.ensure_forum(c, "boats")
    boats = replace(registry, forum="boats")
    with pytest.raises(BundleRefused, match="another forum"):
        import_version(boats, file, by=BO)
    import_version(boats, file, by=BO, trusted=True)
    assert told(boats, "import").details["forum"] == "demo"


def test_a_spoilt_folder_is_put_right_by_an_import(registry: Registry, file: Path) -> None:
    (version,) = list_versions(registry)
    (registry.folder / version.version / "gate.json").write_text("{}")
    import_version(registry, file, by=ANNA)
    activate(registry, version.version, ENCODER, by=ANNA)
    assert not [p for p in registry.folder.iterdir() if p.name.startswith(".")]


def test_what_is_spoilt_is_not_exported(registry: Registry, tmp_path: Path) -> None:
    version = published(registry).version
    (registry.folder / version / "gate.json").write_text("{}")
    with pytest.raises(BundleRefused):
        export_version(registry, version, tmp_path / "x.tar.gz", by=ANNA)
    assert not [p for p in tmp_path.iterdir() if "x.tar" in p.name]


def test_a_file_that_is_there_is_not_overwritten(registry: Registry, file: Path) -> None:
    before = file.read_bytes()
    (version,) = list_versions(registry)
    with pytest.raises(BadFile, match="already"):
        export_version(registry, version.version, file, by=ANNA)
    assert file.read_bytes() == before


def remade(file: Path, change: Callable[[list[tuple[tarfile.TarInfo, bytes]]], None]) -> Path:
    """Write the archive again after changing its members."""
    with tarfile.open(file) as tar:
        members = [(m, (tar.extractfile(m) or io.BytesIO()).read()) for m in tar]
    change(members)
    with tarfile.open(file, "w:gz") as tar:
        for member, content in members:
            if member.isreg():
                member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return file


def refused(registry: Registry, file: Path) -> TriageError:
    before = {p.name for p in registry.models_dir.rglob("*")}
    with pytest.raises((BadFile, BundleRefused)) as error:
        import_version(registry, file, by=BO, trusted=True)
    assert {p.name for p in registry.models_dir.rglob("*")} == before
    return error.value


@pytest.mark.parametrize(
    "name",
    [
        "../escaped.json",
        "/tmp/escaped.json",
        f"{VERSION}/../escaped.json",
        f"{VERSION}/deeper/escaped.json",
        f"{VERSION}/.hidden",
        f"{VERSION}/escaped",
        f"{VERSION}/a\x00.json",
        f"./{VERSION}/escaped.json",
        "escaped.json",
        "20200101-000000-abcdef/escaped.json",
        "..",
        "",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(
    registry: Registry, file: Path, name: str, tmp_path: Path
) -> None:
    remade(file, lambda members: members.append((tarfile.TarInfo(name), b"x")))
    assert isinstance(refused(registry, file), BadFile)
    assert not list(tmp_path.rglob("escaped*"))


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE]
)
def test_what_is_no_plain_file_is_refused(registry: Registry, file: Path, kind: bytes) -> None:
    def put(members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
        link = tarfile.TarInfo(members[0][0].name.replace("manifest", "linked"))
        link.type, link.linkname = kind, "/etc/passwd"
        members.insert(0, (link, b""))

    assert isinstance(refused(registry, remade(file, put)), BadFile)


def test_a_file_that_is_named_twice_is_refused(registry: Registry, file: Path) -> None:
    remade(file, lambda members: members.append((members[-1][0], b"{}")))
    assert "twice" in str(refused(registry, file))


def test_more_files_than_a_version_has_are_refused(registry: Registry, file: Path) -> None:
    folder = list_versions(registry)[0].version

    def put(members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
        members += [(tarfile.TarInfo(f"{folder}/a{n}.txt"), b"") for n in range(MOST_FILES)]

    assert "more files" in str(refused(registry, remade(file, put)))


def test_more_than_a_model_can_have_is_not_read(file: Path, tmp_path: Path) -> None:
    name = f"{VERSION}/large.json"
    remade(file, lambda members: members.insert(0, (tarfile.TarInfo(name), bytes(10**7))))
    assert file.stat().st_size < 10**6
    (tmp_path / "room").mkdir()
    with pytest.raises(BadFile, match="more than a model"):
        unpack(file, tmp_path / "room", most_bytes=10**6)


def test_a_file_that_the_manifest_does_not_name_is_refused(registry: Registry, file: Path) -> None:
    folder = list_versions(registry)[0].version
    remade(file, lambda members: members.append((tarfile.TarInfo(f"{folder}/more.json"), b"{}")))
    assert "manifest.json names" in str(refused(registry, file))


@pytest.mark.parametrize("name", ["classifier.joblib", "manifest.json", "manifest.sig"])
def test_a_changed_file_is_refused(registry: Registry, file: Path, name: str) -> None:
    """A changed manifest is another bundle by the name of one that is here."""

    def change(members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
        at = next(i for i, (m, _) in enumerate(members) if m.name.endswith(name))
        content = members[at][1]
        if name == "manifest.json":
            content = json.dumps({**json.loads(content), "seed": 7}).encode()
        members[at] = (members[at][0], content if name == "manifest.json" else content + b" x")

    remade(file, change)
    if name == "manifest.sig":
        with pytest.raises(BundleRefused, match="signature"):
            import_version(registry, file, by=BO)
    else:
        refused(registry, file)


@pytest.mark.parametrize(
    "content",
    [b"", b"no archive", gzip.compress(b"no tar"), gzip.compress(bytes(10240)), b"\x1f\x8b\x08"],
    ids=["empty", "text", "no tar", "no members", "cut"],
)
def test_what_is_no_archive_is_refused(registry: Registry, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert isinstance(refused(registry, file), BadFile)


def test_half_an_archive_is_refused(registry: Registry, file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-3000])
    assert isinstance(refused(registry, file), BadFile)


@pytest.mark.parametrize("manifest", ["{}", "[]", "x", '{"files": 3}', '{"files": {}}'])
def test_what_is_no_manifest_is_refused(registry: Registry, file: Path, manifest: str) -> None:
    def change(members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
        members[0] = (members[0][0], manifest.encode())

    assert isinstance(refused(registry, remade(file, change)), BadFile)
