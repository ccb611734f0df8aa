"""A folder with an encoder of our format: what it says of itself, and its files, checked.

In: a folder with `encoder.json`, `encoder.onnx` and `tokenizer.json`, and for a second tower
`english.onnx` and `english_tokenizer.json`. Out: the manifest, and the
bytes of a file once their SHA-256 is what the manifest says. The manifest's own SHA-256 stands
for all of it: it is part of the encoder's id, and pinned in the code for the shipped encoder.
Not here: running the model (runtime).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from triage.encode.base import TextRole
from triage.errors import EncoderAltered, EncoderMissing

MANIFEST = "encoder.json"
MODEL = "encoder.onnx"
TOKENIZER = "tokenizer.json"
ENGLISH = "english.onnx"
ENGLISH_TOKENIZER = "english_tokenizer.json"
_ID_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a folder says of its encoder. `called` is the name that it was opened by."""

    called: str
    folder: Path
    digest: str
    name: str
    dimension: int
    languages: frozenset[str]
    prompts: Mapping[str, str]
    most_tokens: int
    files: Mapping[str, str]

    @property
    def id(self) -> str:
        """Name and digest: another model, tokenizer, prompt or window is another id."""
        return f"{self.name}@{self.digest[:_ID_DIGITS]}"

    def read(self, file: str) -> bytes:
        """Return a file's bytes. Raises EncoderMissing, and EncoderAltered for other bytes."""
        found = _read(self.called, self.folder / file)
        digest = hashlib.sha256(found).hexdigest()
        if digest != self.files[file]:
            raise EncoderAltered(self.called, digest, file)
        return found


def is_ours(folder: Path) -> bool:
    """Tell whether a folder is meant to be of our format."""
    return (folder / MANIFEST).is_file() or (folder / MODEL).is_file()


def read_manifest(folder: Path, called: str, pin: str | None = None) -> Manifest:
    """Read and check a folder's manifest; with a pin it must be that very one.

    Raises EncoderMissing and EncoderAltered.
    """
    found = _read(called, folder / MANIFEST)
    digest = hashlib.sha256(found).hexdigest()
    if pin is not None and digest != pin:
        raise EncoderAltered(called, digest, MANIFEST)
    try:
        said = json.loads(found)
    except ValueError as error:
        raise EncoderMissing(called, f"its {MANIFEST} is not JSON") from error
    match said:
        case {
            "format": 1,
            "name": str(name),
            "dimension": int(dimension),
            "languages": [*languages],
            "prompts": {TextRole.QUERY: str(query), TextRole.PASSAGE: str(passage)},
            "most_tokens": int(most_tokens),
            "files": {"encoder.onnx": str(), "tokenizer.json": str()} as files,
        } if dimension > 0 < most_tokens and (ENGLISH in files) == (ENGLISH_TOKENIZER in files):
            return Manifest(
                called=called,
                folder=folder,
                digest=digest,
                name=name,
                dimension=dimension,
                languages=frozenset(str(code) for code in languages),
                prompts={TextRole.QUERY: query, TextRole.PASSAGE: passage},
                most_tokens=most_tokens,
                files=files,
            )
    raise EncoderMissing(called, f"its {MANIFEST} is not a manifest of format 1")


def _read(called: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise EncoderMissing(called, f"{path} cannot be read") from error
