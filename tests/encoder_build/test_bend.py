"""Translations that lie beside their English strings are pulled towards them."""

from collections.abc import Iterator

import faiss
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from encoder_build.bend import Strings, fit_bend
from encoder_build.source import Tensor

from .tiny import unit

WIDTH = 16
COUNT, HAVING, HELD_OUT = 1536, 1024, 600


def made(count: int, seed: int) -> Strings:
    """Strings around a common direction; a translation is its string, turned and moved."""
    world = np.random.default_rng(0)
    turn = np.linalg.qr(np.eye(WIDTH) + 0.12 * world.normal(size=(WIDTH, WIDTH)))[0]
    turn *= np.sign(np.diag(turn))
    move = 0.25 * unit(world.normal(size=WIDTH))
    common = 1.5 * unit(world.normal(size=WIDTH))
    rng = np.random.default_rng(seed)
    meaning = unit(rng.normal(size=(count, WIDTH)))
    translated = np.sort(rng.permutation(count)[: count * HAVING // COUNT])
    own = unit(common + meaning)
    foreign = unit(own[translated] @ turn + move + 0.02 * rng.normal(size=(len(translated), WIDTH)))
    return Strings(
        own.astype(np.float32), meaning.astype(np.float32), foreign.astype(np.float32), translated
    )


def ranks(own: Tensor, foreign: Tensor, translated: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return, for each translation, how many strings are nearer to it than its own."""
    near = foreign @ own.T
    own_near = near[np.arange(len(foreign)), translated]
    nearer: NDArray[np.int64] = (near > own_near[:, None]).sum(1)
    return nearer


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    # So little work is slower on several threads, much slower where others use the processor.
    before = torch.get_num_threads(), faiss.omp_get_max_threads()
    torch.set_num_threads(1)
    faiss.omp_set_num_threads(1)
    yield
    torch.set_num_threads(before[0])
    faiss.omp_set_num_threads(before[1])


@pytest.fixture(scope="module")
def fitted() -> tuple[Tensor, Tensor]:
    return fit_bend(made(COUNT, seed=1), seed=2)


def test_translations_come_nearer_than_they_were(fitted: tuple[Tensor, Tensor]) -> None:
    held_out = made(HELD_OUT, seed=9)
    bend, offset = fitted
    own, foreign = (unit(v @ bend + offset) for v in (held_out.multilingual, held_out.translations))
    before = ranks(held_out.multilingual, held_out.translations, held_out.translated)
    after = ranks(own, foreign, held_out.translated)
    assert (1 / (1 + after)).mean() > (1 / (1 + before)).mean() + 0.02
    assert after.mean() < before.mean()


def test_the_map_stays_near_the_identity(fitted: tuple[Tensor, Tensor]) -> None:
    bend, offset = fitted
    assert (bend.shape, offset.shape) == ((WIDTH, WIDTH), (WIDTH,))
    assert bend.dtype == offset.dtype == np.float32
    assert 0 < np.abs(bend - np.eye(WIDTH)).max() < 0.3
    assert np.isfinite(offset).all()


def test_the_same_strings_and_seed_give_the_same_map() -> None:
    few = made(512, seed=3)
    first, second = fit_bend(few, seed=4), fit_bend(few, seed=4)
    assert first[0] == pytest.approx(second[0], abs=1e-5)
    assert first[1] == pytest.approx(second[1], abs=1e-5)
