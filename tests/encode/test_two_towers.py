"""Two towers in one space: who reads what, and how their rows are joined."""

from pathlib import Path

import numpy as np
import pytest

from triage.encode import Encoder, TextRole, open_encoder
from triage.encode.base import Vectors
from triage.errors import EncoderAltered, EncoderMissing, EncodingFailed

from .tiny import (
    DIMENSION,
    ENGLISH_WORDS,
    SHARE,
    WORDS,
    write_manifest,
    write_tiny,
    write_two_towers,
)


def opened(folder: Path, threads: int = 1) -> Encoder:
    encoder = open_encoder(str(folder), threads=threads)
    assert encoder is not None
    return encoder


def unit(rows: list[tuple[float, ...]]) -> Vectors:
    total: Vectors = np.array(rows, dtype=np.float32).sum(axis=0)
    return total / np.linalg.norm(total)


def first_of(*words: str) -> Vectors:
    return unit([WORDS[w] for w in ("<s>", *words, "</s>")])


def joined(first: Vectors, second: Vectors) -> Vectors:
    return np.concatenate([np.sqrt(1 - SHARE) * first, np.sqrt(SHARE) * second])


def estimated(*words: str) -> Vectors:
    first = first_of(*words)
    return joined(first, first[::-1])


def read_twice(*words: str) -> Vectors:
    return joined(first_of(*words), unit([ENGLISH_WORDS[w] for w in words]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_two_towers(tmp_path / "two")


@pytest.fixture
def two(folder: Path) -> Encoder:
    return opened(folder)


def test_an_english_text_is_read_by_both_towers(two: Encoder) -> None:
    (row,) = two.encode(["north"], TextRole.PASSAGE)
    assert row == pytest.approx(read_twice("north"), abs=1e-6)
    assert np.abs(row - estimated("north")).max() > 0.1


@pytest.mark.parametrize("text", ["east", "east north"])
def test_any_other_text_keeps_its_estimate(two: Encoder, text: str) -> None:
    # North and east together are neither: the sign must be above zero.
    (row,) = two.encode([text], TextRole.PASSAGE)
    assert row == pytest.approx(estimated(*text.split()), abs=1e-6)


def test_a_text_that_is_not_english_never_reaches_the_second_tower(two: Encoder) -> None:
    (row,) = two.encode(["east hollow"], TextRole.PASSAGE)
    assert row == pytest.approx(estimated("east", "<unk>"), abs=1e-6)
    with pytest.raises(EncodingFailed, match="not finite"):
        two.encode(["north hollow"], TextRole.PASSAGE)


@pytest.mark.parametrize("threads", [1, 3])
def test_both_kinds_come_in_the_order_asked(folder: Path, threads: int) -> None:
    encoder = opened(write_manifest(folder, dimension=8, most_tokens=64), threads)
    texts = [
        " ".join(["north"] * (i % 7) + ["east"] * (i * 5 % 6) + ["asked"] * (1 + i % 40))
        for i in range(1100)
    ]
    rows = encoder.encode(texts, TextRole.PASSAGE)
    assert rows.shape == (1100, 2 * DIMENSION)
    for place in range(0, 1100, 9):
        words = texts[place].split()
        english = words.count("north") > words.count("east")
        wanted = read_twice(*words) if english else estimated(*words)
        assert rows[place] == pytest.approx(wanted, abs=1e-5)


def test_a_text_has_the_same_row_alone_and_in_company(two: Encoder) -> None:
    texts = ["east", "north asked", "asked asked asked", "north north east", "east east"]
    together = two.encode(texts, TextRole.QUERY)
    alone = np.vstack([two.encode([text], TextRole.QUERY) for text in texts])
    assert together == pytest.approx(alone, abs=1e-6)


def test_no_texts_give_no_rows(two: Encoder) -> None:
    assert two.encode([], TextRole.QUERY).shape == (0, 2 * DIMENSION)


def test_the_second_tower_gets_no_prompt(folder: Path) -> None:
    encoder = opened(
        write_manifest(folder, dimension=8, prompts={"query": "asked ", "passage": ""})
    )
    (row,) = encoder.encode(["north"], TextRole.QUERY)
    wanted = joined(first_of("asked", "north"), unit([ENGLISH_WORDS["north"]]))
    assert row == pytest.approx(wanted, abs=1e-6)


def test_a_second_part_of_another_width_is_an_error(tmp_path: Path) -> None:
    encoder = opened(write_two_towers(tmp_path / "narrow", english_width=3))
    assert encoder.encode(["east"], TextRole.QUERY).shape == (1, 8)
    with pytest.raises(EncodingFailed, match=r"shape \(1, 7\)"):
        encoder.encode(["east", "north"], TextRole.QUERY)


def test_a_whole_row_of_another_width_is_an_error(folder: Path) -> None:
    encoder = opened(write_manifest(folder, dimension=7))
    with pytest.raises(EncodingFailed, match=r"shape \(1, 8\)"):
        encoder.encode(["east"], TextRole.QUERY)


def test_a_first_tower_without_both_parts_is_refused(folder: Path, tmp_path: Path) -> None:
    single = write_tiny(tmp_path / "single") / "encoder.onnx"
    (folder / "encoder.onnx").write_bytes(single.read_bytes())
    with pytest.raises(EncoderMissing, match="must have the outputs english, own, vector"):
        opened(write_manifest(folder))


def test_a_second_tower_without_a_vector_is_refused(folder: Path) -> None:
    graph = (folder / "english.onnx").read_bytes()
    (folder / "english.onnx").write_bytes(graph.replace(b"vector", b"rotcev"))
    with pytest.raises(EncoderMissing, match=r"english\.onnx has no output `vector`"):
        opened(write_manifest(folder, dimension=8)).encode(["north"], TextRole.QUERY)


@pytest.mark.parametrize("file", ["english.onnx", "english_tokenizer.json"])
def test_a_manifest_with_half_of_a_second_tower_is_refused(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(EncoderMissing, match="not a manifest of format 1"):
        opened(write_manifest(folder))


@pytest.mark.parametrize("file", ["english.onnx", "english_tokenizer.json"])
def test_an_altered_second_tower_is_refused(folder: Path, file: str) -> None:
    content = bytearray((folder / file).read_bytes())
    content[100] ^= 1
    (folder / file).write_bytes(bytes(content))
    with pytest.raises(EncoderAltered, match=rf"{file} of .* do not serve"):
        opened(folder)


@pytest.mark.parametrize("file", ["english.onnx", "english_tokenizer.json"])
def test_a_missing_file_of_the_second_tower_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(EncoderMissing, match=file):
        opened(folder)
