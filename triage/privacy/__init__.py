"""A person's right to be gone, and to see what is kept; and what is too old goes by itself.

In: keyed hashes of persons, how long each class is kept. Out: receipts, exports, counts.
Not here: SQL (store), who may ask for it (api, cli), what may never be kept (text).
"""

from triage.privacy.erasing import Eraser, Order
from triage.privacy.exporting import export_person
from triage.privacy.log import Entry, ErasureLog
from triage.privacy.receipts import told_receipt
from triage.privacy.replaying import catch_up
from triage.privacy.retaining import Retained, retain
from triage.privacy.searching import IndexSearch, all_groups, index_search
from triage.privacy.telling import holdings_table, told_holdings

__all__ = [
    "Entry",
    "Eraser",
    "ErasureLog",
    "IndexSearch",
    "Order",
    "Retained",
    "all_groups",
    "catch_up",
    "export_person",
    "holdings_table",
    "index_search",
    "retain",
    "told_holdings",
    "told_receipt",
]
