"""What every tab of /analytics stands on: the filters of its address, one reading, its links.

In: a request of somebody of the staff. Out: a `Here`, and the page that is made of it; filters that
cannot be are said in the form itself.
Not here: what a tab shows (overview, slices, ...), what is counted (analytics).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import Response

from triage import store, web
from triage.analytics.charting import name_of
from triage.analytics.context import Context
from triage.analytics.filters import FROM, PARTS, TO, ZONE, Filters, read_filters
from triage.analytics.slices import names_of
from triage.analytics.viewing import view_of
from triage.api.access import Caller, installation_of
from triage.api.pages.frame import DRAWING, language_of, page
from triage.api.pages.sessions import SignedIn
from triage.errors import BadField
from triage.reports import zone_of

HOME = "/analytics"
TABS = ("overview", "slices", "gaps", "trends", "threads", "activity", "asks", "definitions")
# What else of an address stays when the page is read in another language.
KEPT = frozenset({FROM, TO, ZONE, *PARTS, "card", "side", "behind", "page", "sort", "said"})
_PRESETS = (("four_weeks", 28), ("thirteen_weeks", 91), ("year", 364))
_MOST_OPTIONS = 300
_YES_NO = ("yes", "no")
# Which field of the form is meant by what cannot be.
_NAMED = {FROM: "from", TO: "to", ZONE: "zone", "time_zone": "zone"}
Values = Mapping[str, object]


@dataclass(frozen=True)
class Here:
    """One page's reading, and how it speaks."""

    request: Request
    user: SignedIn
    context: Context
    numbers: web.Numbers

    @property
    def filters(self) -> Filters:
        """What the address asks for."""
        return self.context.view.filters

    @property
    def caller(self) -> Caller:
        """Who looks, with the rights of their role."""
        return Caller(self.user.user, installation_of(self.request))

    def say(self, key: str, **params: object) -> str:
        """Return words in the page's language."""
        return web.word(key, self.numbers.lang, **params)

    def counted(self, key: str, number: int) -> str:
        """Return the words for so many of something, for one or for others."""
        which = "one" if number == 1 else "other"
        return self.say(f"{key}_{which}", n=self.numbers.count(number))

    def name_of(self, dimension: str, value: str | None) -> str:
        """Return what a language, a destination, a topic is called; others are what they are."""
        return name_of(dimension, value, self.numbers.lang)

    def link(self, path: str, **more: str) -> str:
        """Return the address of a page of ours with the same filters."""
        return address(path, (*self.filters.query(), *more.items()))

    def link_only(self, dimension: str, value: str) -> str:
        """Return the address of the overview of one slice within these filters."""
        said = dict(self.filters.query()) | {dimension: value}
        return address(HOME, tuple(said.items()))


def address(path: str, query: tuple[tuple[str, str], ...]) -> str:
    """Return an address with its fields."""
    return f"{path}?{urlencode(query)}" if query else path


def tab(
    request: Request, user: SignedIn, name: str, make: Callable[[Here], Values], **kept: object
) -> Response:
    """Answer with a tab of the analyst's pages, or with what is wrong with its filters."""
    try:
        with reading(request, user) as here:
            values = {**make(here), **kept}
            shown = _frame_values(here, name)
        return analytics_page(request, user, name, {**shown, **values})
    except BadField as error:
        return _wrong(request, user, name, error)


@contextmanager
def reading(request: Request, user: SignedIn) -> Iterator[Here]:
    """Read the asks that an address is of. Raises BadField for filters that cannot be."""
    installation, forum = installation_of(request), user.user.forum
    filters, now = read_filters(request.query_params), datetime.now(UTC)
    database = installation.database()
    # One at a time: a reading of a large forum takes a core and much memory.
    with installation.reporting:
        view = view_of(database, forum.id, filters, now)
    with database.read() as c:
        context = Context(database, c, forum.id, view, now)
        yield Here(request, user, context, web.Numbers(language_of(request)))


def analytics_page(
    request: Request, user: SignedIn, name: str, values: Values, status: int = 200
) -> Response:
    """Answer with one of these pages."""
    shown: dict[str, Any] = {"tab": name, **values}
    template = f"analytics/{name}"
    return page(request, template, user, status=status, headers=DRAWING, keeps=KEPT, **shown)


def _frame_values(here: Here, name: str) -> dict[str, object]:
    view = here.context.view
    return {
        "here": here,
        "tabs": _tabs(here.filters),
        "fields": _fields(here),
        "zones": _ZONES,
        "presets": _presets(here, name),
        "chosen": _chosen(here, name),
        "made_up": _made_up(here),
        "asks": int(view.kept.sum()),
        "as_of": datetime.fromtimestamp(view.asks.as_of, UTC),
    }


def _made_up(here: Here) -> tuple[str, str] | None:
    """Return what to say of made-up asks, short and in full; None where the forum has none.

    Tabs show more than the asks that are chosen: weeks before them, what was posted. So it is said
    also where none of the chosen ones is made up.
    """
    context, numbers = here.context, here.numbers
    found, asks = context.view.report["simulated"], context.view.report["asks"]
    if found:
        which = "all" if found >= asks else "some"
        counts = {"n": numbers.count(found), "of": numbers.count(asks)}
        return here.say("analytics.simulated"), here.say(f"analytics.simulated_{which}", **counts)
    if store.has_simulated(context.connection, context.forum_id):
        return here.say("analytics.simulated_in_forum"), here.say("analytics.simulated_elsewhere")
    return None


def _wrong(request: Request, user: SignedIn, name: str, error: BadField) -> Response:
    """Answer with the form as it was sent, and the field that cannot be."""
    lang, given = language_of(request), request.query_params
    fields = [
        (part, given.get(part, ""), [(given[part], given[part])] if given.get(part) else [])
        for part in PARTS
    ]
    known = _NAMED.get(error.field, "choice" if error.field in PARTS else "other")
    values = {
        "here": None,
        "made_up": None,
        "tabs": _tabs(Filters()),
        "fields": [(n, v, o, web.word(f"analytics.by_{n}", lang)) for n, v, o in fields],
        "zones": _ZONES,
        "days": (given.get(FROM, ""), given.get(TO, ""), given.get(ZONE, "UTC")),
        "form_path": _path(name),
        "error": web.word(f"analytics.wrong_{known}", lang),
    }
    return analytics_page(request, user, "wrong", {**values, "tab": name}, 422)


def _tabs(filters: Filters) -> list[tuple[str, str, None]]:
    return [(name, address(_path(name), filters.query()), None) for name in TABS]


def _path(name: str) -> str:
    return HOME if name == "overview" else f"{HOME}/{name}"


def _fields(here: Here) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    """Return what can be chosen by: its name, what is chosen, what there is, what it is called."""
    told = dict(here.filters.query())
    found = []
    for part in PARTS:
        names = _YES_NO if part == "newcomer" else names_of(here.context.view, part).names
        known = sorted(name for name in names if name)[:_MOST_OPTIONS]
        options = [(value, here.name_of(part, value)) for value in known]
        found.append((part, told.get(part, ""), options, here.say(f"analytics.by_{part}")))
    return found


def _presets(here: Here, name: str) -> list[tuple[str, str, bool]]:
    """Return periods that are often wanted: what each is called, its address, whether it is on."""
    today = here.context.now.astimezone(zone_of(here.filters.time_zone)).date()
    found = []
    for word, days in _PRESETS:
        since = today - timedelta(days=days - 1)
        found.append(_preset(here, name, word, since, today))
    return [*found, _preset(here, name, "everything", None, None)]


def _preset(
    here: Here, name: str, word: str, since: date | None, until: date | None
) -> tuple[str, str, bool]:
    filters = here.filters
    to = address(_path(name), replace(filters, since=since, until=until).query())
    return here.say(f"analytics.{word}"), to, (filters.since, filters.until) == (since, until)


def _chosen(here: Here, name: str) -> list[tuple[str, str]]:
    """Return what the asks are narrowed by, each with the address without it."""
    said = here.filters.query()
    found = []
    for part, value in said:
        if part in PARTS:
            rest = tuple(pair for pair in said if pair[0] != part)
            shown = f"{here.say(f'analytics.by_{part}')}: {here.name_of(part, value)}"
            found.append((shown, address(_path(name), rest)))
    return found


_ZONES = (
    *("UTC", "Europe/Stockholm", "Europe/Oslo", "Europe/Copenhagen", "Europe/Helsinki"),
    *("Europe/Berlin", "Europe/Vienna", "Europe/Zurich", "Europe/London", "America/New_York"),
)
