"""Reports of a forum from the store: its measures, closed periods, what was before, exports.

In: a store, a forum, what is wanted. Out: reports as mappings, files of rows.
Not here: the measures themselves (outcomes), SQL (store), commands and HTTP (cli, api).
"""

from triage.reports.baseline import put_baseline, read_period, told_period
from triage.reports.closing import changes, close_period, told_closed
from triage.reports.closing_due import close_due, months_due
from triage.reports.days import day_or_moment, zone_of
from triage.reports.export_file import export_table
from triage.reports.folding import fold, forget_gone
from triage.reports.reading import ReportOrder, asks_of_forum, parts_of_forum, report_of_forum
from triage.reports.rows import COLUMNS, Table, columns_table, names_of
from triage.reports.values import VERSION, Column, Period, Row, columns_lines
from triage.reports.writing import Format, write_rows

__all__ = [
    "COLUMNS",
    "VERSION",
    "Column",
    "Format",
    "Period",
    "ReportOrder",
    "Row",
    "Table",
    "asks_of_forum",
    "changes",
    "close_due",
    "close_period",
    "columns_lines",
    "columns_table",
    "day_or_moment",
    "export_table",
    "fold",
    "forget_gone",
    "months_due",
    "names_of",
    "parts_of_forum",
    "put_baseline",
    "read_period",
    "report_of_forum",
    "told_closed",
    "told_period",
    "write_rows",
    "zone_of",
]
