"""Measurements of `evaluate` -> the tables of docs/benchmarks.md, each kind worded in its own way.

Not here: which rows there are, and running them (quality).
"""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from benchmarks.sets import ROOT, SHARED

Found = dict[str, Any]
Numbers = dict[str, float]


class Table(StrEnum):
    """The tables, by the headings of their first columns."""

    RETRIEVAL = "Retrieval"
    GATE = "Gate at 10 %"
    CLASSIFICATION = "Classification"
    SCOPE = "Out of scope"
    DIFFICULTY = "Answered in time"
    ROUTING = "Way"


KEYS = {
    Table.RETRIEVAL: ("mrr@10", "hit@1", "hit@10", "map", "ndcg@10"),
    Table.GATE: (
        "offered_of_answerable",
        "settled_of_answerable",
        "wrong_among_shown",
        "no_right_among_offered",
        "guaranteed",
        "ece",
    ),
    Table.CLASSIFICATION: ("accuracy", "macro_f1", "ece", "ece_floor"),
    Table.SCOPE: ("oos_auroc", "oos_recall_at_4", "accuracy"),
}
_WAYS = {
    "served": "served",
    "severity_unheeded": "the same, but an expert from {cut}: how bad it may be is unheeded",
    "likelier_side": "the same, but whoever is the likelier to be right: costs are unheeded",
    "keyword_rules": "keyword rules",
    "always_expert": "always an expert",
    "rules_without_keywords": "secrets and the customer's severity alone",
    "always_community": "always the community",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement: what it is of, its command, its table, and what others reached."""

    title: str
    command: tuple[str, ...]
    table: Table
    reference: str = "-"


Measured = tuple[Row, Found]


def plain_tables(measured: Sequence[Measured]) -> str:
    """Word what has one line of numbers a row, and the commands."""
    parts = [_plain(table, measured) for table in KEYS]
    rows = [row for row, _ in measured if row.table in KEYS]
    return "\n\n".join([*filter(None, parts), commands(rows)])


def difficulty_tables(measured: Sequence[Measured]) -> str:
    """Word how well it is told what gets its answer in time: over all, and by site."""
    return "\n\n".join(
        "\n".join(_difficulty(row, found)) + f"\n\n{commands([row])}"
        for row, found in measured
        if row.table is Table.DIFFICULTY
    )


def routing_tables(measured: Sequence[Measured]) -> str:
    """Word what each way of routing costs, and what serving saves over it."""
    return "\n\n".join(
        "\n".join(_routing(row, found)) + f"\n\n{commands([row])}"
        for row, found in measured
        if row.table is Table.ROUTING
    )


def commands(rows: Sequence[Row]) -> str:
    """Return the rows' commands as they can be typed in the repository's root."""
    if not rows:
        return ""
    lines = "\n".join(f"# {row.title}\n{_typed(row)}" for row in rows)
    many = "The commands, in the order of the rows:\n\n" if len(rows) > 1 else ""
    return f"{many}```sh\n{lines}\n```"


def _typed(row: Row) -> str:
    line = shlex.join(("python", "-m", "triage", *row.command))
    return line.replace(str(SHARED), "../shared/data").replace(f"{ROOT}/", "")


def _plain(table: Table, measured: Sequence[Measured]) -> str:
    here = [(row, found) for row, found in measured if row.table is table]
    if not here:
        return ""
    keys = KEYS[table]
    lines = list(_head(table.value, "n", *keys, "references"))
    for row, found in here:
        n = found["queries"] if "queries" in found else found["n"]
        lines.append(_line(row.title, str(n), *(f"{found[k]:.4f}" for k in keys), row.reference))
    return "\n".join(lines)


def _difficulty(row: Row, found: Found) -> Iterator[str]:
    yield f"{row.title}: learnt from {found['learnt']} earlier questions."
    yield ""
    columns = ("n", "in time", "in time before", "AUROC", "95 %", "Brier skill", "95 %", "ECE")
    yield from _head(Table.DIFFICULTY.value, *columns)
    yield _in_time("all", found, found["interval"])
    for site, here in found["by_site"].items():
        yield _in_time(site, here, {})


def _in_time(name: str, found: Found, between: dict[str, Numbers]) -> str:
    return _line(
        name,
        str(found["n"]),
        _short(found["in_time"]),
        _short(found["in_time_before"]),
        _short(found["auroc"]),
        _range(between.get("auroc")),
        _short(found["brier_skill"]),
        _range(between.get("brier_skill")),
        _short(found["ece"]),
    )


def _routing(row: Row, found: Found) -> Iterator[str]:
    sent, bad = found["destination"], found["severity"]
    yield (
        f"{row.title}: {found['n']} cases of {found['problems']} problems. Destination: accuracy"
        f" {_short(sent['accuracy'])}, macro-F1 {_short(sent['macro_f1'])}, AUROC"
        f" {_short(sent['auroc'])}, Brier {_short(sent['brier'])}, ECE {_short(sent['ece'])}"
        f" (chance alone: {_short(sent['ece_floor'])})."
    )
    if bad["n"]:
        yield (
            f"Severity: accuracy {_short(bad['accuracy'])}, macro-F1 {_short(bad['macro_f1'])},"
            f" within one {_short(bad['within_one'])}."
        )
    yield ""
    columns = ("hours a question", "95 %", "serving saves", "95 %", "missed (severe)", "needless")
    yield from _head(Table.ROUTING.value, *columns)
    for way, name in _WAYS.items():
        told, saved = found["costs"][way], found["saved_by_serving"].get(way)
        yield _line(
            name.format(cut=_short(found["worth_asking_from"])),
            _short(told["cost"]),
            _range(told),
            _short(saved["mean"]) if saved else "",
            _range(saved),
            f"{told['missed']} ({told['missed_severe']})",
            str(told["needless"]),
        )


def _head(*names: str) -> Iterator[str]:
    yield _line(*names)
    yield "|" + " --- |" * len(names)


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _range(between: Numbers | None) -> str:
    return f"{_short(between['low'])} to {_short(between['high'])}" if between else ""


def _short(number: float | None) -> str:
    """Write a number with three digits, and without a nought that says nothing."""
    if number is None:
        return "-"
    return f"{number:.3f}".replace("0.", ".", 1) if abs(number) < 1 else f"{number:.3f}"
