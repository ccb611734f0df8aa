"""Ids of threads -> what they are called and where they are, as far as whoever looks may read them.

In: a reading, ids. Out: a title and an address for each; who may not read it sees its id.
Not here: what is counted of threads (analytics.threads).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from triage import store
from triage.api.pages.analytics.here import Here
from triage.records import Thread


@dataclass(frozen=True, slots=True)
class Named:
    """What a thread is called on a page, its language, and where it can be read, if anywhere."""

    title: str
    lang: str | None = None
    href: str | None = None


def name_threads(here: Here, thread_ids: Collection[str | None]) -> Mapping[str | None, Named]:
    """Return what each of these threads is called; one that is gone is called by its id."""
    ids = [one for one in thread_ids if one]
    found = store.get_threads(here.context.connection, here.context.forum_id, ids)
    named: dict[str | None, Named] = {None: Named("–")}
    for one in ids:
        named[one] = _named(here, found.get(one), one)
    return named


def _named(here: Here, thread: Thread | None, thread_id: str) -> Named:
    if thread is None or not here.caller.may_read(thread, ()):
        return Named(thread_id)
    return Named(thread.title or thread_id, thread.lang, _address(here, thread))


def _address(here: Here, thread: Thread) -> str | None:
    if thread.url is not None and thread.url.startswith(("https://", "http://")):
        return thread.url
    demo = here.caller.installation.settings.demo
    return f"/t/{quote(thread.id, safe='')}" if demo else None
