"""Batches, windows and prompts, on a model whose vectors can be told by hand."""

import random
from pathlib import Path

import numpy as np
import pytest

from triage.encode import Encoder, TextRole, open_encoder
from triage.encode.base import Vectors
from triage.encode.reading import readable
from triage.errors import EncodingFailed

from .tiny import DIMENSION, WORDS, write_manifest, write_tiny

GIVEN = {"query": "asked ", "passage": "east "}


def opened(folder: Path, threads: int = 1, prompts: dict[str, str] | None = None) -> Encoder:
    encoder = open_encoder(str(folder), threads=threads, prompts=prompts or {})
    assert encoder is not None
    return encoder


def mean_of(*words: str) -> Vectors:
    rows = np.array([WORDS[w] for w in ("<s>", *words, "</s>")], dtype=np.float32)
    mean: Vectors = rows.sum(axis=0)
    return mean / np.linalg.norm(mean)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_tiny(tmp_path / "tiny")


@pytest.fixture
def tiny(folder: Path) -> Encoder:
    return opened(folder)


def test_no_texts_give_no_rows(tiny: Encoder) -> None:
    assert tiny.encode([], TextRole.QUERY).shape == (0, DIMENSION)


@pytest.mark.parametrize("threads", [1, 3])
def test_rows_come_in_the_order_asked(folder: Path, threads: int) -> None:
    lengths = [random.Random(3).randrange(1, 400) for _ in range(1500)]
    encoder = opened(write_manifest(folder, most_tokens=500), threads)
    rows = encoder.encode(["north " * n + "east" for n in lengths], TextRole.PASSAGE)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-5)
    # The more often it says north, the less it points east.
    assert rows[:, 1] / rows[:, 2] == pytest.approx(np.array(lengths), rel=1e-4)


def test_padding_is_not_read(tiny: Encoder) -> None:
    rows = tiny.encode(["north", "east north east north"], TextRole.PASSAGE)
    assert rows[0] == pytest.approx(mean_of("north"), abs=1e-6)


def test_a_long_text_loses_its_end_and_keeps_its_special_tokens(tiny: Encoder) -> None:
    (row,) = tiny.encode(["north " * 6 + "east " * 50], TextRole.PASSAGE)
    assert row == pytest.approx(mean_of(*["north"] * 6), abs=1e-6)


def test_what_is_blank_for_long_is_read_where_it_says_something(tiny: Encoder) -> None:
    (row,) = tiny.encode([" \n" * 50_000 + "north"], TextRole.PASSAGE)
    assert row == pytest.approx(mean_of("north"), abs=1e-6)


def test_only_the_part_that_can_be_read_is_tokenised() -> None:
    assert readable("x" * 100_000, 50) == "x" * 50
    assert readable("short", 50) == "short"
    assert readable("", 50) == "."


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\ud83d\ude00", "\x00", "😀"])
def test_every_text_becomes_one_that_can_be_written(text: str) -> None:
    assert readable(text, 50).encode()


def test_a_prompt_is_put_before_the_texts_of_its_role(folder: Path) -> None:
    prompts = {"query": "asked ", "passage": ""}
    encoder = opened(write_manifest(folder, prompts=prompts))
    assert encoder.encode(["north"], TextRole.QUERY)[0] == pytest.approx(
        mean_of("asked", "north"), abs=1e-6
    )
    assert encoder.encode(["north"], TextRole.PASSAGE)[0] == pytest.approx(
        mean_of("north"), abs=1e-6
    )


def test_a_model_without_prompts_is_given_some_and_changes_its_id(folder: Path) -> None:
    given = opened(folder, prompts=GIVEN)
    assert given.prompts == {TextRole.QUERY: "asked ", TextRole.PASSAGE: "east "}
    assert given.encode(["north"], TextRole.PASSAGE)[0] == pytest.approx(
        mean_of("east", "north"), abs=1e-6
    )
    others = [opened(folder), opened(folder, prompts=GIVEN | {"query": ""})]
    assert len({given.id, *(e.id for e in others)}) == 3


def test_empty_prompts_change_nothing(folder: Path) -> None:
    assert opened(folder, prompts={"query": "", "passage": ""}).id == opened(folder).id


def test_a_model_with_prompts_keeps_its_own(folder: Path) -> None:
    write_manifest(folder, prompts={"query": "north ", "passage": ""})
    encoder = opened(folder, prompts=GIVEN)
    assert encoder.prompts == {TextRole.QUERY: "north "}
    assert encoder.id == opened(folder).id


@pytest.mark.parametrize("text", ["broken secret", "nothing"])
def test_a_vector_without_direction_is_an_error_and_names_no_text(tiny: Encoder, text: str) -> None:
    with pytest.raises(EncodingFailed, match="not finite and of length one") as caught:
        tiny.encode(["north", text], TextRole.QUERY)
    assert text not in str(caught.value)


def test_a_model_of_another_dimension_than_it_says_is_an_error(folder: Path) -> None:
    encoder = opened(write_manifest(folder, dimension=5))
    with pytest.raises(EncodingFailed, match=r"shape \(1, 4\)"):
        encoder.encode(["north"], TextRole.QUERY)
