"""/lead: is everything alive, how was yesterday, and what has changed since.

In: a `Here`. Out: the values of the page.
Not here: states of parts (alive), the figures and the changes themselves (overseeing).
"""

from datetime import UTC, datetime, time, timedelta

from triage import store
from triage.api.pages.lead.alive import alive, checks_of, errands_table, parts_table
from triage.api.pages.lead.here import Here, Values, href
from triage.api.pages.showing import Cell, Head, Shown
from triage.audit.kinds import OF_LEADS, subjects_of
from triage.overseeing import Change, ChangeKind, DayFigure, changed_since, figures_of_day
from triage.records import Role
from triage.watching import Card
from triage.watching.saying import heard

_VERDICTS = {1: ("above", "soon"), 0: ("usual", "good"), -1: ("below", "soon")}
# So many people of one act are named.
_NAMED = 3
_LEADS_TO = {
    ChangeKind.ACT: "audit",
    ChangeKind.MODEL_MADE: "models",
    ChangeKind.TRAINED: "training",
    ChangeKind.NOT_TRAINED: "training",
    ChangeKind.DRIFTED: "drift",
    ChangeKind.WATCHED: "drift",
    ChangeKind.STEADY: "drift",
    ChangeKind.PROPOSED: "issues",
    ChangeKind.BURST: "issues",
    ChangeKind.ALERTED: "questions",
    ChangeKind.DRAWN: "review",
}


def overview(here: Here) -> Values:
    """Return what the first page of a lead shows."""
    checks, errands = checks_of(here), errands_table(here)
    yesterday = (here.now - timedelta(days=1)).date()
    since = datetime.combine(yesterday, time(), UTC)
    right_until, right = _right(here)
    return {
        "alive": alive(here, checks),
        "parts": parts_table(here, checks),
        "errands": errands,
        "errands_bad": any(cell.warn for row in errands.rows for cell in row),
        "started_at": f"{here.installation.started_at:%Y-%m-%d %H:%M} UTC",
        "yesterday": here.numbers.day(yesterday),
        "figures": _figures(here, yesterday.isoformat()),
        "right_until": right_until,
        "right": right,
        "since": since,
        "changes": _changes(here, since),
        "sees_all": here.user.user.role is Role.ADMIN,
    }


def _figures(here: Here, day: str) -> Shown:
    # One at a time: a reading of a large forum takes a core and much memory.
    with here.installation.reporting:
        found = figures_of_day(
            here.database(),
            here.forum.id,
            datetime.fromisoformat(day).date(),
            here.now,
            include_simulated=here.installation.settings.demo,
        )
    names = ("figure", "day", "usual", "verdict")
    heads = tuple(
        Head(name, here.part(f"col_{name}"), number=name in ("day", "usual")) for name in names
    )
    rows = tuple(_figure(here, one, day) for one in found)
    return Shown("yesterday", here.part("day_title", day=day), heads, rows)


def _figure(here: Here, one: DayFigure, day: str) -> tuple[Cell, ...]:
    numbers = here.numbers
    if one.name == "questions":
        path = href("questions")
    else:
        path = f"/analytics/asks?card={one.name}&side=part&from={day}&to={day}"
    counted = numbers.count(one.part)
    if one.whole is None:
        value = Cell(counted, number=True)
        usual = numbers.count
    else:
        of = here.part("of_asks", n=counted, of=numbers.count(one.whole))
        value = Cell(numbers.share(one.share), of if one.whole else "", number=True)
        usual = numbers.share
    if one.low is None or one.high is None or (one.whole is not None and one.share is None):
        return (
            Cell(here.part(f"figure_{one.name}"), href=path),
            value,
            Cell("–", number=True),
            Cell(here.part("day_unknown"), mark="plain"),
        )
    word, tone = _VERDICTS[one.unusual]
    return (
        Cell(here.part(f"figure_{one.name}"), href=path),
        value,
        Cell(here.part("range", low=usual(one.low), high=usual(one.high)), number=True),
        Cell(here.part(f"day_{word}"), mark=tone),
    )


def _right(here: Here) -> tuple[str, Shown | None]:
    """Return how often the model was right of late, as the last look of drift found it."""
    with here.database().read() as c:
        day = store.latest_drift_day(c, here.forum.id)
    if day is None:
        return "", None
    cards = [card for card in heard(day.found).cards if card.day is None]
    if not cards:
        return "", None
    names = ("label", "right", "judged", "covered")
    heads = tuple(Head(name, here.part(f"col_{name}"), number=name != "label") for name in names)
    rows = tuple(_card(here, card) for card in cards)
    return here.numbers.day(day.day), Shown("right", here.part("right_title"), heads, rows)


def _card(here: Here, card: Card) -> tuple[Cell, ...]:
    numbers, right, covered = here.numbers, card.precision, card.coverage
    return (
        Cell(here.part(f"target_{card.target}"), href=href("drift")),
        Cell(
            numbers.share(right.value if right else None),
            numbers.span(right.low, right.high) if right else "",
            number=True,
        ),
        Cell(numbers.count(card.judged), number=True),
        Cell(
            numbers.share(covered.value if covered else None),
            numbers.span(covered.low, covered.high) if covered else "",
            number=True,
        ),
    )


def _changes(here: Here, since: datetime) -> Shown:
    subjects = None if here.user.user.role is Role.ADMIN else subjects_of(OF_LEADS)
    with here.database().read() as c:
        found = changed_since(c, here.forum, since, subjects)
    heads = tuple(Head(name, here.part(f"col_{name}")) for name in ("change", "by", "when"))
    rows = tuple(_change(here, one) for one in found)
    at = f"{since:%Y-%m-%d %H:%M} UTC"
    return Shown("changes", here.part("changes_title", at=at), heads, rows)


def _change(here: Here, one: Change) -> tuple[Cell, ...]:
    tab = _LEADS_TO[one.kind]
    path = href(tab)
    if one.kind is ChangeKind.ACT:
        text = here.act(one.what)
        if one.n > 1:
            text = here.part("times", what=text, n=here.numbers.count(one.n))
        path = href(tab, object=one.about) if one.about else path
    elif one.kind is ChangeKind.MODEL_MADE:
        text, path = here.part("change_model_made", about=one.about), href(tab, one.about)
    else:
        text = _machine(here, one)
    when = f"{one.at:%Y-%m-%d %H:%M} UTC"
    return Cell(text, href=path), Cell(_who(here, one)), Cell(when)


def _machine(here: Here, one: Change) -> str:
    key = f"lead_overview.change_{one.kind}"
    facts = {
        name: here.numbers.count(fact) if isinstance(fact, int) else str(fact)
        for name, fact in one.facts.items()
    }
    if here.has(f"{key}_one"):
        which = "one" if one.n == 1 else "other"
        return here.say(f"{key}_{which}", n=here.numbers.count(one.n), **facts)
    return here.say(key, **facts)


def _who(here: Here, one: Change) -> str:
    if not one.by:
        return here.part("by_itself")
    first, rest = ", ".join(one.by[:_NAMED]), len(one.by) - _NAMED
    return first if rest <= 0 else here.part("and_more", who=first, n=here.numbers.count(rest))
