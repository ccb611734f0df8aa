"""Readers together, writers alone, and no writer is kept waiting for ever."""

import threading
from concurrent.futures import ThreadPoolExecutor

from triage.retrieve.turns import Turns

WAIT = 10.0


def test_readers_are_inside_together() -> None:
    turns, met = Turns(), threading.Barrier(3)

    def read() -> bool:
        with turns.reading():
            met.wait(WAIT)
        return True

    with ThreadPoolExecutor(3) as pool:
        assert all(f.result(WAIT) for f in [pool.submit(read) for _ in range(3)])


def test_a_writer_is_inside_alone() -> None:
    turns, inside, seen = Turns(), [], []

    def write(number: int) -> None:
        for _ in range(200):
            with turns.writing():
                inside.append(number)
                seen.append(len(inside))
                inside.pop()

    def read() -> None:
        for _ in range(200):
            with turns.reading():
                seen.append(1 + len(inside))

    with ThreadPoolExecutor(4) as pool:
        work = [pool.submit(write, 1), pool.submit(write, 2), pool.submit(read), pool.submit(read)]
        for each in work:
            each.result(WAIT)
    assert set(seen) == {1}


def test_a_waiting_writer_goes_before_readers_that_come_later() -> None:
    turns, order = Turns(), []
    first_inside, let_out = threading.Event(), threading.Event()

    def first() -> None:
        with turns.reading():
            first_inside.set()
            let_out.wait(WAIT)

    def write() -> None:
        with turns.writing():
            order.append("writer")

    def late() -> None:
        with turns.reading():
            order.append("reader")

    threads = [threading.Thread(target=t) for t in (first, write)]
    threads[0].start()
    first_inside.wait(WAIT)
    threads[1].start()
    while not turns.waiting:
        threading.Event().wait(0.001)
    threads.append(threading.Thread(target=late))
    threads[2].start()
    let_out.set()
    for thread in threads:
        thread.join(WAIT)
    assert order == ["writer", "reader"]


def test_an_error_inside_lets_the_next_one_in() -> None:
    turns = Turns()
    for turn in (turns.reading, turns.writing):
        try:
            with turn():
                raise KeyError
        except KeyError:
            pass
    with turns.writing():
        assert turns.waiting == 0
