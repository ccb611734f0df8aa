"""Other systems' threads and cases, read again and again -> the forum's own, kept in step.

In: a source (connect.sources), or rows of a dump. Out: what became of it. What is as it was is not
written again; what was read stays read, whenever a run is killed; what is gone there goes here, if
it came from there.
Not here: what any one source says (connect), files that are read once (intake).
"""

from triage.importing.dumps import import_cases, import_threads
from triage.importing.keeper import Keeper
from triage.importing.reading import read_items, read_source
from triage.importing.shelves import CaseShelf, ThreadShelf
from triage.importing.values import Imported, Options, SourceName

__all__ = [
    "CaseShelf",
    "Imported",
    "Keeper",
    "Options",
    "SourceName",
    "ThreadShelf",
    "import_cases",
    "import_threads",
    "read_items",
    "read_source",
]
