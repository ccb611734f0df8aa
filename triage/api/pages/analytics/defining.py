"""/analytics/definitions: what every figure means, and every table to take along.

In: a reading. Out: the cards with their definitions, the tables with their columns.
Not here: writing files (analytics.exporting).
"""

from triage.analytics.cards import CARDS
from triage.analytics.exporting import EXPORTS, OF_STORE
from triage.analytics.tables import TABLES
from triage.api.pages.analytics.here import Here, Values
from triage.reports import COLUMNS, Format, Table


def definitions(here: Here) -> Values:
    """Return what the tab of definitions and exports shows."""
    return {
        "defined": [(n, here.say(f"card.{n}"), here.say(f"card_is.{n}")) for n in CARDS],
        "exports": [
            (name, here.say(f"table.{name}"), here.say(f"table_is.{name}"), _columns(name))
            for name in EXPORTS
        ],
        "formats": [form.value for form in Format],
    }


def _columns(name: str) -> list[tuple[str, str, str]]:
    columns = COLUMNS[Table(name)] if name in OF_STORE else TABLES[name].columns
    return [(column.name, column.kind, column.meaning) for column in columns]
