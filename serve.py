"""The door of the server: reads the settings, opens the port, says where to look.

`python serve.py --help` shows the options; docs/settings.md has every setting.
"""

import argparse
import gc
import logging
import socket
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import uvicorn

from triage.errors import DemoElsewhere
from triage.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from triage.api.event_streams import EventStreams

_GRACE_SECONDS = 20
_PAGES = ("docs", "health", "ready")


class _Server(uvicorn.Server):
    """A server that says where it can be reached, and ends streams before it waits for them."""

    def __init__(
        self, config: uvicorn.Config, streams: "EventStreams", pages: Sequence[str]
    ) -> None:
        super().__init__(config)
        self._streams = streams
        self._pages = pages

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._streams.close()
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listening in sockets or () if self.started else ():
            host, port = listening.getsockname()[:2]
            shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}.get(host, host)
            for page in self._pages:
                sys.stdout.write(f"http://{shown}:{port}/{page}\n")
            sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to stop; return the exit code."""
    settings = Settings()
    parser = argparse.ArgumentParser(description="Serve question triage over HTTP.")
    parser.add_argument("--host", default=settings.host, help="address (%(default)s)")
    parser.add_argument("--port", default=settings.port, type=int, help="port (%(default)s)")
    options = parser.parse_args(arguments)
    logging.basicConfig(
        level=settings.log_level.upper(),
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        stream=sys.stderr,
    )
    for chatty in ("alembic", "sentence_transformers"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    settings = settings.model_copy(update={"host": options.host, "port": options.port})
    try:
        return _serve(settings)
    except DemoElsewhere as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _serve(settings: Settings) -> int:
    """Serve until told to stop. Raises DemoElsewhere for a demo that others could reach."""
    app = application(settings)
    from triage.api.demo_guard import check_listening

    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        workers=1,
        log_config=None,
        # Our own line names the route; uvicorn's would hold the address with its parameters.
        access_log=False,
        server_header=False,
        # Said in full: left out, everybody on this machine could say what address they have.
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    listening = config.bind_socket()
    check_listening(settings, listening.getsockname()[0])
    # Connections take it over. Without it the body of a reply waits for the word that its head has
    # arrived, which a caller who keeps the connection holds back for 40 ms.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    pages = [*([""] if settings.demo else []), *_PAGES]
    server = _Server(config, app.state.installation.streams, pages)
    server.run(sockets=[listening])
    return 0 if server.started else 1


def application(settings: Settings) -> "FastAPI":
    """Import and make the application. `--help` does without.

    All that is imported stays: looking for garbage in it, time and again as it grows, would take
    a tenth of the time and find none.
    """
    gc.disable()
    try:
        from triage.api import create_app

        return create_app(settings)
    finally:
        gc.enable()


if __name__ == "__main__":
    sys.exit(main())
