"""A receiver of webhooks as a process of its own, well-behaved or not.

    python -m benchmarks.webhook_receiver steady --log FILE --port PORT

Says its port on standard output once it listens. Every message that arrives is a line of the log
before it is answered: its id, its question, the number within it, and when (seconds since 1970).
"""

import asyncio
import json
import random
import sys
import time
from argparse import ArgumentParser
from typing import TextIO

from aiohttp import web

MODES = ("steady", "slow", "lying", "flaky", "gone")
_GARBAGE = b"<html>\x00\xff this is no answer " * 200


def main() -> None:
    """Serve until ended."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("mode", choices=MODES)
    parser.add_argument("--log", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--slow-seconds", type=float, default=0.5)
    chosen = parser.parse_args()
    with open(chosen.log, "a", buffering=1, encoding="ascii") as log:
        asyncio.run(_serve(chosen.mode, log, chosen.port, chosen.slow_seconds))


async def _serve(mode: str, log: TextIO, port: int, slow: float) -> None:
    chance = random.Random(7)
    count = 0

    async def take(request: web.Request) -> web.StreamResponse:
        nonlocal count
        if mode == "gone":
            return web.Response(status=410)
        data = json.loads(await request.read())["data"]
        if mode == "flaky" and chance.random() < 0.2:
            return web.Response(status=503)
        told = (request.headers["webhook-id"], data["question_id"], str(data["number"]))
        log.write(" ".join((*told, f"{time.time():.6f}")) + "\n")
        count += 1
        if mode == "slow":
            await asyncio.sleep(slow)
        if mode == "lying":
            return web.Response(body=_GARBAGE, content_type="application/json")
        if mode == "flaky" and chance.random() < 0.1:
            # It has the message and hangs up without a word.
            assert request.transport is not None
            request.transport.abort()
        return web.Response(status=204)

    async def told(_: web.Request) -> web.Response:
        return web.Response(text=str(count))

    app = web.Application()
    app.router.add_post("/hook", take)
    app.router.add_get("/count", told)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port, reuse_address=True)
    await site.start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    main()
