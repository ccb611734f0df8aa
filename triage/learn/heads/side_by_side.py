"""Jobs that do without one another -> their results, some at a time, in threads.

In: functions that spend their time in matrix products, outside Python's lock. Out: what each
returned, in their order; which thread took which has no part in it.
Not here: worker processes for what holds the lock (linear).
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from threading import Event
from typing import TypeVar

from threadpoolctl import threadpool_limits

Heard = Callable[[str], None]
T = TypeVar("T")

_LOOK = 0.1  # seconds between two looks at what was said


@contextmanager
def plain_products() -> Iterator[None]:
    """Have matrices multiplied in the thread that asks for it.

    The matrix library's own threads wait by turning round: beside other work, and for small
    matrices, that costs more than they bring.
    """
    with threadpool_limits(1, "blas"):
        yield


def run_jobs(jobs: Sequence[Callable[[Heard], T]], workers: int, heard: Heard) -> list[T]:
    """Run each with something to tell how far it is: the caller's own thread hears of it.

    `heard` may raise, which ends the others too at the next thing they tell.
    """
    with plain_products():
        if workers <= 1 or len(jobs) <= 1:
            return [job(heard) for job in jobs]
        return _run_in_threads(jobs, workers, heard)


def _run_in_threads(jobs: Sequence[Callable[[Heard], T]], workers: int, heard: Heard) -> list[T]:
    said: SimpleQueue[str] = SimpleQueue()
    over = Event()

    def tell(message: str) -> None:
        if over.is_set():
            raise CancelledError
        said.put(message)

    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(job, tell) for job in jobs]
        try:
            while not all(future.done() for future in futures):
                try:
                    heard(said.get(timeout=_LOOK))
                except Empty:
                    continue
        except BaseException:
            over.set()
            pool.shutdown(cancel_futures=True)
            raise
        return [future.result() for future in futures]
