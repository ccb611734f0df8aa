"""A forum, its live model, a day -> what is to be said of drift on that day.

In: the store, guesses of cases. Out: drifts, daily cards, and what was compared with what.
Not here: the arithmetic (insight.drift), telling anybody (telling).

The reference is the model's own time: up to eight weeks before it was trained. Where a forum had no
asks then, it is the first four weeks that it had; of predictions, the first four weeks in which
this version replied, for another version says other things of the same.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from triage import store
from triage.insight.drift import (
    WEEK,
    Drift,
    Looking,
    Part,
    Span,
    Traffic,
    Verdict,
    look,
    precise,
)
from triage.pipeline import Parts
from triage.records import Forum
from triage.watching.daily import Card, cards
from triage.watching.judging import Guess, guesses, judged_of, promises_of
from triage.watching.moments import day_of, moment_of
from triage.watching.reading import inputs_of, predictions_of, read_asks, taught_words

REFERENCE_DAYS, SHORT_DAYS, RECENT_DAYS = 8 * WEEK, 4 * WEEK, 8 * WEEK
_CARD_DAYS = 4 * WEEK
_USUALLY = Looking()


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted: verdicts as of the beginning of a day.

    `since` is the day that counts as the model's own instead of that of its training.
    """

    day: int
    since: int | None = None
    include_simulated: bool = False


@dataclass(frozen=True, slots=True)
class Watched:
    """What is said of a model version; without one there is nothing to say.

    `references` are the days that each part was held against; a part without any traffic has none.
    """

    model_version: str | None
    drifts: tuple[Drift, ...] = ()
    cards: tuple[Card, ...] = ()
    references: tuple[tuple[Part, Span], ...] = ()


def model_day(model: store.ModelRow) -> int:
    """Return the first day of which a model has learnt nothing."""
    return day_of(model.created_at) + 1


def live_model(c: store.Connection, forum: Forum) -> store.ModelRow | None:
    """Return the version that is live, if any is."""
    return store.get_model(c, forum.id, forum.live_version) if forum.live_version else None


def watch(
    database: store.Database,
    forum: Forum,
    wish: Wish,
    guessed: Sequence[Guess],
    looking: Looking = _USUALLY,
) -> Watched:
    """Say what there is to say of a forum's live model.

    `guessed` are its guesses of cases that came after it was trained. Raises StoreUnavailable.
    """
    with database.read() as c:
        model = live_model(c, forum)
        if model is None:
            return Watched(None)
        made = model_day(model) if wish.since is None else wish.since
        parts = _parts(c, forum, model.version, made, wish)
        of_cards = Span(wish.day - _CARD_DAYS, wish.day)
        asked = read_asks(c, forum.id, [of_cards], include_simulated=wish.include_simulated)
    told = [(part, traffic, span) for part, traffic, span in parts if len(traffic)]
    drifts = look(told, wish.day, looking)
    promises, judged = promises_of(model.metrics), judged_of(guessed)
    known = {name: judged[name] for name in promises}
    kept = precise(known, promises, model_day(model), looking)
    return Watched(
        model.version,
        (*drifts, *kept),
        cards(of_cards, asked, model.version, guessed),
        tuple((part, span) for part, _, span in told),
    )


def watch_with(
    database: store.Database,
    forum: Forum,
    wish: Wish,
    opened: Callable[[], AbstractContextManager[Parts]],
    looking: Looking = _USUALLY,
) -> Watched:
    """Say the same with the guesses of the model that `opened` gives.

    It is opened only where cases came that it has not seen. Raises StoreUnavailable, and what
    opening it raises.
    """
    with database.read() as c:
        model = live_model(c, forum)
        if model is None:
            return Watched(None)
        since = model_day(model)
        fresh = next(store.iter_cases(c, forum.id, moment_of(since), batch=1), None)
    guessed: Sequence[Guess] = ()
    if fresh is not None:
        with opened() as parts:
            guessed = guesses(database, forum.id, parts, since, wish.day)
    return watch(database, forum, wish, guessed, looking)


def worst(drifts: Sequence[Drift], part: Part) -> Verdict:
    """Return the worst verdict of a part: drifted before watch before steady before too few."""
    order = (Verdict.DRIFTED, Verdict.WATCH, Verdict.STEADY)
    found = {one.verdict for one in drifts if one.part is part}
    return next((verdict for verdict in order if verdict in found), Verdict.TOO_FEW)


def own_time(first: int, made: int) -> Span:
    """Return the reference of a model made on a day, of traffic that begins on a day.

    Whole weeks before, at most eight and at least four; else the first four there are.
    """
    begins = max(first, made - REFERENCE_DAYS)
    weeks = (made - begins) // WEEK
    if weeks * WEEK >= SHORT_DAYS:
        return Span(made - weeks * WEEK, made)
    return Span(begins, begins + SHORT_DAYS)


def _parts(
    c: store.Connection, forum: Forum, version: str, made: int, wish: Wish
) -> Sequence[tuple[Part, Traffic, Span]]:
    reference = _reference(c, forum, made, wish)
    if reference is None:
        return ()
    simulated = wish.include_simulated
    # The weeks of both references are counted from one day: one ask a week of one person.
    spans = [reference, Span(max(reference.end, wish.day - RECENT_DAYS), wish.day)]
    own = _reference(c, forum, made, wish, version)
    if own is not None and own != reference:
        spans.append(own)
    asked = read_asks(c, forum.id, spans, anchor=reference.end, include_simulated=simulated)
    inputs = inputs_of(c, forum, asked, taught_words(c, forum.id, made))
    found = [(Part.INPUTS, inputs, reference)]
    if own is not None:
        found.append((Part.PREDICTIONS, predictions_of(asked, version), own))
    return found


def _reference(
    c: store.Connection, forum: Forum, made: int, wish: Wish, version: str | None = None
) -> Span | None:
    """Return the model's own time as far as there are asks, or replies of the version, in it."""
    earliest = moment_of(made - REFERENCE_DAYS)
    simulated = wish.include_simulated
    first: datetime | None = store.first_asked(
        c, forum.id, earliest, version=version, include_simulated=simulated
    )
    return None if first is None else own_time(day_of(first), made)


def summary(watched: Watched) -> dict[Part, Verdict]:
    """Return the worst verdict of each part."""
    return {part: worst(watched.drifts, part) for part in Part}
