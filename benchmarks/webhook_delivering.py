"""What `python -m triage deliver` does, by a clock that runs faster: an hour need not take one.

    python -m benchmarks.webhook_delivering --data DIR --key KEY --began SECONDS --speed 20

Everything but the clock and how long an answer is waited for is what the command has.
"""

import asyncio
import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from triage import store
from triage.connect.outgoing import Outgoing
from triage.delivering import Engine, Opened, WebhookSender
from triage.outbound import read_allowed
from triage.records import ChannelKind

# A claim lasts two minutes by the fast clock: an attempt has to end well within.
_ANSWER_SECONDS = 20.0


def main() -> None:
    """Deliver until killed."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--began", type=float, required=True)
    parser.add_argument("--speed", type=float, required=True)
    chosen = parser.parse_args()
    database = store.Database(store.sqlite_url(chosen.data / "triage.db"))
    now = fast_clock(chosen.began, chosen.speed)
    asyncio.run(_deliver(database, chosen.key.encode(), now, _ANSWER_SECONDS / chosen.speed))


def fast_clock(began: float, speed: float) -> Callable[[], datetime]:
    """Return a clock that was right when it began and has run so many times faster since."""
    return lambda: datetime.fromtimestamp(began + (time.time() - began) * speed, UTC)


async def _deliver(
    database: store.Database, key: bytes, now: Callable[[], datetime], timeout: float
) -> None:
    allowed = read_allowed("127.0.0.1")
    async with Outgoing(allowed, timeout=timeout, at_once=500) as outgoing:
        send = WebhookSender(outgoing, outgoing, Opened(key), now)
        engine = Engine(database, {ChannelKind.WEBHOOK: send}, now=now)
        await engine.run(asyncio.Event())


if __name__ == "__main__":
    main()
