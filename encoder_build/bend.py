"""The linear map that pulls translations together without losing what English vectors know.

In: vectors of English strings (multilingual and English tower) and of translations. Out: the map.
Each batch holds strings that resemble one another. The similarities within it are to follow a
teacher, the mean of both towers' similarities on the English side, for English with English,
translation with English and translation with translation (Kullback-Leibler divergence of soft
rankings, as in similarity distillation; Reimers and Gurevych, "Making monolingual sentence
embeddings multilingual using knowledge distillation", 2020, fit vectors instead).
Not here: what the map is part of (head).
"""

from dataclasses import dataclass

import faiss
import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from encoder_build.head import Matrix

# How sharp rankings are: similarities of the multilingual tower lie close together.
_SHARPNESS, _TEACHER_SHARPNESS = 0.02, 0.06
_NARROW_MEAN, _NARROW_WIDTH = 0.75, 0.25
_PENALTY = 3e-3
_RATE = 1e-3
_EPOCHS = 6
_BATCH, _CHUNK = 512, 64
_PER_CLUSTER = 40
# Only so much of the map is used: all of it costs English more than it gains the others.
_STRENGTH = 0.75


@dataclass(frozen=True, slots=True)
class Strings:
    """Vectors of English strings, and of the translations that some of them have.

    `translated[k]` is the row among English strings that translation k belongs to.
    """

    multilingual: Matrix
    english: Matrix
    translations: Matrix
    translated: NDArray[np.int64]


def fit_bend(strings: Strings, seed: int) -> tuple[Matrix, Matrix]:
    """Return the map (d, d), near the identity, and the offset (d,)."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    width = strings.multilingual.shape[1]
    bend = torch.zeros(width, width, requires_grad=True)
    offset = torch.zeros(width, requires_grad=True)
    optimiser = torch.optim.Adam([bend, offset], lr=_RATE)
    clusters = _clusters(strings.english, seed)
    place = np.full(len(strings.english), -1)
    place[strings.translated] = np.arange(len(strings.translated))
    steps = _EPOCHS * len(place) // _BATCH
    taken = 0
    for _ in range(_EPOCHS):
        for rows in _batches(clusters, rng):
            loss = _loss(strings, place, rows, bend, offset)
            penalty = _PENALTY * (bend.square().sum() + offset.square().sum())
            optimiser.zero_grad()
            (loss + penalty).backward()
            optimiser.step()
            taken += 1
            for group in optimiser.param_groups:
                group["lr"] = _RATE * (1 - taken / (steps + 1))
    kept = _STRENGTH * bend.detach().numpy() + np.eye(width, dtype=np.float32)
    return kept.astype(np.float32), (_STRENGTH * offset.detach().numpy()).astype(np.float32)


def _loss(
    strings: Strings,
    place: NDArray[np.int64],
    rows: NDArray[np.int64],
    bend: torch.Tensor,
    offset: torch.Tensor,
) -> torch.Tensor:
    def bent(vectors: Matrix) -> torch.Tensor:
        known = torch.from_numpy(vectors)
        return functional.normalize(known + known @ bend + offset, dim=-1)

    own, other = strings.multilingual[rows], strings.english[rows]
    narrow = (own @ own.T - _NARROW_MEAN) / _NARROW_WIDTH
    teacher = torch.from_numpy(0.5 * (other @ other.T) + 0.5 * narrow)
    english = bent(own)
    having = np.flatnonzero(place[rows] >= 0)
    foreign = bent(strings.translations[place[rows[having]]])
    among = _divergence(english @ english.T, teacher, itself=False)
    if len(having) == 0:
        return among
    return (
        among
        + _divergence(foreign @ english.T, teacher[having], itself=True)
        + 0.5 * _divergence(foreign @ foreign.T, teacher[having][:, having], itself=False)
    )


def _divergence(found: torch.Tensor, teacher: torch.Tensor, *, itself: bool) -> torch.Tensor:
    if not itself:
        # A text is nearest to itself in every space; that teaches nothing.
        same = torch.eye(len(found), dtype=torch.bool)
        found, teacher = found.masked_fill(same, -1e4), teacher.masked_fill(same, -1e4)
    return functional.kl_div(
        functional.log_softmax(found / _SHARPNESS, -1),
        functional.softmax(teacher / _TEACHER_SHARPNESS, -1),
        reduction="batchmean",
    )


def _clusters(rows: Matrix, seed: int) -> NDArray[np.int64]:
    means = faiss.Kmeans(rows.shape[1], max(1, len(rows) // _PER_CLUSTER), niter=5, seed=seed)
    means.train(rows)
    found: NDArray[np.int64] = means.index.search(rows, 1)[1][:, 0]
    return found


def _batches(clusters: NDArray[np.int64], rng: np.random.Generator) -> list[NDArray[np.int64]]:
    """Cut the strings, cluster by cluster, into chunks, and shuffle those into batches."""
    order = np.lexsort((rng.random(len(clusters)), rng.random(clusters.max() + 1)[clusters]))
    chunks = [order[i : i + _CHUNK] for i in range(0, len(order), _CHUNK)]
    shuffled = [chunks[i] for i in rng.permutation(len(chunks))]
    together = _BATCH // _CHUNK
    return [
        np.concatenate(shuffled[i : i + together])
        for i in range(0, len(shuffled) - together + 1, together)
    ]
