"""A table that somebody wants as a file -> the reply that is one, noted as an act.

In: the installation, a forum, who wants it, an `Export`. Out: a reply with the file attached.
Not here: who may have it (matrix), the rows (analytics, reports).
"""

import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import IO, BinaryIO, cast

from starlette.responses import StreamingResponse

from triage.analytics.exporting import Export
from triage.api.installation import Installation
from triage.audit.acting import Acting
from triage.records import Actor, Forum
from triage.reports import VERSION, Format

COLUMNS_HEADER = "Triage-Columns"
MEDIA: Mapping[Format, str] = {
    Format.CSV: "text/csv; charset=utf-8; header=present",
    Format.PARQUET: "application/vnd.apache.parquet",
    Format.JSONL: "application/x-ndjson",
}
_SPOOLED_BYTES = 8 << 20
_PIECE = 1 << 18


def export_reply(
    installation: Installation, forum: Forum, actor: Actor, export: Export, how: Format
) -> StreamingResponse:
    """Write a table to a file, one at a time on this server, note the act, and return the file.

    Raises BadField for a property that no ask has.
    """
    database, now = installation.database(), datetime.now(UTC)
    file = tempfile.SpooledTemporaryFile(max_size=_SPOOLED_BYTES)
    try:
        with installation.reporting:
            export.write(database, forum.id, cast(BinaryIO, file), how, now)
        with database.write() as c:
            what = {"format": how.value, **export.noted}
            Acting(forum.id, actor).note(c, "report.export", export.table, after=what)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    name = f"{forum.name}-{export.table}.{how.value}"
    headers = {
        COLUMNS_HEADER: str(VERSION),
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return StreamingResponse(_pieces(file), media_type=MEDIA[how], headers=headers)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece
