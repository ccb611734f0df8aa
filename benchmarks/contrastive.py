"""SetFit's idea for the table of heads: the packaged MiniLM learns which questions are of a kind.

In: the texts of one fold, the kinds of those it may see. Out: a row of each text, and the processor
time. The lower layers are read once and stay as they are; the upper ones are trained to bring cases
of a kind together and others apart (Tunstall et al., "Efficient few-shot learning without
prompts", 2022). Every pair of a batch counts, instead of drawing pairs one by one, which reads each
text many times less.
Not here: the linear model on the rows, the other steps (benchmarks.heads).
"""

import copy
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import ModuleList

from triage.encode import MINILM, open_encoder

# The packaged model has six layers; training all of them on long texts takes hours on two cores.
FROZEN = 4
_TOKENS = 128
_BATCH = 16
_RATE = 1e-4
_CHARACTERS_READ = 4_000


class ReadTexts:
    """Texts as the lower layers leave them."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Read the texts once."""
        opened: Any = open_encoder(MINILM)
        model = opened._model
        read = model.tokenizer(
            [text[:_CHARACTERS_READ] for text in texts],
            padding=True,
            truncation=True,
            max_length=_TOKENS,
            return_tensors="pt",
        )
        bert = model[0].auto_model
        self._present = read["attention_mask"].float()
        self._hidden_from = (1 - self._present)[:, None, None, :] * -1e9
        self.upper: ModuleList = bert.encoder.layer[FROZEN:]
        lower = bert.encoder.layer[:FROZEN]
        parts = []
        with torch.no_grad():
            for start in range(0, len(texts), _BATCH):
                batch = slice(start, start + _BATCH)
                state = bert.embeddings(input_ids=read["input_ids"][batch])
                parts.append(_through(lower, state, self._hidden_from[batch]))
        self._states = torch.cat(parts)

    def rows(self, layers: ModuleList, places: NDArray[np.int64]) -> Tensor:
        """Return unit rows of some of the texts by these upper layers."""
        chosen = torch.from_numpy(places)
        present = self._present[chosen]
        longest = int(present.sum(1).max())
        state = _through(
            layers, self._states[chosen, :longest], self._hidden_from[chosen, :, :, :longest]
        )
        weight = present[:, :longest, None]
        mean = (state * weight).sum(1) / weight.sum(1)
        return torch.nn.functional.normalize(mean, dim=1)

    def all_rows(self, layers: ModuleList) -> NDArray[np.float32]:
        """Return unit rows of all texts, nothing being trained."""
        layers.eval()
        starts = range(0, len(self._states), _BATCH)
        with torch.no_grad():
            rows = [
                self.rows(layers, np.arange(s, min(s + _BATCH, len(self._states)))).numpy()
                for s in starts
            ]
        return np.vstack(rows)


def adapted_rows(
    read: ReadTexts, seen: NDArray[np.int64], truth: NDArray[np.int64], epochs: int, seed: int = 0
) -> tuple[NDArray[np.float32], float]:
    """Train on the seen texts; return a row of every text, and the seconds of the training."""
    began = time.process_time()
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    layers = copy.deepcopy(read.upper).train()
    optimiser = torch.optim.AdamW(layers.parameters(), lr=_RATE)
    for _ in range(epochs):
        order = rng.permutation(len(seen))
        for start in range(0, len(seen), _BATCH):
            chosen = order[start : start + _BATCH]
            loss = _apart(read.rows(layers, seen[chosen]), torch.from_numpy(truth[chosen]))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    seconds = time.process_time() - began
    return read.all_rows(layers), seconds


def _through(layers: ModuleList, state: Tensor, hidden_from: Tensor) -> Tensor:
    for layer in layers:
        state = layer(state, attention_mask=hidden_from)
        state = state[0] if isinstance(state, tuple) else state
    return state


def _apart(rows: Tensor, kinds: Tensor) -> Tensor:
    """Cosines of pairs should be 1 within a kind and 0 across; both sorts weigh the same."""
    same = (kinds[:, None] == kinds[None]).float()
    missed = (rows @ rows.T - same) ** 2
    alike = same * (1 - torch.eye(len(rows)))
    other = 1 - same
    return (missed * alike).sum() / alike.sum().clamp(min=1) + (missed * other).sum() / (
        other.sum().clamp(min=1)
    )
