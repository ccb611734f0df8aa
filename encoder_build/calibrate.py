"""How each activation is rounded to eight bits: found on texts, fixed in the graph.

In: the floating-point graph and texts. Out: per multiplied tensor a scale, a zero point and a
spread per channel. Fixed rounding, unlike rounding by what a batch happens to hold, gives a text
the same vector alone and in company. A few channels of a BERT are a hundred times larger than the
rest and would take all the codes; part of their size is moved into the weights (Xiao et al.,
"SmoothQuant", 2023), and the range is cut where the squared error is least.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper
from tokenizers import Tokenizer

from encoder_build.source import Tensor

# How much of an outlier the weights take over; the best is chosen for each tensor.
_SHARES = (0.4, 0.55, 0.7, 0.85)
_CUTS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4)
_ROWS_KEPT = 4096
# Codes of weights stop at 6 bits and a sign: the 16-bit sums of older processors (AVX2 without
# VNNI) would otherwise overflow silently.
_WEIGHT_PEAK = 63


@dataclass(frozen=True, slots=True)
class Rounding:
    """x is kept as round(x / spread / scale) + zero, within 0 to 255."""

    spread: Tensor
    scale: float
    zero: int


def round_weight(weight: Tensor) -> tuple[NDArray[np.int8], Tensor]:
    """Return codes of shape (outputs, inputs) and one scale per output."""
    scales = np.abs(weight).max(axis=1) / _WEIGHT_PEAK
    scales = np.where(scales > 0, scales, 1.0).astype(np.float32)
    codes = np.rint(weight / scales[:, None]).astype(np.int8)
    return codes, scales


def observe(
    model: onnx.ModelProto, tokenizer: Tokenizer, texts: Sequence[str], names: Sequence[str]
) -> Mapping[str, Tensor]:
    """Return rows of each named tensor over the texts, at most a few thousand, chosen evenly."""
    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    watched.graph.output.extend(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names
    )
    session = onnxruntime.InferenceSession(
        watched.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    rows: dict[str, list[Tensor]] = {name: [] for name in names}
    for text in texts:
        ids = np.array([tokenizer.encode(text).ids])
        seen = session.run(list(names), {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        for name, values in zip(names, seen, strict=True):
            rows[name].append(values[0])
    return {name: _thinned(np.concatenate(found)) for name, found in rows.items()}


def find_rounding(rows: Tensor, weight: Tensor) -> Rounding:
    """Choose spread, scale and zero for a tensor that `weight` (outputs, inputs) multiplies."""
    size = np.maximum(np.abs(rows).max(axis=0), 1e-5)
    pull = np.maximum(np.abs(weight).max(axis=0), 1e-5)
    tried = []
    for share in _SHARES:
        spread = (size**share / pull ** (1 - share)).astype(np.float32)
        spread /= np.exp(np.log(spread).mean())
        tried += [_cut(rows, weight, spread, cut) for cut in _CUTS]
    return min(tried, key=lambda found: found[0])[1]


def _cut(rows: Tensor, weight: Tensor, spread: Tensor, cut: float) -> tuple[float, Rounding]:
    """Return the error that the product suffers when the range is cut, and the rounding."""
    even = rows / spread
    low, high = min(float(even.min()), 0.0) * cut, max(float(even.max()), 0.0) * cut
    scale = (high - low) / 255
    zero = int(np.clip(np.rint(-low / scale), 0, 255))
    kept = (np.clip(np.rint(even / scale) + zero, 0, 255) - zero) * scale
    codes, steps = round_weight(weight * spread)
    wanted = rows[::8] @ weight.T
    got = kept[::8] @ (codes * steps[:, None]).T
    return float(np.square(wanted - got).mean()), Rounding(spread, scale, zero)


def _thinned(rows: Tensor) -> Tensor:
    step = max(1, len(rows) // _ROWS_KEPT)
    return np.ascontiguousarray(rows[::step])
