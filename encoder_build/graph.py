"""Tensors -> an ONNX graph of a BERT sentence encoder, written node by node.

In: tensors by their transformers names, sizes, how products are rounded, and what comes after the
mean of the tokens. Out: an ONNX model whose inputs are `input_ids` and `attention_mask` (both
int64, shape (texts, tokens)) and whose output `vector` holds one row per text.
Written by hand rather than traced: the bytes are the same for the same weights whatever release of
a tracer is installed, and the fused operators are chosen, not hoped for. Matrix products run on
whole numbers where a calibration says how (see calibrate): the rounding of activations is then
fixed, so that a text's vector does not depend on its neighbours in a batch.
Not here: where the weights come from (source), what the head is (head).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from encoder_build.blocks import pack, quantise
from encoder_build.calibrate import Rounding, round_weight
from encoder_build.head import Head
from encoder_build.source import Shape, Tensor

_FUSED = "com.microsoft"
_OPSET = 21
_IR_VERSION = 10
_EMBEDDING_BLOCK = 32


@dataclass(slots=True)
class _Graph:
    shape: Shape
    rounding: Mapping[str, Rounding]
    embedding_bits: int
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[TensorProto] = field(default_factory=list)

    def keep(self, name: str, values: NDArray[np.generic] | np.float32) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(
        self,
        kind: str,
        inputs: Sequence[str],
        output: str,
        *,
        domain: str = "",
        more: Sequence[str] = (),
        **attributes: float,
    ) -> str:
        given: dict[str, Any] = {"domain": domain, **attributes}
        self.nodes.append(helper.make_node(kind, list(inputs), [output, *more], **given))
        return output

    def product(self, source: str, weight: Tensor, name: str) -> str:
        """Multiply by a weight matrix of shape (outputs, inputs), rounded if it is known how."""
        rounding = self.rounding.get(source)
        if rounding is None:
            return self.add("MatMul", [source, self.keep(f"{name}.w", weight.T)], f"{name}.y")
        codes, scales = round_weight(weight * rounding.spread)
        scale = self.keep(f"{name}.a.s", np.asarray(rounding.scale, dtype=np.float32))
        zero = self.keep(f"{name}.a.z", np.asarray(rounding.zero, dtype=np.uint8))
        even = self.keep(f"{name}.even", (1.0 / rounding.spread).astype(np.float32))
        self.add("Mul", [source, even], f"{name}.evened")
        self.add("QuantizeLinear", [f"{name}.evened", scale, zero], f"{name}.rounded")
        weights = self.keep(f"{name}.q", codes.T)
        steps = self.keep(f"{name}.s", scales)
        return self.add(
            "MatMulIntegerToFloat",
            [f"{name}.rounded", weights, scale, steps, zero],
            f"{name}.y",
            domain=_FUSED,
        )


def build_graph(
    tensors: Mapping[str, Tensor],
    shape: Shape,
    rounding: Mapping[str, Rounding] = MappingProxyType({}),
    *,
    embedding_bits: int,
    head: Head | None = None,
    length: float = 1.0,
) -> onnx.ModelProto:
    """Return the model; its bytes depend on the arguments alone.

    `rounding` names, by the tensor that is multiplied (h0, l0.heads, l0.seen, l0.bent, h1, ...),
    how it is rounded; products of what is not named stay in floating point. With a head the
    outputs are those of `_bend`; without one `vector` has rows of `length`.
    """
    graph = _Graph(shape, rounding, embedding_bits)
    hidden = _embed(graph, tensors)
    for layer in range(shape.layers):
        hidden = _layer(graph, tensors, layer, hidden)
    unit = _pool(graph, hidden)
    outputs = (
        _scale(graph, unit, shape.hidden, length) if head is None else _bend(graph, unit, head)
    )
    ids, mask = (
        helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"])
        for name in ("input_ids", "attention_mask")
    )
    found = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["texts", width])
        for name, width in outputs.items()
    ]
    made = helper.make_graph(graph.nodes, "encoder", [ids, mask], found, graph.constants)
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_FUSED, 1)]
    model = helper.make_model(made, opset_imports=opsets, producer_name="encoder_build")
    model.ir_version = _IR_VERSION
    return model


def _embed(graph: _Graph, tensors: Mapping[str, Tensor]) -> str:
    words = tensors["embeddings.word_embeddings.weight"]
    found = _gather(graph, words)
    # Every token is of type 0, so its vector is part of each place's.
    places = (
        tensors["embeddings.position_embeddings.weight"]
        + tensors["embeddings.token_type_embeddings.weight"][0]
    )
    graph.keep("places", places)
    one, zero = graph.keep("one", np.array([1])), graph.keep("zero", np.array([0]))
    graph.add("Shape", ["input_ids"], "tokens.n", start=1, end=2)
    graph.add("Slice", ["places", zero, "tokens.n", zero, one], "places.used")
    graph.add("Add", [found, "places.used"], "embedded")
    return _normalise(graph, tensors, "embeddings.LayerNorm", "embedded", "h0")


def _gather(graph: _Graph, words: Tensor) -> str:
    codes, scales = quantise(words, graph.embedding_bits, _EMBEDDING_BLOCK)
    graph.keep("words.q", pack(codes, graph.embedding_bits))
    graph.keep("words.s", scales)
    return graph.add(
        "GatherBlockQuantized",
        ["words.q", "input_ids", "words.s"],
        "words.found",
        domain=_FUSED,
        bits=graph.embedding_bits,
        block_size=_EMBEDDING_BLOCK,
        gather_axis=0,
        quantize_axis=1,
    )


def _normalise(
    graph: _Graph, tensors: Mapping[str, Tensor], name: str, source: str, output: str
) -> str:
    weight = graph.keep(f"{name}.w", tensors[f"{name}.weight"])
    bias = graph.keep(f"{name}.b", tensors[f"{name}.bias"])
    return graph.add(
        "LayerNormalization",
        [source, weight, bias],
        output,
        axis=-1,
        epsilon=graph.shape.epsilon,
    )


def _layer(graph: _Graph, tensors: Mapping[str, Tensor], layer: int, hidden: str) -> str:
    at, name = f"encoder.layer.{layer}", f"l{layer}"
    three = [f"{at}.attention.self.{part}" for part in ("query", "key", "value")]
    weight = np.concatenate([tensors[f"{t}.weight"] for t in three])
    bias = np.concatenate([tensors[f"{t}.bias"] for t in three])
    joined = graph.product(hidden, weight, f"{name}.qkv")
    parts = [f"{name}.{part}" for part in "qkv"]
    graph.add("Split", [joined], parts[0], more=parts[1:], axis=-1, num_outputs=3)
    graph.add(
        "MultiHeadAttention",
        [*parts, graph.keep(f"{name}.qkv.b", bias), "mask"],
        f"{name}.heads",
        domain=_FUSED,
        num_heads=graph.shape.heads,
    )
    out = graph.product(
        f"{name}.heads", tensors[f"{at}.attention.output.dense.weight"], f"{name}.ao"
    )
    seen = _add_and_normalise(graph, tensors, f"{at}.attention.output", out, hidden, f"{name}.seen")
    inner = graph.product(seen, tensors[f"{at}.intermediate.dense.weight"], f"{name}.fi")
    graph.add(
        "BiasGelu",
        [inner, graph.keep(f"{name}.fi.b", tensors[f"{at}.intermediate.dense.bias"])],
        f"{name}.bent",
        domain=_FUSED,
    )
    outer = graph.product(f"{name}.bent", tensors[f"{at}.output.dense.weight"], f"{name}.fo")
    return _add_and_normalise(graph, tensors, f"{at}.output", outer, seen, f"h{layer + 1}")


def _add_and_normalise(
    graph: _Graph, tensors: Mapping[str, Tensor], at: str, new: str, old: str, output: str
) -> str:
    kept = [
        graph.keep(f"{output}.{short}", tensors[f"{at}.{part}"])
        for short, part in (("w", "LayerNorm.weight"), ("b", "LayerNorm.bias"), ("d", "dense.bias"))
    ]
    return graph.add(
        "SkipLayerNormalization",
        [new, old, *kept],
        output,
        domain=_FUSED,
        epsilon=graph.shape.epsilon,
    )


def _pool(graph: _Graph, hidden: str) -> str:
    """Take the mean of the tokens that are there and give it length one."""
    graph.nodes.insert(
        0, helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.INT32)
    )
    last = graph.keep("last", np.array([2]))
    graph.add("Cast", ["attention_mask"], "mask.f", to=TensorProto.FLOAT)
    graph.add("Unsqueeze", ["mask.f", last], "mask.wide")
    graph.add("Mul", [hidden, "mask.wide"], "tokens.present")
    graph.add("ReduceSum", ["tokens.present", "one"], "tokens.sum", keepdims=0)
    # The mean differs from the sum by a factor that the length takes away.
    return graph.add("LpNormalization", ["tokens.sum"], "mean", axis=-1, p=2)


def _scale(graph: _Graph, unit: str, width: int, length: float) -> dict[str, int]:
    graph.add("Mul", [unit, graph.keep("length", np.float32(length))], "vector")
    return {"vector": width}


def _bend(graph: _Graph, unit: str, head: Head) -> dict[str, int]:
    """Add what was fitted on the mean: `own`, the whole `vector`, and the odds of `english`.

    `own` is the first part of a row, with its share of the length; `vector` is a row whose second
    part is estimated.
    """
    width = head.own.shape[1]
    joined = np.concatenate([head.own, head.estimate, head.english[:, None]], axis=1)
    offset = np.concatenate([head.own_offset, head.estimate_offset, [head.english_offset]])
    graph.add("MatMul", [unit, graph.keep("head.w", joined.astype(np.float32))], "head.raw")
    graph.add("Add", ["head.raw", graph.keep("head.b", offset.astype(np.float32))], "head.y")
    graph.add(
        "Split",
        ["head.y", graph.keep("head.widths", np.array([width, width, 1]))],
        "own.long",
        more=["estimate.raw", "english"],
        axis=-1,
    )
    graph.add("LpNormalization", ["own.long"], "own.unit", axis=-1, p=2)
    first = graph.keep("share.own", np.float32(np.sqrt(1 - head.share)))
    second = graph.keep("share.estimate", np.float32(np.sqrt(head.share)))
    graph.add("Mul", ["own.unit", first], "own")
    graph.add("Mul", ["estimate.raw", second], "estimate")
    graph.add("Concat", ["own", "estimate"], "joined", axis=-1)
    graph.add("LpNormalization", ["joined"], "vector", axis=-1, p=2)
    return {"vector": 2 * width, "own": width, "english": 1}
