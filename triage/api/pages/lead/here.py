"""What every page of /lead stands on: who looks, the tabs with what is open, what an act came to.

In: a request of a lead or an administrator. Out: a `Here`, the page that is made of it, and the way
back to it after an act.
Not here: what a page shows (overview, models, ...), how much is open (opened).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from starlette.responses import Response

from triage import store, web
from triage.analytics.charting import name_of
from triage.api.access import Caller, installation_of
from triage.api.installation import Installation
from triage.api.pages.frame import DRAWING, go, language_of, page
from triage.api.pages.lead.opened import opened
from triage.api.pages.sessions import SignedIn
from triage.api.problems import Problem
from triage.errors import TriageError
from triage.records import Forum

HOME = "/lead"
TABS = (
    *("overview", "models", "training", "review", "taxonomy", "drift"),
    *("policy", "issues", "questions", "deliveries", "audit"),
)
_KEPT = frozenset({"said"})

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Here:
    """One page of a tab, and how it speaks."""

    request: Request
    user: SignedIn
    tab: str
    numbers: web.Numbers
    now: datetime

    @property
    def lang(self) -> str:
        """The page's language."""
        return self.numbers.lang

    @property
    def installation(self) -> Installation:
        """The server's open parts."""
        return installation_of(self.request)

    @property
    def forum(self) -> Forum:
        """The forum that is led."""
        return self.user.user.forum

    @property
    def caller(self) -> Caller:
        """Who looks, with the rights of their role."""
        return Caller(self.user.user, self.installation)

    def database(self) -> store.Database:
        """Return the store. Raises StoreUnavailable."""
        return self.installation.database()

    def say(self, key: str, **params: object) -> str:
        """Return words in the page's language. Raises KeyError for a key without words."""
        return web.word(key, self.lang, **params)

    def part(self, name: str, **params: object) -> str:
        """Return words of this tab."""
        return self.say(f"lead_{self.tab}.{name}", **params)

    def has(self, key: str) -> bool:
        """Say whether there are words of this key."""
        return web.has_word(key, self.lang)

    def counted(self, key: str, number: int) -> str:
        """Return the words for so many of something: those of KEY_one, or of KEY_other."""
        which = "one" if number == 1 else "other"
        return self.say(f"{key}_{which}", n=self.numbers.count(number))

    def act(self, name: str) -> str:
        """Return what an act of the audit trail is called; one that is new is its own name."""
        key = f"act.{name.replace('.', '_')}"
        return self.say(key) if self.has(key) else name

    def name_of(self, dimension: str, value: str | None) -> str:
        """Return what a language, a destination, a topic is called; others are what they are."""
        return name_of(dimension, value, self.lang)


@dataclass(frozen=True, slots=True)
class OpenCount:
    """How much of a tab waits for somebody: as a number, and in words for who hears it."""

    text: str
    said: str


def here_of(request: Request, user: SignedIn, tab: str) -> Here:
    """Return what a page of a tab stands on."""
    return Here(request, user, tab, web.Numbers(language_of(request)), datetime.now(UTC))


def href(tab: str, *rest: str, **query: str) -> str:
    """Return the address of a tab, or of a page below it; whatever stands in an id is quoted."""
    place = HOME if tab == "overview" else f"{HOME}/{tab}"
    path = "/".join((place, *(quote(part, safe="") for part in rest)))
    return f"{path}?{urlencode(query)}" if query else path


def lead_page(
    request: Request,
    user: SignedIn,
    tab: str,
    template: str,
    *,
    status: int = 200,
    alarm: str = "",
    notice: str = "",
    keeps: frozenset[str] = frozenset(),
    charts: bool = False,
    **values: object,
) -> Response:
    """Answer with a page of a tab.

    `notice` is what an act came to, else what the address says of it; `alarm` is what keeps it
    from being done. `keeps` names what of the address stays in another language; `charts` has the
    page draw them.
    """
    given = values.pop("here", None)
    here = given if isinstance(given, Here) else here_of(request, user, tab)
    framed: dict[str, Any] = {
        "here": here,
        "tab": tab,
        "tabs": _tabs(here),
        "alarm": alarm,
        "notice": notice or _notice(here),
        "made_up": _made_up(here),
        "silent": [] if tab == "overview" else _silent(here),
        "charts": charts,
    }
    told: dict[str, Any] = {**framed, **values, "keeps": _KEPT | keeps}
    return page(request, template, user, status=status, headers=DRAWING if charts else {}, **told)


def done(request: Request, tab: str, said: str, path: str | None = None, **query: str) -> Response:
    """Send a browser to a tab, or to another page of ours, which says what an act came to."""
    told = urlencode({**query, "said": said})
    return go(request, f"{href(tab) if path is None else path}?{told}")


def trouble(here: Here, error: TriageError | Problem) -> str:
    """Return what a page says of an act that could not be done: its own words, else the shared."""
    for key in (f"lead_{here.tab}.error_{error.code}", f"lead.error_{error.code}"):
        if here.has(key):
            return here.say(key)
    return here.say("lead.error_other", id=here.request.state.request_id)


def _notice(here: Here) -> str:
    said = here.request.query_params.get("said", "")
    key = f"lead_{here.tab}.said_{said}"
    return here.say(key) if said and here.has(key) else ""


def _made_up(here: Here) -> tuple[str, str] | None:
    with here.database().read() as c:
        if store.has_simulated(c, here.forum.id):
            return here.say("analytics.simulated_in_forum"), here.say("lead.simulated")
    return None


def _silent(here: Here) -> list[str]:
    """Return what has fallen silent, by its name; the overview says more of it."""
    found = here.installation.silent.get(here.forum.id, ())
    return [here.say(f"lead_overview.part_{one.stream}") for one in found]


def _tabs(here: Here) -> list[tuple[str, str, OpenCount | None]]:
    with here.database().read() as c:
        counts = opened(c, here.forum)
    return [(tab, href(tab), _count(here, tab, counts.get(tab, 0))) for tab in TABS]


def _count(here: Here, tab: str, many: int) -> OpenCount | None:
    if not many:
        return None
    return OpenCount(here.numbers.count(many), here.say(f"lead.open_{tab}"))
