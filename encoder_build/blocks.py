"""Rounding of weights in blocks that share one scale, as ONNX Runtime's operators store them.

In: float matrices, bits, block length. Out: unsigned codes around a middle value, and scales.
Of the scales that map a block's largest weight to the end of the codes, and some shorter ones, the
one with the least squared error is kept.
"""

import numpy as np
from numpy.typing import NDArray

from encoder_build.source import Tensor

Codes = NDArray[np.uint8]
_SHRUNK = {4: (1.0, 0.95, 0.9, 0.85, 0.8), 8: (1.0,)}


def quantise(weight: Tensor, bits: int, block: int) -> tuple[Codes, Tensor]:
    """Return codes of the weight's shape and scales of shape (rows, columns / block)."""
    rows, columns = weight.shape
    blocks = weight.reshape(rows, columns // block, block).astype(np.float32)
    middle = 1 << (bits - 1)
    peak = np.take_along_axis(blocks, np.abs(blocks).argmax(-1)[..., None], -1)
    best = np.full(peak.shape, np.inf, dtype=np.float32)
    codes = np.zeros(blocks.shape, dtype=np.uint8)
    scales = np.ones(peak.shape, dtype=np.float32)
    for shrink in _SHRUNK[bits]:
        # The lower end reaches one code further: the largest weight goes there, whatever its sign.
        scale = np.where(peak == 0.0, 1.0, -peak * shrink / middle).astype(np.float32)
        tried = np.clip(np.rint(blocks / scale) + middle, 0, 2 * middle - 1)
        error = np.square((tried - middle) * scale - blocks).sum(-1, keepdims=True)
        better = error < best
        best = np.where(better, error, best)
        scales = np.where(better, scale, scales)
        codes = np.where(better, tried.astype(np.uint8), codes)
    return codes.reshape(rows, columns), scales[..., 0]


def pack(codes: Codes, bits: int) -> Codes:
    """Put two 4-bit codes into a byte, the first in the low half; 8-bit codes are left alone."""
    if bits == 8:
        return codes
    low, high = codes[..., 0::2], codes[..., 1::2]
    return (low | (high << 4)).astype(np.uint8)
