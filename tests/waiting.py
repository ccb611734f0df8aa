"""Waiting for what other processes do."""

import os
import time
from collections.abc import Callable


def wait_for(condition: Callable[[], bool], seconds: float = 300) -> None:
    deadline, pause = time.monotonic() + seconds, 0.05
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(pause)
        # Whoever looks often takes from the process that is waited for.
        pause = min(1.2 * pause, 0.5)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
