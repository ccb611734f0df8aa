"""Whether a bundle's folder is what this installation published.

In: a folder, the digest that the store has of its manifest, the installation's signer. Out: the
manifest, or the sentence that says what is wrong and what to do. Nothing is unpickled here.
Not here: reading parts (parts), the store's digest (store).
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, assert_never

from triage.bundle.parts import FORMAT
from triage.crypto.signing import Signer, Standing, signed_by
from triage.errors import BundleRefused

MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"
SMOKE = "smoke.json"


def verified_manifest(folder: Path, manifest_digest: str, signer: Signer) -> dict[str, Any]:
    """Return the manifest after checking its signature, its digest and its format.

    Raises BundleRefused: it is unsigned, signed elsewhere, altered, or of another release.
    """
    written = _read(folder)
    signature = signature_of(folder)
    _refuse_stranger(folder, signer.standing(written, signature), signature)
    return _published(folder, written, manifest_digest)


def read_manifest(folder: Path, manifest_digest: str) -> dict[str, Any]:
    """Return the manifest that was published, whoever signed it. Raises BundleRefused."""
    return _published(folder, _read(folder), manifest_digest)


def check_files(folder: Path, expected: Mapping[str, str]) -> None:
    """Check every file's SHA-256. Raises BundleRefused where one is missing or another."""
    for name, sha256 in expected.items():
        path = folder / name
        if not path.is_file():
            raise BundleRefused(folder, f"{name} is missing")
        if digest_of(path) != sha256:
            raise BundleRefused(folder, f"{name} is not the file that was published")


def sign_bundle(folder: Path, signer: Signer) -> None:
    """Put this installation's signature beside the manifest, in place of any that is there."""
    beside = folder.with_name(f".signing-{folder.name}")
    beside.write_text(signer.sign(_read(folder)), encoding="ascii")
    beside.replace(folder / SIGNATURE)


def signature_of(folder: Path) -> bytes | None:
    """Return the signature that stands in a bundle's folder, if there is one."""
    try:
        return (folder / SIGNATURE).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BundleRefused(folder, f"{SIGNATURE} cannot be read ({error.strerror})") from error


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(folder: Path) -> bytes:
    try:
        return (folder / MANIFEST).read_bytes()
    except OSError as error:
        raise BundleRefused(folder, f"its manifest cannot be read ({error.strerror})") from error


def _published(folder: Path, written: bytes, manifest_digest: str) -> dict[str, Any]:
    if hashlib.sha256(written).hexdigest() != manifest_digest:
        raise BundleRefused(folder, "its manifest is not the one that was published")
    manifest: dict[str, Any] = json.loads(written)
    if manifest["format"] != FORMAT:
        raise BundleRefused(folder, f"its format {manifest['format']} is not {FORMAT}")
    return manifest


def _refuse_stranger(folder: Path, standing: Standing, signature: bytes | None) -> None:
    trust = f"`python -m triage models trust {folder.name} --forum {folder.parent.name}`"
    match standing:
        case Standing.OURS:
            return
        case Standing.UNSIGNED:
            raise BundleRefused(
                folder,
                "it is not signed",
                f"If it was made here before bundles were signed, {trust} signs it; otherwise"
                " train again with `python train.py`.",
            )
        case Standing.FOREIGN:
            raise BundleRefused(
                folder,
                f"it is signed with the key {signed_by(signature)} of another installation",
                "If the installation key of this one was changed or lost, put the former one back"
                f" or run {trust}; otherwise bring it in with `python -m triage models import FILE"
                " --trust`.",
            )
        case Standing.ALTERED:
            raise BundleRefused(folder, "its signature is not that of its manifest")
        case _:
            assert_never(standing)
