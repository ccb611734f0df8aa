import threading
from collections.abc import Callable
from functools import partial

import pytest

from triage.learn.heads.side_by_side import run_jobs


def square(number: int, heard: Callable[[str], None]) -> int:
    heard(f"{number} is squared")
    return number * number


@pytest.mark.parametrize("workers", [1, 3])
def test_results_come_in_the_order_of_the_jobs(workers: int) -> None:
    jobs = [partial(square, number) for number in range(20)]
    assert run_jobs(jobs, workers, lambda _: None) == [number**2 for number in range(20)]
    assert run_jobs(jobs[:0], workers, lambda _: None) == []


def test_what_a_job_raises_is_raised() -> None:
    def fail(_: Callable[[str], None]) -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_jobs([fail, partial(square, 1)], 2, lambda _: None)


def test_a_listener_that_gives_up_ends_all_jobs_and_hears_in_its_own_thread() -> None:
    ended = []
    heard_in = set()

    def endless(heard: Callable[[str], None]) -> None:
        try:
            while True:
                heard("still here")
                threading.Event().wait(0.01)
        finally:
            ended.append(1)

    def give_up(_: str) -> None:
        heard_in.add(threading.current_thread())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_jobs([endless, endless], 2, give_up)
    assert len(ended) == 2
    assert heard_in == {threading.current_thread()}
