"""Whether everything is alive, as a lead reads it: each part's state in words, the worst first.

In: a `Here`. Out: what the page says before anything else, tables of parts and of errands.
Not here: what makes a part bad (overseeing), words (web).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from triage import store
from triage.api.errands.marks import Mark
from triage.api.pages.lead.here import Here, href
from triage.api.pages.showing import Cell, Head, Shown
from triage.errors import TriageError
from triage.lifecycle import Waits
from triage.overseeing import Check, Standing, check_forum, worst_first
from triage.questions import count_late

_TONES = {
    Standing.BAD: "bad",
    Standing.SOON: "soon",
    Standing.GOOD: "good",
    Standing.RESTING: "plain",
}
# Where more is to be seen of a part.
_LEADS_TO: Mapping[str, str] = {
    **{"model": "models", "training": "training", "reviews": "review", "drift": "drift"},
    **{"deliveries": "deliveries", "channels": "deliveries", "posted": "questions"},
    **{"alerts": "questions", "late": "questions"},
}
_STREAMS = frozenset(store.Stream)
# An errand that is so many times later than it should be does not come any more.
_LATE_TIMES = 5


@dataclass(frozen=True, slots=True)
class Trouble:
    """A part that wants somebody: its name, what is known, what to do, where to see it."""

    part: str
    text: str
    todo: str
    path: str | None


@dataclass(frozen=True, slots=True)
class Alive:
    """What the page says first: in which tone, a title, and each part that is not well."""

    tone: str
    title: str
    text: str
    troubles: tuple[Trouble, ...]


def checks_of(here: Here) -> tuple[Check, ...]:
    """Return every check, of the store and of this server, the worst first."""
    with here.database().read() as c:
        # Made-up asks end when they were made: they are no sign of life.
        found = check_forum(c, here.forum, here.now)
    return worst_first([*found, *_of_server(here, found)])


def alive(here: Here, checks: tuple[Check, ...]) -> Alive:
    """Return what is said before anything else."""
    bad = [check for check in checks if check.standing is Standing.BAD]
    soon = [check for check in checks if check.standing is Standing.SOON]
    # Where nobody asks, nothing can follow: what to do stands beside the first that is silent.
    silent = next((check.name for check in bad if check.name in _STREAMS), None)
    troubles = tuple(_trouble(here, check, silent) for check in (*bad, *soon))
    if bad:
        return Alive("bad", here.counted("lead_overview.bad_title", len(bad)), "", troubles)
    if soon:
        return Alive("soon", here.counted("lead_overview.soon_title", len(soon)), "", troubles)
    return Alive("good", here.part("alive_title"), here.part("alive_text"), ())


def parts_table(here: Here, checks: tuple[Check, ...]) -> Shown:
    """Return the table of all parts."""
    heads = tuple(Head(name, here.part(f"col_{name}")) for name in ("part", "standing", "says"))
    rows = tuple(
        (
            Cell(here.part(f"part_{one.name}"), href=_path(one)),
            Cell(here.part(f"standing_{one.standing}"), mark=_TONES[one.standing]),
            Cell(said(here, one)),
            Cell(_moment(one.at)),
        )
        for one in checks
    )
    return Shown("parts", here.part("parts_title"), (*heads, Head("at", here.part("col_at"))), rows)


def errands_table(here: Here) -> Shown:
    """Return the table of what this server does by itself."""
    names = ("errand", "every", "well", "trouble")
    heads = tuple(Head(name, here.part(f"col_{name}")) for name in names)
    rows = tuple(_errand(here, mark) for mark in here.installation.marks.of(here.forum.name))
    return Shown("errands", here.part("errands_title"), heads, rows)


def said(here: Here, check: Check) -> str:
    """Return what is known of a part, in a sentence."""
    facts = {name: _fact(here, fact) for name, fact in check.facts.items()}
    if check.name in _STREAMS:
        ago = here.numbers.wait((here.now - check.at).total_seconds()) if check.at else ""
        return here.part(f"stream_{check.code}", **{**facts, "ago": ago})
    key = f"lead_overview.{check.name}_{check.code}"
    many = check.facts.get("n")
    if isinstance(many, int) and here.has(f"{key}_one"):
        return here.say(f"{key}_{'one' if many == 1 else 'other'}", **facts)
    return here.say(key, **facts)


def is_late(mark: Mark, now: datetime, since: datetime) -> bool:
    """Say whether an errand that is due again and again does not come any more."""
    if mark.every_seconds is None:
        return False
    return now - (mark.well_at or since) > _LATE_TIMES * timedelta(seconds=mark.every_seconds)


def _of_server(here: Here, found: tuple[Check, ...]) -> Iterator[Check]:
    """Return what only the server that answers knows."""
    trouble = here.installation.troubles()["encoder"]
    if trouble is not None:
        yield Check("encoder", Standing.BAD, "missing", facts={"code": trouble.code})
    yield from _of_desk(here)
    started = here.installation.started_at
    for mark in here.installation.marks.of(here.forum.name):
        if mark.code or is_late(mark, here.now, started):
            code = "failing" if mark.code else "late"
            facts = {"name": _name(here, mark), "code": mark.code}
            yield Check("errand", Standing.BAD, code, mark.well_at, facts)


def _of_desk(here: Here) -> Iterator[Check]:
    try:
        desk = here.installation.desk(here.forum)
        state, waits = desk.state(), desk.foresight.waits()
    except TriageError:
        # Said already by what is missing.
        state, waits = {}, Waits({})
    else:
        trouble = state["encoder_trouble"]
        if trouble is None:
            yield Check("encoder", Standing.GOOD, "fine")
        else:
            yield Check("encoder", Standing.BAD, "missing", facts={"code": trouble})
        refused = state["model_refused"]
        if refused is not None:
            facts = {"version": here.forum.live_version or "", "code": str(refused)}
            yield Check("model", Standing.BAD, "refused", facts=facts)
        age = timedelta(seconds=float(state["index_age_seconds"]))
        yield Check("index", Standing.GOOD, "fresh", here.now - age, {"age": age})
    with here.database().read() as c:
        late = count_late(c, here.forum.id, waits, here.now)
    standing = Standing.BAD if late else Standing.GOOD
    yield Check("late", standing, "late" if late else "fine", None, {"n": late})


def _trouble(here: Here, check: Check, silent: str | None) -> Trouble:
    return Trouble(
        here.part(f"part_{check.name}"),
        said(here, check),
        here.part(f"do_{check.name}") if check.name == silent else "",
        _path(check),
    )


def _errand(here: Here, mark: Mark) -> tuple[Cell, ...]:
    wait = mark.every_seconds
    every = here.part("when_due" if wait is None else "every", wait=here.numbers.wait(wait))
    well = _moment(mark.well_at) if mark.well_at else here.part("not_yet")
    late = is_late(mark, here.now, here.installation.started_at)
    if mark.code and mark.failed_at:
        said_of = here.part("went_wrong", at=_moment(mark.failed_at), code=mark.code)
    else:
        said_of = here.part("overdue" if late else "no_trouble")
    bad = bool(mark.code) or late
    return Cell(_name(here, mark)), Cell(every), Cell(well), Cell(said_of, warn=bad)


def _name(here: Here, mark: Mark) -> str:
    key = f"lead_overview.errand_{mark.name}"
    return here.say(key) if here.has(key) else mark.name


def _path(check: Check) -> str | None:
    tab = _LEADS_TO.get(check.name)
    if tab is None:
        return None
    return href(tab, state="late") if check.name == "late" else href(tab)


def _fact(here: Here, fact: object) -> str:
    if isinstance(fact, datetime):
        return _moment(fact)
    if isinstance(fact, timedelta):
        return here.numbers.wait(fact.total_seconds())
    return here.numbers.count(fact) if isinstance(fact, int | float) else str(fact)


def _moment(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"
