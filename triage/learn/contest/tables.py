"""A verdict -> lines and a table that people can read.

In: a Verdict. Out: one row per slice, one column per measure: what the live model has, what the
new one has, and a mark where it is worse (!) or there are too few cases to tell (?).
Not here: measuring (challenge), where the lines go (card, train.py).
"""

from collections.abc import Sequence

from triage.learn.contest.verdict import COST, Basis, Tried, Verdict
from triage.learn.statistics.losses import Standing

MARKS = {Standing.HOLDS: "", Standing.WORSE: " !", Standing.UNDECIDED: " ?"}
_TITLES = {
    Basis.TIME: "{n} cases that are new to both{days}",
    Basis.FOLDS: "{n} cases that both learnt from, each asked about them unseen{days}",
}


def table_of(verdict: Verdict, basis: Basis) -> list[list[str]]:
    """Return the table of one basis, its first row the headings; empty when nothing was tried."""
    tried = [t for t in verdict.tried if t.basis is basis]
    if not tried:
        return []
    measures = list(dict.fromkeys(t.measure for t in tried))
    slices = dict.fromkeys(t.slice for t in tried)
    cell = {(t.slice, t.measure): t for t in tried}
    rows = [["slice", "cases", *measures]]
    for name in slices:
        found = [cell.get((name, measure)) for measure in measures]
        n = max(t.found.n for t in found if t is not None)
        rows.append([name, str(n), *map(_cell, found)])
    return rows


def title_of(verdict: Verdict, basis: Basis) -> str:
    """Say which cases a table is of, or why there are none."""
    judged = verdict.judged.get(basis.value, {})
    if "why" in judged:
        return f"not compared by {basis.value}: {judged['why']}"
    days = f", {judged['first_day']} to {judged['last_day']}" if "first_day" in judged else ""
    return _TITLES[basis].format(n=judged.get("n", 0), days=days)


def verdict_lines(verdict: Verdict) -> list[str]:
    """Return the verdict as lines for a terminal; the last one says what becomes of the model."""
    lines: list[str] = []
    for basis in Basis:
        if basis.value in verdict.judged:
            lines += ["", title_of(verdict, basis), *_aligned(table_of(verdict, basis))]
    if verdict.tried:
        lines += [
            "",
            "live > new; ! clearly worse, ? too few cases to tell; cost: hours a question",
        ]
    lines += [
        f"calibration {c.measure} ({c.basis.value}): error {c.before:.3f} > {c.after:.3f}"
        f"{' !' if c.worse else ''}, speaks up in {c.coverage[0]:.0%} > {c.coverage[1]:.0%}"
        for c in verdict.calibrated
    ]
    lines += [f"note     {note}" for note in verdict.notes]
    if not verdict.passed:
        lines += [f"against  {why}" for why in verdict.why]
    return [*lines, "", verdict.sentence()]


def _cell(tried: Tried | None) -> str:
    if tried is None:
        return "-"
    f = tried.found
    if tried.measure == COST:
        return f"{-f.before:.2f} > {-f.after:.2f}{MARKS[f.standing]}"
    return f"{f.before:.0%} > {f.after:.0%}{MARKS[f.standing]}"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows:
        return []
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
