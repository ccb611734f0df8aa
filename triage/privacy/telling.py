"""What is kept, what for and how long -> a table for people.

In: the retention in force. Out: one row for each table of the store, as values or as Markdown.
Not here: the page that shows it (api), deciding it (store.holdings, settings).
"""

from dataclasses import dataclass

from triage import store
from triage.retention import CLASSES, Retention

_HEAD = (
    "| table | what for | kept | when a person is erased | in the export |\n" + "| --- " * 5 + "|"
)


@dataclass(frozen=True, slots=True)
class ToldHolding:
    """One table: its purpose, how long its rows and their words are kept, what erasure does."""

    table: str
    purpose: str
    kept: str
    erasure: str
    exported: bool
    personal: bool


def told_holdings(retention: Retention) -> list[ToldHolding]:
    """Return a row for each table."""
    return [
        ToldHolding(
            holding.table,
            holding.purpose,
            _kept(holding, retention),
            holding.fate.value,
            holding.exported,
            bool(holding.persons or holding.texts),
        )
        for holding in store.HOLDINGS
    ]


def holdings_table(retention: Retention) -> str:
    """Return the rows in Markdown."""
    rows = [
        f"| `{h.table}` | {h.purpose} | {h.kept} | {h.erasure} | {'yes' if h.exported else 'no'} |"
        for h in told_holdings(retention)
    ]
    return "\n".join([_HEAD, *rows]) + "\n"


def _kept(holding: store.Holding, retention: Retention) -> str:
    kept = _of_class(holding.kept, retention)
    if holding.blanked is None:
        return kept
    return f"words and person {_of_class(holding.blanked, retention)}, the row {kept}"


def _of_class(name: str, retention: Retention) -> str:
    if name in store.FIXED:
        return store.FIXED[name]
    days = retention.days[name]
    if days is None:
        return f"until somebody removes it (`{name}`)"
    return f"{days} {'day' if days == 1 else 'days'} (`{name}`)"


def class_meanings() -> dict[str, str]:
    """Return what each class is, as people are told."""
    return {name: meaning for name, (_, meaning) in CLASSES.items()}
