"""Weights in blocks: exact where they can be, near elsewhere."""

import numpy as np
import pytest

from encoder_build.blocks import Codes, pack, quantise
from encoder_build.source import Tensor

from .tiny import four_bit_blocks, weights_of


def restored(codes: Codes, scales: Tensor, bits: int, block: int) -> Tensor:
    weight: Tensor = (codes.astype(np.float32) - 2 ** (bits - 1)) * np.repeat(scales, block, axis=1)
    return weight


def test_weights_that_are_in_four_bits_already_are_kept_exactly() -> None:
    weight = weights_of(*four_bit_blocks(np.random.default_rng(0), 50, 96))
    codes, scales = quantise(weight, 4, 32)
    assert (codes.shape, scales.shape, codes.max()) == ((50, 96), (50, 3), 15)
    np.testing.assert_array_equal(restored(codes, scales, 4, 32), weight)


@pytest.mark.parametrize(("bits", "block"), [(4, 32), (4, 16), (8, 32)])
def test_no_weight_is_further_off_than_the_widest_step_allows(bits: int, block: int) -> None:
    weight = np.random.default_rng(1).standard_t(4, (64, 96)).astype(np.float32)
    codes, scales = quantise(weight, bits, block)
    off = np.abs(restored(codes, scales, bits, block) - weight).reshape(64, -1, block)
    # The largest weight may be cut by a fifth at four bits, and by one step at eight.
    step = np.abs(weight).reshape(64, -1, block).max(-1) / 2 ** (bits - 1)
    assert (off.max(-1) <= step * (2.4 if bits == 4 else 1.0) + 1e-6).all()


def test_trying_shorter_scales_never_does_worse_than_the_plain_one() -> None:
    weight = np.random.default_rng(2).normal(size=(200, 32)).astype(np.float32)
    codes, scales = quantise(weight, 4, 32)
    peak = weight[np.arange(200), np.abs(weight).argmax(1)][:, None]
    plain = np.clip(np.rint(weight / (-peak / 8)), -8, 7) * (-peak / 8)
    error = np.square(restored(codes, scales, 4, 32) - weight).sum(1)
    assert (error <= np.square(plain - weight).sum(1) + 1e-6).all()
    assert error.sum() < 0.95 * np.square(plain - weight).sum()


@pytest.mark.parametrize("bits", [4, 8])
def test_a_block_of_zeros_stays_zero(bits: int) -> None:
    codes, scales = quantise(np.zeros((2, 32), dtype=np.float32), bits, 32)
    assert (restored(codes, scales, bits, 32) == 0).all()
    assert np.isfinite(scales).all()


def test_the_first_of_two_codes_lies_in_the_low_half() -> None:
    codes = np.array([[1, 2, 3, 15]], dtype=np.uint8)
    assert pack(codes, 4).tolist() == [[0x21, 0xF3]]
    assert pack(codes, 8) is codes
