"""Drafts -> a server, over so many connections at once; each asks again once it is answered.

In: one JSON object on standard input: address, method, headers, connections, and the calls (bodies
or queries) in sessions: those of one session follow each other on one connection.
Out: one JSON object: milliseconds of each answer, seconds by the clock, its own processor seconds.
It is a process of its own, so that what it takes is not the server's, and can be subtracted.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import Iterator
from itertools import chain
from typing import Any

import aiohttp

_LONGEST_WAIT = aiohttp.ClientTimeout(total=120)


def main() -> None:
    """Ask what standard input says, and print what was measured."""
    order = json.load(sys.stdin)
    json.dump(asyncio.run(_ask(order)), sys.stdout)


async def _ask(order: dict[str, Any]) -> dict[str, Any]:
    sessions = iter(order["sessions"])
    took: list[float] = []
    connector = aiohttp.TCPConnector(limit=order["connections"])
    async with aiohttp.ClientSession(
        connector=connector, headers=order["headers"], timeout=_LONGEST_WAIT
    ) as session:
        own, started = _processor_seconds(), time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for _ in range(order["connections"]):
                group.create_task(_one_connection(session, order, sessions, took))
        wall = time.perf_counter() - started
    return {"milliseconds": took, "wall": wall, "own": _processor_seconds() - own}


async def _one_connection(
    session: aiohttp.ClientSession,
    order: dict[str, Any],
    sessions: Iterator[list[dict[str, Any]]],
    took: list[float],
) -> None:
    for call in chain.from_iterable(sessions):
        started = time.perf_counter()
        async with session.request(order["method"], order["url"], **call) as reply:
            await reply.read()
            reply.raise_for_status()
        took.append((time.perf_counter() - started) * 1000)


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
