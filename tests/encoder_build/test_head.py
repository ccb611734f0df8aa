"""What is fitted on top of a tower finds what was put into the data."""

from pathlib import Path

import numpy as np
import pytest

from encoder_build.head import Head, fit_english, fit_estimate, load_head

from .tiny import unit

RNG = np.random.default_rng(3)
WIDTH = 12


def test_the_estimate_recovers_a_known_map() -> None:
    rows = RNG.normal(size=(4000, WIDTH)).astype(np.float32)
    known, offset = RNG.normal(size=(WIDTH, WIDTH)), RNG.normal(size=WIDTH)
    noise = 0.01 * RNG.normal(size=rows.shape)
    found, found_offset = fit_estimate(rows, (rows @ known + offset + noise).astype(np.float32))
    assert found == pytest.approx(known, abs=0.02)
    assert found_offset == pytest.approx(offset, abs=0.02)
    assert found.dtype == found_offset.dtype == np.float32


def test_an_estimate_from_rows_that_say_nothing_is_the_mean() -> None:
    rows = unit(RNG.normal(size=(400, WIDTH)).astype(np.float32))
    targets = (2.0 + RNG.normal(size=(400, WIDTH))).astype(np.float32)
    found, offset = fit_estimate(rows, targets)
    estimates = rows @ found + offset
    assert np.abs(estimates - targets.mean(0)).max() < 1.0
    assert estimates.mean(0) == pytest.approx(targets.mean(0), abs=1e-3)


def test_the_sign_of_english_tells_languages_apart() -> None:
    english = RNG.random(600) < 0.5
    middle = np.where(english, 0.5, -0.5)[:, None] * np.eye(WIDTH)[2]
    rows = unit((middle + 0.1 * RNG.normal(size=(600, WIDTH))).astype(np.float32))
    sign, offset = fit_english(rows[:400], english[:400])
    assert sign.shape == (WIDTH,)
    assert (((rows[400:] @ sign + offset) > 0) == english[400:]).mean() > 0.98


def test_a_head_that_was_saved_is_loaded_equal(tmp_path: Path) -> None:
    square, flat = (RNG.normal(size=(2, *size)).astype(np.float32) for size in [(5, 5), (5,)])
    head = Head(square[0], flat[0], square[1], flat[1], flat[0], -0.25, 0.2)
    head.save(tmp_path / "head.npz")
    found = load_head(tmp_path / "head.npz")
    for name in Head.__slots__:
        kept, read = getattr(head, name), getattr(found, name)
        assert type(read) is type(kept), name
        np.testing.assert_array_equal(read, kept, err_msg=name)
