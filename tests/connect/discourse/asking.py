"""Asking a site as the product does."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from benchmarks.discourse_site import KEY, USER, Site
from triage.connect.discourse import Discourse
from triage.connect.outgoing import Outgoing
from triage.outbound import read_allowed

Result = TypeVar("Result")


def asked(site: Site, ask: Callable[[Discourse], Awaitable[Result]], **more: Any) -> Result:  # noqa: ANN401
    """Ask a site something, with its key; what is to wait waits for nothing."""
    waited: list[float] = more.pop("waited", [])
    secrets = more.pop("secrets", {"api_key": KEY, "api_user": USER})

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    async def go() -> Result:
        async with Outgoing(read_allowed("127.0.0.1"), timeout=5.0) as outgoing:
            return await ask(Discourse(outgoing, site.address, secrets, sleep=sleep, **more))

    return asyncio.run(go())
