"""A folder of our format is opened as it says, or not at all."""

from pathlib import Path

import pytest

from triage.encode import TextRole, open_encoder
from triage.encode.manifest import read_manifest
from triage.errors import EncoderAltered, EncoderMissing

from .tiny import DIMENSION, write_manifest, write_tiny

FILES = ("encoder.onnx", "tokenizer.json")


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return write_tiny(tmp_path / "tiny")


def flip_a_byte(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(bytes(content))


def test_what_the_manifest_says_is_what_the_encoder_is(tiny: Path) -> None:
    prompts = {"query": "asked ", "passage": ""}
    encoder = open_encoder(str(write_manifest(tiny, prompts=prompts)))
    assert encoder is not None
    assert encoder.id.startswith("tiny@")
    assert len(encoder.id) == len("tiny@") + 12
    assert encoder.dimension == DIMENSION
    assert encoder.languages == {"en", "sv"}
    assert encoder.prompts == {TextRole.QUERY: "asked "}


@pytest.mark.parametrize("change", [{"name": "other"}, {"most_tokens": 7}, {"languages": []}])
def test_another_manifest_is_another_id(tiny: Path, change: dict[str, object]) -> None:
    before = read_manifest(tiny, "tiny").digest
    assert read_manifest(write_manifest(tiny, **change), "tiny").digest != before


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("at", [0, 100, -1])
def test_a_file_with_one_other_byte_is_refused(tiny: Path, file: str, at: int) -> None:
    flip_a_byte(tiny / file, at)
    with pytest.raises(EncoderAltered, match=rf"{file} of .* do not serve"):
        open_encoder(str(tiny))


@pytest.mark.parametrize("file", [*FILES, "encoder.json"])
def test_a_missing_file_is_named(tiny: Path, file: str) -> None:
    (tiny / file).unlink()
    with pytest.raises(EncoderMissing, match=file):
        open_encoder(str(tiny))


def test_a_pinned_manifest_must_be_that_very_one(tiny: Path) -> None:
    pin = read_manifest(tiny, "tiny").digest
    assert read_manifest(tiny, "tiny", pin).name == "tiny"
    flip_a_byte(tiny / "encoder.json", 5)
    with pytest.raises(EncoderAltered, match=r"encoder\.json"):
        read_manifest(tiny, "tiny", pin)


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"name": None},
        {"dimension": "384"},
        {"languages": "en"},
        {"prompts": {"query": ""}},
        {"most_tokens": None},
        {"most_tokens": 0},
        {"dimension": -1},
        {"files": {"encoder.onnx": "0"}},
    ],
)
def test_a_manifest_of_another_form_is_refused(tiny: Path, change: dict[str, object]) -> None:
    with pytest.raises(EncoderMissing, match="not a manifest of format 1"):
        open_encoder(str(write_manifest(tiny, **change)))


@pytest.mark.parametrize("content", ["", "[]", "{", "\ufeff{}"])
def test_a_manifest_that_is_no_object_is_refused(tiny: Path, content: str) -> None:
    (tiny / "encoder.json").write_text(content, encoding="utf-8")
    with pytest.raises(EncoderMissing, match=r"encoder\.json is not"):
        open_encoder(str(tiny))


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_no_library_can_load_is_refused(tiny: Path, file: str) -> None:
    (tiny / file).write_bytes(b"neither a graph nor a tokenizer")
    with pytest.raises(EncoderMissing, match=r"cannot (be loaded|load)") as caught:
        open_encoder(str(write_manifest(tiny)))
    assert file in str(caught.value)


def test_a_window_without_room_for_special_tokens_is_refused(tiny: Path) -> None:
    with pytest.raises(EncoderMissing, match="no room"):
        open_encoder(str(write_manifest(tiny, most_tokens=2)))


def test_a_tokenizer_without_a_pad_is_refused(tiny: Path) -> None:
    path = tiny / "tokenizer.json"
    path.write_text(path.read_text(encoding="utf-8").replace("<pad>", "<dap>"), encoding="utf-8")
    with pytest.raises(EncoderMissing, match="no <pad>"):
        open_encoder(str(write_manifest(tiny)))
