"""Two tiny towers become a folder that the service opens."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from encoder_build.export import PROMPTS, export
from encoder_build.head import Head
from encoder_build.source import Tensor
from encoder_build.towers import MOST_TOKENS, vectors
from triage.encode import Encoder, TextRole, open_encoder
from triage.records import LANGUAGES

from .tiny import ENGLISH, SHAPE, SWEDISH, english_tower, multilingual_tower, sentences, unit

FILES = {"encoder.onnx", "tokenizer.json", "english.onnx", "english_tokenizer.json"}
ENGLISH_TEXTS = sentences(ENGLISH[:5], 12, seed=1)
SWEDISH_TEXTS = sentences(SWEDISH, 12, seed=2)
WIDTH = SHAPE.hidden


def read_first(texts: list[str]) -> Tensor:
    asked = [PROMPTS["query"] + text for text in texts]
    return vectors(multilingual_tower(), asked, 1, "first")


@pytest.fixture(scope="module")
def head() -> Head:
    english, swedish = read_first(ENGLISH_TEXTS), read_first(SWEDISH_TEXTS)
    sign = english.mean(0) - swedish.mean(0)
    middle = (english.mean(0) + swedish.mean(0)) / 2
    rng = np.random.default_rng(5)
    bend, estimate = (np.eye(WIDTH) + 0.1 * rng.normal(size=(2, WIDTH, WIDTH))).astype(np.float32)
    zero = np.zeros(WIDTH, dtype=np.float32)
    return Head(bend, zero, estimate, zero + 0.01, sign, -float(middle @ sign), 0.2)


@pytest.fixture(scope="module")
def written(head: Head, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("out") / "encoder"
    folder.mkdir()
    (folder / "README.md").write_text("the card", encoding="utf-8")
    texts = [*ENGLISH_TEXTS, *SWEDISH_TEXTS]
    return folder, export(folder, multilingual_tower(), english_tower(), head, texts)


@pytest.fixture(scope="module")
def encoder(written: tuple[Path, str]) -> Encoder:
    opened = open_encoder(str(written[0]))
    assert opened is not None
    return opened


def test_the_folder_opens_as_what_it_says(encoder: Encoder, written: tuple[Path, str]) -> None:
    assert encoder.id == f"six-languages@{written[1][:12]}"
    assert encoder.dimension == 2 * WIDTH
    assert encoder.languages == set(LANGUAGES)
    assert encoder.prompts == {TextRole.QUERY: "query: ", TextRole.PASSAGE: "passage: "}


def test_an_english_row_has_a_part_of_each_tower(encoder: Encoder, head: Head) -> None:
    rows = encoder.encode(ENGLISH_TEXTS, TextRole.QUERY)
    own = unit(read_first(ENGLISH_TEXTS) @ head.own)
    second = vectors(english_tower(), ENGLISH_TEXTS, 1, "second")
    assert np.linalg.norm(rows[:, :WIDTH], axis=1) == pytest.approx(np.sqrt(0.8), abs=1e-4)
    assert np.linalg.norm(rows[:, WIDTH:], axis=1) == pytest.approx(np.sqrt(0.2), abs=1e-4)
    assert (unit(rows[:, :WIDTH]) * own).sum(1).min() > 0.98
    assert (unit(rows[:, WIDTH:]) * second).sum(1).min() > 0.98


def test_a_row_of_another_language_has_an_estimate(encoder: Encoder, head: Head) -> None:
    rows = encoder.encode(SWEDISH_TEXTS, TextRole.QUERY)
    read = read_first(SWEDISH_TEXTS)
    own = np.sqrt(0.8) * unit(read @ head.own)
    estimate = np.sqrt(0.2) * (read @ head.estimate + head.estimate_offset)
    wanted = unit(np.hstack([own, estimate]))
    assert (rows * wanted).sum(1).min() > 0.98
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-4)


def test_the_manifest_holds_the_digests_of_the_files(written: tuple[Path, str]) -> None:
    folder, digest = written
    content = (folder / "encoder.json").read_bytes()
    assert hashlib.sha256(content).hexdigest() == digest
    said = json.loads(content)
    assert said["most_tokens"] == MOST_TOKENS
    assert said["files"] == {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES
    }


def test_nothing_else_is_left_and_the_card_stays(written: tuple[Path, str]) -> None:
    folder, _ = written
    assert {file.name for file in folder.iterdir()} == FILES | {"encoder.json", "README.md"}
    assert [beside.name for beside in folder.parent.iterdir()] == ["encoder"]


def test_tokenizers_are_written_without_a_window(written: tuple[Path, str]) -> None:
    for name in ("tokenizer.json", "english_tokenizer.json"):
        rules = json.loads((written[0] / name).read_text(encoding="utf-8"))
        assert rules["truncation"] is rules["padding"] is None


def test_another_head_is_another_encoder(
    written: tuple[Path, str], head: Head, tmp_path: Path
) -> None:
    texts = [*ENGLISH_TEXTS, *SWEDISH_TEXTS]
    towers = multilingual_tower(), english_tower()
    assert export(tmp_path / "same", *towers, head, texts) == written[1]
    assert export(tmp_path / "other", *towers, replace(head, share=0.3), texts) != written[1]
