"""Towers and head -> the folder models/encoder.

In: both towers, the head, texts to calibrate on. Out: ONNX files, tokenizers and the manifest with
their hashes. The folder appears whole or not at all.
Not here: reading the folder (triage.encode).
"""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from encoder_build.calibrate import Rounding, find_rounding, observe
from encoder_build.graph import build_graph
from encoder_build.head import Head
from encoder_build.source import Tensor
from encoder_build.towers import MOST_TOKENS, Tower
from triage.records import LANGUAGES

FORMAT = 1
NAME = "six-languages"
PROMPTS = {"query": "query: ", "passage": "passage: "}
_PARTS = {
    "heads": "attention.output.dense",
    "seen": "intermediate.dense",
    "bent": "output.dense",
}
_ATTENTION = ("query", "key", "value")


def export(
    folder: Path, multilingual: Tower, english: Tower, head: Head, calibrating: Sequence[str]
) -> str:
    """Write the folder and return the SHA-256 of its manifest."""
    beside = folder.with_name(f".{folder.name}-writing")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    _write(beside, "encoder.onnx", multilingual, head, [_asked(t) for t in calibrating])
    _write_tokenizer(multilingual.tokenizer, beside / "tokenizer.json")
    _write(beside, "english.onnx", english, head.share, calibrating)
    _write_tokenizer(english.tokenizer, beside / "english_tokenizer.json")
    manifest = {
        "format": FORMAT,
        "name": NAME,
        "dimension": 2 * multilingual.shape.hidden,
        "languages": sorted(LANGUAGES),
        "prompts": PROMPTS,
        "most_tokens": MOST_TOKENS,
        "files": {f.name: _sha256(f) for f in sorted(beside.iterdir())},
    }
    written = json.dumps(manifest, indent=1, sort_keys=True) + "\n"
    (beside / "encoder.json").write_text(written, encoding="utf-8")
    folder.mkdir(exist_ok=True)
    # The card beside the files is written by hand and stays.
    for file in sorted(beside.iterdir()):
        file.replace(folder / file.name)
    beside.rmdir()
    return hashlib.sha256(written.encode()).hexdigest()


def roundings(tower: Tower, texts: Sequence[str]) -> Mapping[str, Rounding]:
    """Find how every multiplied tensor of a tower is rounded."""
    names = [
        name
        for layer in range(tower.shape.layers)
        for name in (f"h{layer}", *(f"l{layer}.{part}" for part in _PARTS))
    ]
    plain = build_graph(tower.tensors, tower.shape, embedding_bits=tower.embedding_bits)
    rows = observe(plain, tower.tokenizer, texts, names)
    return {name: find_rounding(rows[name], _weight(tower, name)) for name in names}


def _write(
    folder: Path, name: str, tower: Tower, above: Head | float, texts: Sequence[str]
) -> None:
    model = build_graph(
        tower.tensors,
        tower.shape,
        roundings(tower, texts),
        embedding_bits=tower.embedding_bits,
        head=above if isinstance(above, Head) else None,
        length=1.0 if isinstance(above, Head) else float(np.sqrt(above)),
    )
    (folder / name).write_bytes(model.SerializeToString(deterministic=True))


def _write_tokenizer(tokenizer: Tokenizer, path: Path) -> None:
    # How much is read is the manifest's to say, not the tokenizer's.
    plain = Tokenizer.from_str(tokenizer.to_str())
    plain.no_truncation()
    plain.save(str(path), pretty=False)


def _weight(tower: Tower, name: str) -> Tensor:
    layer, _, part = name.partition(".")
    at = f"encoder.layer.{layer[1:]}"
    if not part:
        three = [tower.tensors[f"{at}.attention.self.{a}.weight"] for a in _ATTENTION]
        return np.concatenate(three)
    return tower.tensors[f"{at}.{_PARTS[part]}.weight"]


def _asked(text: str) -> str:
    # Half of the calibration is read as questions and half as answers, by an even split.
    return PROMPTS["query" if len(text) % 2 else "passage"] + text


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
