"""Encoders taking turns at the same texts, each in a process of its own.

Turns in one run cancel what the machine does meanwhile; processes of their own keep one model's
threads and settings from another's.
"""

import multiprocessing
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection

from triage.encode import TextRole, open_encoder

# Some runtimes keep their threads spinning for a moment, which would slow the next one's turn.
_PAUSE_SECONDS = 0.1

Batches = Sequence[Sequence[str]]
Seconds = list[float]


def take_turns(
    encoders: Mapping[str, str], batches: Batches, role: TextRole, *, threads: int, rounds: int
) -> dict[str, list[Seconds]]:
    """Return, for each label, the seconds of each batch in each round; the order turns round."""
    found: dict[str, list[Seconds]] = {label: [] for label in encoders}
    with ExitStack() as stack:
        workers = {
            label: stack.enter_context(_working(name, threads)) for label, name in encoders.items()
        }
        for place in range(-1, rounds):
            labels = list(encoders)
            first = place % len(labels)
            for label in labels[first:] + labels[:first]:
                time.sleep(_PAUSE_SECONDS)
                workers[label].send((batches, role))
                seconds = workers[label].recv()
                if place >= 0:  # the round before the first only warms up
                    found[label].append(seconds)
    return found


@contextmanager
def _working(name: str, threads: int) -> Iterator[Connection]:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_work, args=(there, name, threads), daemon=True)
    process.start()
    # Ours must be closed, or a worker that fails to start would be waited for without end.
    there.close()
    try:
        yield here
        here.send(None)
        process.join()
    finally:
        process.terminate()
        here.close()


def _work(pipe: Connection, name: str, threads: int) -> None:
    encoder = open_encoder(name, threads=threads)
    if encoder is None:
        raise ValueError("`none` encodes nothing that could be timed.")
    while (task := pipe.recv()) is not None:
        batches, role = task
        seconds = []
        for batch in batches:
            started = time.perf_counter()
            encoder.encode(batch, role)
            seconds.append(time.perf_counter() - started)
        pipe.send(seconds)
