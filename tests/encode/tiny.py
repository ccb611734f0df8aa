"""Real encoders of our format, a few hundred bytes large: the mean of their words' own vectors.

One tower, or two: the second reads what points north rather than east, and knows other directions.
Written byte by byte (protobuf fields of ONNX), so that no test needs the library that writes them.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, pre_tokenizers, processors

DIMENSION = 4
# One direction each; `broken` is not finite, `nothing` has no direction.
WORDS = {
    "<s>": (0.1, 0.0, 0.0, 0.0),
    "<pad>": (9.0, 9.0, 9.0, 9.0),
    "</s>": (0.1, 0.0, 0.0, 0.0),
    "<unk>": (0.0, 0.0, 0.0, 1.0),
    "north": (0.0, 1.0, 0.0, 0.0),
    "east": (0.0, 0.0, 1.0, 0.0),
    "asked": (1.0, 0.0, 0.0, 0.0),
    "broken": (float("nan"), 0.0, 0.0, 0.0),
    "nothing": (-0.2, 0.0, 0.0, 0.0),
}
# The second tower's, with another numbering and no special tokens around a text.
ENGLISH_WORDS = {
    "[PAD]": (9.0, 9.0, 9.0, 9.0),
    "[UNK]": (1.0, 0.0, 0.0, 0.0),
    "east": (0.0, 0.0, 1.0, 0.0),
    "north": (0.0, 0.0, 0.0, 1.0),
    "asked": (0.0, 1.0, 0.0, 0.0),
    "hollow": (float("nan"), 0.0, 0.0, 0.0),
}
# The second part's share of the squared length of a row of two.
SHARE = 0.2
_FLOAT, _INT64, _BOOL = 1, 7, 9
_FILES = ("encoder.onnx", "tokenizer.json", "english.onnx", "english_tokenizer.json")
_Fields = tuple[tuple[int, int | bytes], ...]


def write_tiny(folder: Path, **said: object) -> Path:
    """Write the encoder; `said` changes what its manifest says."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "encoder.onnx").write_bytes(_model(WORDS, _whole()))
    _tokenizer().save(str(folder / "tokenizer.json"))
    return write_manifest(folder, **said)


def write_two_towers(folder: Path, *, english_width: int = DIMENSION, **said: object) -> Path:
    """Write an encoder of two towers; the second's rows are cut to `english_width`."""
    folder.mkdir(parents=True, exist_ok=True)
    words = {word: vector[:english_width] for word, vector in ENGLISH_WORDS.items()}
    (folder / "encoder.onnx").write_bytes(_model(WORDS, _two_parts()))
    (folder / "english.onnx").write_bytes(_model(words, _shortened(english_width)))
    _tokenizer().save(str(folder / "tokenizer.json"))
    _english_tokenizer().save(str(folder / "english_tokenizer.json"))
    return write_manifest(folder, **{"dimension": 2 * DIMENSION} | said)


def write_manifest(folder: Path, **said: object) -> Path:
    """Write a manifest that fits the files."""
    files = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in _FILES
        if (folder / name).exists()
    }
    manifest = {
        "format": 1,
        "name": "tiny",
        "dimension": DIMENSION,
        "languages": ["sv", "en"],
        "prompts": {"query": "", "passage": ""},
        "most_tokens": 8,
        "files": files,
    }
    (folder / "encoder.json").write_text(json.dumps(manifest | said), encoding="utf-8")
    return folder


def _tokenizer() -> Tokenizer:
    ids = {word: i for i, word in enumerate(WORDS)}
    tokenizer = Tokenizer(models.WordLevel(ids, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", ids["<s>"]), ("</s>", ids["</s>"])]
    )
    return tokenizer


def _english_tokenizer() -> Tokenizer:
    ids = {word: i for i, word in enumerate(ENGLISH_WORDS)}
    tokenizer = Tokenizer(models.WordLevel(ids, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer


def _model(vectors: Mapping[str, Sequence[float]], above: _Fields) -> bytes:
    """Return a graph that makes `unit`, the words' mean of length one, and what is `above` it."""
    words = np.array(list(vectors.values()), dtype="<f4")
    graph = _message(
        (1, _node("Gather", ["words", "input_ids"], "each")),
        (1, _node("Cast", ["attention_mask"], "read", to=_BOOL)),
        (1, _node("Unsqueeze", ["read", "last"], "weight")),
        (1, _node("Where", ["weight", "each", "zero"], "masked")),
        (1, _node("ReduceSum", ["masked", "middle"], "sum", keepdims=0)),
        (1, _node("LpNormalization", ["sum"], "unit", axis=-1, p=2)),
        (2, b"tiny"),
        (5, _numbers("words", words)),
        (5, _numbers("zero", np.zeros(1))),
        (5, _constant("last", _INT64, (1,), np.array([2], "<i8").tobytes())),
        (5, _constant("middle", _INT64, (1,), np.array([1], "<i8").tobytes())),
        (11, _value("input_ids", _INT64, "texts", "tokens")),
        (11, _value("attention_mask", _INT64, "texts", "tokens")),
        *above,
    )
    return _message((1, 10), (7, graph), (8, _message((1, b""), (2, 21))))


def _whole() -> _Fields:
    return (
        (1, _node("Identity", ["unit"], "vector")),
        (12, _value("vector", _FLOAT, "texts", DIMENSION)),
    )


def _two_parts() -> _Fields:
    """What points north is English; elsewhere the second part is the first one backwards."""
    one = np.eye(DIMENSION)
    estimate = np.hstack([np.sqrt(1 - SHARE) * one, np.sqrt(SHARE) * one[::-1]])
    north, east = WORDS["north"], WORDS["east"]
    return (
        (1, _node("MatMul", ["unit", "estimate"], "vector")),
        (1, _node("MatMul", ["unit", "first"], "own")),
        (1, _node("MatMul", ["unit", "sign"], "english")),
        (5, _numbers("estimate", estimate)),
        (5, _numbers("first", np.sqrt(1 - SHARE) * one)),
        (5, _numbers("sign", np.subtract(north, east)[:, None])),
        (12, _value("vector", _FLOAT, "texts", 2 * DIMENSION)),
        (12, _value("own", _FLOAT, "texts", DIMENSION)),
        (12, _value("english", _FLOAT, "texts", 1)),
    )


def _shortened(width: int) -> _Fields:
    return (
        (1, _node("Mul", ["unit", "length"], "vector")),
        (5, _numbers("length", np.array([np.sqrt(SHARE)]))),
        (12, _value("vector", _FLOAT, "texts", width)),
    )


def _numbers(name: str, values: NDArray[np.floating]) -> bytes:
    return _constant(name, _FLOAT, values.shape, values.astype("<f4").tobytes())


def _node(kind: str, inputs: Sequence[str], output: str, **attributes: int) -> bytes:
    return _message(
        *((1, name.encode()) for name in inputs),
        (2, output.encode()),
        (4, kind.encode()),
        *((5, _message((1, k.encode()), (3, v), (20, 2))) for k, v in attributes.items()),
    )


def _constant(name: str, kind: int, shape: Sequence[int], values: bytes) -> bytes:
    return _message(*((1, d) for d in shape), (2, kind), (8, name.encode()), (9, values))


def _value(name: str, kind: int, *shape: str | int) -> bytes:
    sizes = (_message((1, s) if isinstance(s, int) else (2, s.encode())) for s in shape)
    tensor = _message((1, kind), (2, _message(*((1, size) for size in sizes))))
    return _message((1, name.encode()), (2, _message((1, tensor))))


def _message(*fields: tuple[int, int | bytes]) -> bytes:
    written = b""
    for number, value in fields:
        if isinstance(value, int):
            written += _number(number << 3) + _number(value % 2**64)
        else:
            written += _number(number << 3 | 2) + _number(len(value)) + value
    return written


def _number(value: int) -> bytes:
    written = bytearray()
    while value > 127:
        written.append(value & 127 | 128)
        value >>= 7
    return bytes([*written, value])
