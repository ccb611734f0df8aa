"""One transformer under ONNX Runtime with its tokenizer: the only file that imports either.

In: the checked bytes of a graph and a tokenizer, texts. Out: the rows of the graph's outputs.
Not here: which towers an encoder has and how their rows are joined (runtime).
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from triage.encode.base import Vectors
from triage.encode.manifest import Manifest
from triage.encode.reading import readable
from triage.errors import EncoderMissing, EncodingFailed

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

# Longer than the longest pieces of usual vocabularies, so that the cut leaves a full window.
_CHARACTERS_PER_TOKEN = 16
# Places of a batch, padding included. Larger batches were slower (their activations fall out of
# the processor's caches) and took more memory.
_BATCH_TOKENS = 512
# Texts that are tokens at a time: what is held besides the vectors does not grow with the work.
_TOKENISED = 1024
_PADS = ("<pad>", "[PAD]")

Rows = Mapping[str, Vectors]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Texts of similar length as token ids, and where their rows belong."""

    places: list[int]
    ids: list[list[int]]


class Tower:
    """A graph in one session, which several threads may share."""

    def __init__(self, manifest: Manifest, graph: str, tokenizer: str, threads: int) -> None:
        """Load two of the manifest's files. Raises EncoderMissing and EncoderAltered."""
        self._called = manifest.called
        self._most_tokens = manifest.most_tokens
        self._threads = threads
        # Checked and loaded are the same bytes: a file that changes in between changes nothing.
        self._tokenizer, self._pad = _tokenizer(manifest, tokenizer)
        self._session = _session(manifest, graph, threads)
        self.outputs = tuple(output.name for output in self._session.get_outputs())

    def read(self, texts: Sequence[str], prompt: str) -> Rows:
        """Return each output's rows in the order of the texts; long texts are cut."""
        rows: dict[str, Vectors] = {}
        longest_first = sorted(range(len(texts)), key=lambda i: len(texts[i]), reverse=True)
        for start in range(0, len(texts), _TOKENISED):
            batches = list(self._batches(texts, longest_first[start : start + _TOKENISED], prompt))
            for batch, found in zip(batches, self._rows_of(batches), strict=True):
                for name, part in found.items():
                    if name not in rows:
                        rows[name] = np.empty((len(texts), part.shape[1]), dtype=np.float32)
                    rows[name][batch.places] = part
        return rows

    def _batches(
        self, texts: Sequence[str], places: Sequence[int], prompt: str
    ) -> Iterator[_Batch]:
        most = self._most_tokens * _CHARACTERS_PER_TOKEN
        read = self._tokenizer.encode_batch_fast(
            [prompt + readable(texts[i], most) for i in places]
        )
        # A tokenizer without special tokens may find nothing that it knows in a text.
        tokens = sorted(
            ((i, found.ids or [self._pad]) for i, found in zip(places, read, strict=True)),
            key=lambda text: len(text[1]),
            reverse=True,
        )
        batch = _Batch([], [])
        for place, ids in tokens:
            if batch.ids and (len(batch.ids) + 1) * len(batch.ids[0]) > _BATCH_TOKENS:
                yield batch
                batch = _Batch([], [])
            batch.places.append(place)
            batch.ids.append(ids)
        yield batch

    def _rows_of(self, batches: Sequence[_Batch]) -> Iterator[Rows]:
        # Batches side by side wait for each other once; threads within an operator wait at every
        # one of some two hundred, and took a sixth more processor time for the same texts. Those
        # are for a single batch: one draft. A session runs for several threads at once.
        if self._threads == 1 or len(batches) == 1:
            yield from map(self._run, batches)
            return
        with ThreadPoolExecutor(self._threads) as pool:
            yield from pool.map(self._run, batches)

    def _run(self, batch: _Batch) -> Rows:
        ids, mask = _padded(batch.ids, self._pad)
        try:
            found = self._session.run(self.outputs, {"input_ids": ids, "attention_mask": mask})
        except Exception as error:  # what it raises has no common root but this
            raise EncodingFailed(self._called, type(error).__name__) from error
        rows = {
            n: np.asarray(f, dtype=np.float32) for n, f in zip(self.outputs, found, strict=True)
        }
        for name, part in rows.items():
            if part.ndim != 2 or len(part) != len(batch.ids):
                raise EncodingFailed(self._called, f"its {name} has shape {part.shape}")
        return rows


def _tokenizer(manifest: Manifest, file: str) -> tuple["Tokenizer", int]:
    # Its own threads would be as many as the machine has cores, whatever an encode may use.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from tokenizers import Tokenizer

    content = manifest.read(file)
    try:
        tokenizer = Tokenizer.from_buffer(content)
        # The special tokens are counted and kept: the end of the text is what gives way.
        tokenizer.enable_truncation(manifest.most_tokens)
    except Exception as error:  # it raises nothing more special
        raise EncoderMissing(manifest.called, f"its {file} cannot be loaded") from error
    pads = [p for p in map(tokenizer.token_to_id, _PADS) if p is not None]
    if not pads:
        raise EncoderMissing(manifest.called, f"its {file} has no {' or '.join(_PADS)}")
    if tokenizer.num_special_tokens_to_add(False) >= manifest.most_tokens:
        raise EncoderMissing(manifest.called, "its most_tokens leaves no room for a text")
    tokenizer.no_padding()
    return tokenizer, pads[0]


def _session(manifest: Manifest, file: str, threads: int) -> "InferenceSession":
    # The published builds report their use to their maker unless this is set before they load.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # The graph is a chain: there is never a second operator to run beside the first.
    options.inter_op_num_threads = 1
    # Threads that wait for the next operator would keep a core busy that another worker, or a
    # training run, could use. Sleeping costs some microseconds per operator.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Memory plans are kept per shape, and hardly two batches have the same.
    options.enable_mem_pattern = False
    content = manifest.read(file)
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # what it raises has no common root but this
        raise EncoderMissing(
            manifest.called, f"ONNX Runtime {onnxruntime.__version__} cannot load its {file}"
        ) from error


def _padded(ids: Sequence[Sequence[int]], pad: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    shape = (len(ids), max(map(len, ids)))
    padded = np.full(shape, pad, dtype=np.int64)
    mask = np.zeros(shape, dtype=np.int64)
    for row, (read, text) in enumerate(zip(mask, ids, strict=True)):
        padded[row, : len(text)] = text
        read[: len(text)] = 1
    return padded, mask
