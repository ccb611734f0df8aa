"""A report -> the lines that a person wants first; the rest is in the JSON.

In: the mapping that a report is. Out: lines.
Not here: making it (outcomes, reports), the command (report).
"""

from collections.abc import Iterator
from typing import Any

_CHANGES_SHOWN = 12


def lines_of(found: dict[str, Any]) -> Iterator[str]:
    """Word the figures of a report."""
    if found["only"]:
        yield "Of " + ", ".join(f"{n} {_said(v)}" for n, v in found["only"].items()) + ":"
    # The log may reach further than the period.
    begin, end = (
        found.get(f"{name}_local") or found[name] or found[other]
        for name, other in (("from", "first_ask"), ("to", "last_ask"))
    )
    yield f"{found['asks']} asks from {begin} to {end},"
    yield f"as of {found['as_of']}; the window of {found['open']} is still open."
    if found["simulated"]:
        yield f"SIMULATED: {found['simulated']} of these asks are made up and nobody's."
    yield ""
    yield f"{'':12}{'asks':>10}{'offered':>10}{'posted':>10}{'confirmed':>11}" + (
        f"{'contradicted':>14}{'silent':>10}"
    )
    rows = {"offered": {**found, "asks": found["offered"]}, **found["arms"]}
    for name, row in rows.items():
        yield f"{name:12}{row['asks']:>10}{row['offered']:>10}{row['posted']:>10}" + (
            f"{row['confirmed']:>11}{row['contradicted']:>14}{row['silent']:>10}"
        )
    yield ""
    yield from _lift_lines(found)
    low, high = found["deflection_low"], found["deflection_high"]
    if low is not None:
        yield f"Settled, of {found['seen']} asks that saw a suggestion: {low:.1%} to {high:.1%}"
    if found["naive_deflection"] is not None:
        yield f"Not posted (no measure of success): {found['naive_deflection']:.1%} of the offered"
    left_out = ", ".join(f"{n} {name}" for name, n in found["excluded"].items() if n)
    if left_out:
        yield f"Left out: {left_out.replace('_', ' ')}"
    events = found["events"]
    if "taken" in events:
        repeated, bad = events["duplicates"], events["bad_lines"]
        yield f"{events['taken']} events; {repeated} repeated, {bad} bad"
    yield from _before_lines(found.get("baseline"))
    yield from _closed_lines(found.get("closed"))


def _lift_lines(found: dict[str, Any]) -> Iterator[str]:
    what = "Lift" if found["headline"] else "By session, which is no headline: lift"
    if found["lift"] is None:
        yield f"{what}: not known; both arms need asks"
    else:
        low, high = found["lift_low"], found["lift_high"]
        yield f"{what}: {found['lift']:+.2%}, between {low:+.2%} and {high:+.2%} (95 %)"
        yield _verdict(low, high, found["smallest_visible_lift"])
        yield f"Posts prevented: {_between(found, 'incremental')}"
        if found["saved"] is not None:
            yield f"Saved: {_between(found, 'saved')}"
        if found["net"] is not None:
            yield f"Left of it when the service is paid: {_between(found, 'net')}"
        if found["lift_always_low"] is not None:
            ends = found["lift_always_low"], found["lift_always_high"]
            yield "Holding at every look at once: {:+.2%} to {:+.2%}".format(*ends)
        more = found["days_until_known"]
        if more is not None and more > 0:
            yield f"A lift of {found['worth_knowing']:.0%} can be seen in {more:.0f} more days"
    if found["srm_alarm"]:
        yield f"ALARM: persons are not split as assigned (p {found['srm_p']:.2g}): no lift holds"


def _verdict(low: float, high: float, visible: float | None) -> str:
    """Say what an interval of the lift allows to say."""
    if low > 0:
        return "Suggestions prevented posts: zero is not within the interval"
    if high < 0:
        return "Suggestions caused posts: zero is not within the interval"
    enough = "" if visible is None else f"; so few asks show only a lift of {visible:.0%} or more"
    return f"Whether suggestions helped is not known: zero is within the interval{enough}"


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _between(found: dict[str, Any], name: str) -> str:
    value, low, high = (found[f"{name}{end}"] for end in ("", "_low", "_high"))
    return f"{value:.0f}, between {low:.0f} and {high:.0f}"


def _before_lines(before: dict[str, Any] | None) -> Iterator[str]:
    if before is None:
        return
    low, high = before["questions_per_day_low"], before["questions_per_day_high"]
    yield (
        f"Before the service: {before['questions_per_day']:.1f} questions a day, between {low:.1f}"
        f" and {high:.1f}"
    )
    if before["posted_per_day"] is not None:
        yield f"Now: {before['posted_per_day']:.1f} a day (says nothing of why; the lift does)"


def _closed_lines(closed: dict[str, Any] | None) -> Iterator[str]:
    if closed is None:
        return
    changed = closed["changed"]
    yield f"Closed {closed['closed_at']} by {closed['by']}, as of {closed['as_of']};" + (
        f" {len(changed)} figures have changed since:" if changed else " nothing has changed since"
    )
    for name, value in list(changed.items())[:_CHANGES_SHOWN]:
        yield f"  {name}: {_shown(value['old'])} then, {_shown(value['new'])} now"
    if len(changed) > _CHANGES_SHOWN:
        yield f"  ... and {len(changed) - _CHANGES_SHOWN} more; --json has them all"


def _shown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
