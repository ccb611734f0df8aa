"""The graph written node by node computes what transformers computes."""

import numpy as np
import pytest

from encoder_build.graph import build_graph
from encoder_build.head import Head
from encoder_build.source import Tensor
from encoder_build.towers import Tower, open_session, vectors

from .tiny import ENGLISH, SHAPE, SWEDISH, bert, multilingual_tower, sentences, unit

PIECES = 60
TENSORS = bert(PIECES, seed=5)
LENGTHS = (12, 3, 1, 7)


def batch() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(6)
    ids = np.zeros((len(LENGTHS), max(LENGTHS)), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, length in enumerate(LENGTHS):
        ids[row, :length] = rng.integers(0, PIECES, length)
        mask[row, :length] = 1
    return {"input_ids": ids, "attention_mask": mask}


def by_transformers(fed: dict[str, np.ndarray]) -> Tensor:
    import torch
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=PIECES,
        hidden_size=SHAPE.hidden,
        num_hidden_layers=SHAPE.layers,
        num_attention_heads=SHAPE.heads,
        intermediate_size=SHAPE.inner,
        max_position_embeddings=len(TENSORS["embeddings.position_embeddings.weight"]),
        layer_norm_eps=SHAPE.epsilon,
    )
    model = BertModel(config, add_pooling_layer=False).eval()
    kept = {name: torch.from_numpy(values) for name, values in TENSORS.items()}
    missing, unknown = model.load_state_dict(kept, strict=False)
    assert not unknown
    assert all("ids" in name for name in missing)
    with torch.no_grad():
        tokens = model(**{k: torch.from_numpy(v) for k, v in fed.items()}).last_hidden_state.numpy()
    present = fed["attention_mask"][:, :, None]
    return unit((tokens * present).sum(1) / present.sum(1))


def made_head(share: float = 0.2) -> Head:
    rng = np.random.default_rng(7)
    width = SHAPE.hidden

    def made(*size: int) -> Tensor:
        return rng.normal(0, 0.2, size).astype(np.float32)

    return Head(
        made(width, width), made(width), made(width, width), made(width), made(width), 0.3, share
    )


def test_the_float_graph_equals_transformers() -> None:
    session = open_session(build_graph(TENSORS, SHAPE, embedding_bits=4))
    (rows,) = session.run(["vector"], batch())
    assert rows == pytest.approx(by_transformers(batch()), abs=1e-4)


def test_a_graph_without_head_gives_rows_of_the_length_asked() -> None:
    session = open_session(build_graph(TENSORS, SHAPE, embedding_bits=8, length=0.5))
    assert [output.name for output in session.get_outputs()] == ["vector"]
    (rows,) = session.run(["vector"], batch())
    assert np.linalg.norm(rows, axis=1) == pytest.approx(0.5, abs=1e-5)


def test_a_head_adds_both_parts_and_the_sign_of_english() -> None:
    head = made_head()
    plain = open_session(build_graph(TENSORS, SHAPE, embedding_bits=4))
    (rows,) = plain.run(["vector"], batch())
    bent = open_session(build_graph(TENSORS, SHAPE, embedding_bits=4, head=head))
    vector, own, english = bent.run(["vector", "own", "english"], batch())
    first = np.sqrt(0.8) * unit(rows @ head.own + head.own_offset)
    second = np.sqrt(0.2) * (rows @ head.estimate + head.estimate_offset)
    assert own == pytest.approx(first, abs=1e-5)
    assert vector == pytest.approx(unit(np.hstack([first, second])), abs=1e-5)
    assert english == pytest.approx((rows @ head.english + 0.3)[:, None], abs=1e-5)


def test_the_same_weights_give_the_same_bytes() -> None:
    written = {
        build_graph(
            bert(PIECES, seed=5), SHAPE, embedding_bits=4, head=made_head()
        ).SerializeToString(deterministic=True)
        for _ in range(2)
    }
    assert len(written) == 1


def test_vectors_of_many_texts_are_those_of_each_text() -> None:
    tower: Tower = multilingual_tower()
    texts = sentences((*ENGLISH, *SWEDISH), 150)
    rows = vectors(tower, texts, 2, "test")
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-5)
    for place in range(0, 150, 29):
        assert rows[place] == pytest.approx(vectors(tower, [texts[place]], 1, "one")[0], abs=1e-5)
