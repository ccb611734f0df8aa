"""Whole numbers instead of floats: near them, and the same alone and in a batch."""

import numpy as np
import onnxruntime
import pytest

from encoder_build.calibrate import find_rounding, observe, round_weight
from encoder_build.export import roundings
from encoder_build.graph import build_graph
from encoder_build.towers import Tower, open_session, vectors

from .tiny import ENGLISH, SWEDISH, multilingual_tower, sentences

TEXTS = sentences((*ENGLISH, *SWEDISH), 60)


@pytest.fixture(scope="module")
def tower() -> Tower:
    return multilingual_tower()


@pytest.fixture(scope="module")
def rounded(tower: Tower) -> onnxruntime.InferenceSession:
    graph = build_graph(tower.tensors, tower.shape, roundings(tower, TEXTS[:30]), embedding_bits=4)
    assert sum(node.op_type == "MatMulIntegerToFloat" for node in graph.graph.node) == 8
    assert not any(node.op_type == "MatMul" for node in graph.graph.node)
    return open_session(graph)


def rows_of(session: onnxruntime.InferenceSession, tower: Tower, texts: list[str]) -> np.ndarray:
    tower.tokenizer.enable_padding(pad_id=1, pad_token="<pad>")
    found = tower.tokenizer.encode_batch(texts)
    tower.tokenizer.no_padding()
    fed = {
        "input_ids": np.array([text.ids for text in found]),
        "attention_mask": np.array([text.attention_mask for text in found]),
    }
    (rows,) = session.run(["vector"], fed)
    return np.asarray(rows)


def test_codes_of_weights_fit_in_six_bits_and_a_sign() -> None:
    weight = np.random.default_rng(0).standard_t(3, (40, 64)).astype(np.float32)
    weight[7] = 0.0
    codes, scales = round_weight(weight)
    assert codes.dtype == np.int8
    assert np.abs(codes.astype(int)).max() == 63
    assert (np.abs(codes * scales[:, None] - weight) <= scales[:, None] * 0.5001).all()


def test_a_channel_much_larger_than_the_rest_is_evened_out() -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(800, 32)).astype(np.float32)
    rows[:, 3] += 200
    weight = rng.normal(size=(16, 32)).astype(np.float32)
    found = find_rounding(rows, weight)
    assert found.spread.argmax() == 3
    assert 0 <= found.zero <= 255
    codes, steps = round_weight(weight * found.spread)
    kept = np.clip(np.rint(rows / found.spread / found.scale) + found.zero, 0, 255) - found.zero
    got = (kept * found.scale) @ (codes * steps[:, None]).T
    plain_step = np.abs(rows).max() / 127
    plain_codes, plain_steps = round_weight(weight)
    plain = (np.rint(rows / plain_step) * plain_step) @ (plain_codes * plain_steps[:, None]).T
    wanted = rows @ weight.T
    assert np.square(got - wanted).mean() < 0.5 * np.square(plain - wanted).mean()


def test_what_is_observed_is_one_row_per_token(tower: Tower) -> None:
    graph = build_graph(tower.tensors, tower.shape, embedding_bits=4)
    seen = observe(graph, tower.tokenizer, TEXTS[:5], ["h0", "l1.bent"])
    tokens = sum(len(tower.tokenizer.encode(text).ids) for text in TEXTS[:5])
    assert {name: rows.shape for name, rows in seen.items()} == {
        "h0": (tokens, 32),
        "l1.bent": (tokens, 64),
    }


def test_the_rounded_graph_is_near_the_float_one(
    tower: Tower, rounded: onnxruntime.InferenceSession
) -> None:
    wanted = vectors(tower, TEXTS, 1, "float")
    cosines = (rows_of(rounded, tower, TEXTS) * wanted).sum(1)
    assert cosines.min() > 0.99


def test_a_text_has_the_same_row_alone_and_in_a_batch(
    tower: Tower, rounded: onnxruntime.InferenceSession
) -> None:
    together = rows_of(rounded, tower, TEXTS)
    alone = np.vstack([rows_of(rounded, tower, [text]) for text in TEXTS])
    # A sum in another order may move a number across the border between two codes.
    assert np.abs(together - alone).max() < 5e-3
    assert np.median(np.abs(together - alone).max(1)) < 1e-5
