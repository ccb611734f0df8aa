"""Questions and what owners have -> the cells of the tables that tell of them.

In: rows, how late each is, the page that speaks. Out: tables.
Not here: which questions (questions, question_filters), one question in full (question).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from triage import store
from triage.api.pages.lead.here import Here, href
from triage.api.pages.lead.question_filters import LATE
from triage.api.pages.showing import Cell, Head, Shown
from triage.lifecycle import Lateness, State
from triage.lifecycle.sweeping import is_pressing
from triage.questions import AGES, Load, Queued
from triage.web.figures import UNKNOWN

_LONGEST = 160
_TONES: Mapping[State, str] = {
    State.ANSWERED: "good",
    State.CONFIRMED_SOLVED: "good",
    State.ESCALATED: "soon",
    State.REOPENED: "soon",
}


def state_cell(here: Here, state: str) -> Cell:
    """Return a state as a badge."""
    return Cell(here.part(f"state_{state}"), mark=_TONES.get(State(state), "plain"))


def due_said(here: Here, one: Lateness) -> Cell:
    """Return by how much a question is late, or what time is left, and on what that rests."""
    over = one.over(here.now)
    if over is None:
        return Cell(here.part("their_turn"))
    hint = here.part(f"basis_{one.basis}")
    wait = here.numbers.wait(abs(over.total_seconds()))
    if over > timedelta(0):
        return Cell(here.part("late_by", wait=wait), hint, mark="bad")
    return Cell(here.part("left", wait=wait), hint)


def titled(here: Here, row: store.QuestionRow) -> str:
    """Return what a question is called in a list."""
    said = str(row.question.get("title") or row.question.get("body") or "").strip()
    if not said:
        return here.part("untitled")
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def figures(here: Here, load: Load) -> list[tuple[str, str, str, str]]:
    """Return name, number, tone and address of the numbers above the lists."""
    shown = (("open", load.open, ""), ("late", load.late, LATE))
    told = [
        (
            here.part(f"n_{name}"),
            here.numbers.count(number),
            "bad" if name == "late" and number else "",
            href("questions", **({"state": state} if state else {})),
        )
        for name, number, state in shown
    ]
    waiting = State.WAITING_FOR_CUSTOMER.value
    told.append(
        (
            here.part("n_with_customer"),
            here.numbers.count(load.with_customer),
            "",
            href("questions", state=waiting),
        )
    )
    oldest = None if load.oldest is None else load.oldest.total_seconds()
    told.append((here.part("n_oldest"), here.numbers.wait(oldest), "", ""))
    return told


def loads_table(here: Here, loads: Sequence[Load], everything: Load) -> Shown:
    """Return the table of owners, with a last row of all where there are several."""
    names = ("owner", "open", "late", *(f"age_{n}" for n in range(len(AGES) + 1)))
    heads = [Head(name, here.part(f"col_{name}"), name != "owner") for name in names]
    heads += [
        Head("with_customer", here.part("col_with_customer"), number=True),
        Head("oldest", here.part("col_oldest"), number=True),
    ]
    rows = [tuple(_load_cells(here, load)) for load in loads]
    if len(loads) > 1:
        rows.append(tuple(_load_cells(here, everything)))
    return Shown("owners", here.part("loads"), tuple(heads), tuple(rows))


def _load_cells(here: Here, load: Load) -> Iterator[Cell]:
    mine = {} if load.owner is None else {"owner": load.owner}

    def number(value: int, **query: str) -> Cell:
        to = href("questions", **mine, **query) if value else None
        return Cell(here.numbers.count(value), href=to, number=True)

    yield Cell(here.part("everybody") if load.owner is None else load.owner)
    yield number(load.open)
    late = number(load.late, state=LATE)
    yield late
    for age, count in enumerate(load.ages):
        yield number(count, age=str(age))
    yield number(load.with_customer, state=State.WAITING_FOR_CUSTOMER.value)
    oldest = None if load.oldest is None else load.oldest.total_seconds()
    yield Cell(here.numbers.wait(oldest), number=True)


def questions_table(here: Here, rows: Sequence[tuple[Cell, ...]], *, ended: bool) -> Shown:
    """Return the table of questions: of open ones how they wait, of ended ones how they did."""
    last = ("taken_to_answer", "col_ended") if ended else ("col_waited", "col_due")
    words = ("col_question", "col_state", "col_owner", "col_severity", *last)
    heads = tuple(Head(word, here.part(word)) for word in words)
    caption = here.part("listed_ended" if ended else "listed")
    return Shown("questions", caption, heads, tuple(rows))


def open_row(here: Here, row: store.QuestionRow, one: Queued) -> tuple[Cell, ...]:
    """Return the cells of an open question."""
    begins, waited = one.lateness.begins, one.lateness.waited(here.now)
    pressing = is_pressing(row.kind, row.severity)
    return (
        *_named(here, row, "soon" if pressing else ""),
        Cell(here.numbers.wait(waited.total_seconds()), _moment(begins)),
        due_said(here, one.lateness),
    )


def ended_row(here: Here, row: store.QuestionRow) -> tuple[Cell, ...]:
    """Return the cells of a question with which nobody has to do anything any more."""
    answered = row.first_answer_at
    took = None if answered is None else (answered - row.received_at).total_seconds()
    return (
        *_named(here, row, ""),
        Cell(here.numbers.wait(took), _moment(row.received_at)),
        Cell(_moment(row.since)),
    )


def _named(here: Here, row: store.QuestionRow, tone: str) -> tuple[Cell, ...]:
    about = (
        here.name_of("destination", row.destination),
        None if row.topic is None else here.name_of("topic", row.topic),
        row.product,
    )
    hint = " · ".join(part for part in about if part)
    severity = UNKNOWN if row.severity is None else here.part(f"severity_{row.severity}")
    return (
        Cell(titled(here, row), hint, href("questions", row.question_id), lang=row.lang),
        state_cell(here, row.state),
        Cell(row.owner),
        Cell(severity, mark=tone),
    )


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
