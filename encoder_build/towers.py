"""A published model, cut to the pieces that six languages need, and its vectors while building.

In: a Source and its tokenizer. Out: a Tower: tensors, sizes, tokenizer. `vectors` runs the tower
in floating point over many texts, equal lengths together so that nothing is padded.
Not here: rounding (calibrate), the shipped files (export).
"""

import hashlib
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import onnx
import onnxruntime
from tokenizers import Tokenizer

from encoder_build.graph import build_graph
from encoder_build.head import Matrix
from encoder_build.source import Shape, Tensor

MOST_TOKENS = 256
_BATCH = 64
_PARTS = 40


@dataclass(frozen=True, slots=True)
class Tower:
    """A transformer that can be built into a graph, with the tokenizer that feeds it."""

    tensors: dict[str, Tensor]
    shape: Shape
    tokenizer: Tokenizer
    embedding_bits: int

    def digest(self) -> str:
        """Return what tells this tower from every other: of its weights and its pieces."""
        found = hashlib.sha256(self.tokenizer.to_str().encode())
        for name in sorted(self.tensors):
            found.update(name.encode())
            found.update(np.ascontiguousarray(self.tensors[name]).tobytes())
        return found.hexdigest()


def vectors(tower: Tower, texts: Sequence[str], workers: int, name: str) -> Matrix:
    """Return the tower's unit rows, shape (len(texts), hidden), telling progress."""
    graph = build_graph(tower.tensors, tower.shape, embedding_bits=tower.embedding_bits)
    session = open_session(graph)
    found = tower.tokenizer.encode_batch(list(texts))
    by_length: dict[int, list[int]] = {}
    for place, tokens in enumerate(found):
        by_length.setdefault(len(tokens.ids), []).append(place)
    batches = [
        places[i : i + _BATCH]
        for _, places in sorted(by_length.items())
        for i in range(0, len(places), _BATCH)
    ]
    rows = np.empty((len(texts), tower.shape.hidden), dtype=np.float32)

    def run(places: Sequence[int]) -> None:
        ids = np.array([found[p].ids for p in places])
        rows[places] = session.run(
            ["vector"], {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        )[0]

    started = time.monotonic()
    with ThreadPoolExecutor(workers) as pool:
        for done, _ in enumerate(pool.map(run, batches), start=1):
            if done % max(1, len(batches) // _PARTS) == 0:
                spent = time.monotonic() - started
                sys.stderr.write(f"{name}: batch {done} of {len(batches)}, {spent:.0f} s\n")
    return rows


def open_session(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    """Open a graph for one thread; several threads may run it at once."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
