"""Published models are read as they were written, whichever file they come in."""

import struct
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file

from encoder_build.folder import write_folder
from encoder_build.source import Shape, Source, read_folder, read_wheel

from .tiny import BLOCK, four_bit_blocks, weights_of

SHAPE = Shape(hidden=32, layers=1, heads=2, inner=64, epsilon=1e-5)
PIECES = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁å", -2.5), ("漢", -3.25)]
ROUNDED = {
    "emb.word": ("embeddings.word_embeddings.weight", (len(PIECES), 32)),
    "emb.pos": ("embeddings.position_embeddings.weight", (10, 32)),
    "emb.type": ("embeddings.token_type_embeddings.weight", (1, 32)),
    "l0.q.w": ("encoder.layer.0.attention.self.query.weight", (32, 32)),
    "l0.ao.w": ("encoder.layer.0.attention.output.dense.weight", (32, 32)),
    "l0.fi.w": ("encoder.layer.0.intermediate.dense.weight", (64, 32)),
    "l0.fo.w": ("encoder.layer.0.output.dense.weight", (32, 64)),
}
PLAIN = {
    "emb.ln.w": ("embeddings.LayerNorm.weight", 32),
    "l0.fi.b": ("encoder.layer.0.intermediate.dense.bias", 64),
    "l0.oln.b": ("encoder.layer.0.output.LayerNorm.bias", 32),
}


def packed(codes: NDArray[np.uint8], scales: NDArray[np.float16]) -> bytes:
    """Write block after block: the scale, then the first half's codes low and the second's high."""
    written = b""
    for block, scale in zip(codes.reshape(-1, BLOCK), scales.reshape(-1), strict=True):
        low, high = block[: BLOCK // 2], block[BLOCK // 2 :]
        written += scale.tobytes() + bytes(
            int(a) + 16 * int(b) for a, b in zip(low, high, strict=True)
        )
    return written


def wheel(parts: dict[str, tuple[bool, int, bytes]]) -> bytes:
    texts = [piece.encode() for piece, _ in PIECES]
    ends = np.cumsum([0, *map(len, texts)]).astype("<u4")
    count = len(PIECES)
    head = b"E5S1" + struct.pack("<i7ifi", 1, 32, 1, 2, 64, 512, count, 1, 1e-5, 0)
    head += struct.pack("<i4iQ", count, 0, 1, 2, 3, int(ends[-1])) + ends.tobytes()
    head += np.array([score for _, score in PIECES], dtype="<f4").tobytes() + b"".join(texts)
    head += struct.pack("<iI", 0, 5) + b"rules" + struct.pack("<i", len(parts))
    names = sum(2 + len(name) + struct.calcsize("<BIQQ") for name in parts)
    table, data = b"", b""
    for name, (rounded, size, content) in parts.items():
        at = len(head) + names + len(data)
        table += struct.pack("<H", len(name)) + name.encode()
        table += struct.pack("<BIQQ", rounded, size, at, len(content))
        data += content
    return head + table + data


def known() -> tuple[dict[str, tuple[bool, int, bytes]], dict[str, NDArray[np.float32]]]:
    """Return the parts of a file, and what must be read from them."""
    rng = np.random.default_rng(4)
    parts, wanted = {}, {}
    for short, (name, size) in ROUNDED.items():
        codes, scales = four_bit_blocks(rng, *size)
        parts[short] = (True, codes.size, packed(codes, scales))
        wanted[name] = weights_of(codes, scales)
    for short, (name, length) in PLAIN.items():
        wanted[name] = rng.normal(size=length).astype(np.float32)
        parts[short] = (False, length, wanted[name].tobytes())
    return parts, wanted


@pytest.fixture
def read(tmp_path: Path) -> Source:
    path = tmp_path / "model.bin"
    path.write_bytes(wheel(known()[0]))
    return read_wheel(path)


def test_a_packed_file_gives_the_weights_that_were_packed(read: Source) -> None:
    _, wanted = known()
    assert set(read.tensors) == set(wanted)
    for name, values in wanted.items():
        assert read.tensors[name].dtype == np.float32
        np.testing.assert_array_equal(read.tensors[name], values, err_msg=name)


def test_a_packed_file_gives_sizes_and_pieces(read: Source) -> None:
    assert read.pieces == PIECES
    assert read.shape == Shape(32, 1, 2, 64, float(np.float32(1e-5)))


def test_a_file_of_another_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(b"GGUF" + wheel(known()[0])[4:])
    with pytest.raises(ValueError, match="not a packed model"):
        read_wheel(path)


def test_a_tensor_of_another_length_than_it_says_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(wheel({"emb.ln.b": (False, 33, bytes(4 * 32))}))
    with pytest.raises(ValueError, match=r"emb\.ln\.b holds 32 numbers, not 33"):
        read_wheel(path)


def test_the_same_model_in_a_hub_folder_is_read_alike(read: Source, tmp_path: Path) -> None:
    write_folder(read, tmp_path / "hub")
    found = read_folder(tmp_path / "hub")
    assert (found.shape, found.pieces) == (read.shape, read.pieces)
    assert set(found.tensors) == set(read.tensors)
    for name, values in read.tensors.items():
        np.testing.assert_array_equal(found.tensors[name], values, err_msg=name)


def test_what_a_sentence_encoder_does_not_use_is_left_in_the_folder(
    read: Source, tmp_path: Path
) -> None:
    write_folder(read, tmp_path)
    tensors: dict[str, NDArray[np.generic]] = {
        f"bert.{name}": values for name, values in read.tensors.items()
    }
    tensors["bert.pooler.dense.weight"] = np.zeros((32, 32), dtype=np.float32)
    tensors["bert.embeddings.position_ids"] = np.arange(10)[None]
    save_file(tensors, tmp_path / "model.safetensors")
    assert set(read_folder(tmp_path).tensors) == set(read.tensors)
