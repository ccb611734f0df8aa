"""The HTTP side: requests in, replies and problems out.

In: settings. Out: an ASGI application. The only room that knows FastAPI and status codes.
Not here: deciding anything about a question (pipeline and below), learning.
"""

from triage.api.app import create_app

__all__ = ["create_app"]
