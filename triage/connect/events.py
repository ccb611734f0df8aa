"""A file of events, one JSON object a line -> their fields, one by one.

In: a path, gzipped or not; a line may also be a batch as the API takes it. Out: the number of the
line, and the fields or what is wrong with it.
Not here: what the fields mean (outcomes).
"""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from triage.connect.lines import BOM, LONGEST_LINE, opened

EventLine = tuple[int, Mapping[str, object] | str]


def event_lines(path: Path) -> Iterator[EventLine]:
    """Yield the events of a file; for a line that is none, its number and a problem.

    Raises BadFile for a file that cannot be opened or breaks off.
    """
    with opened(path) as file:
        lines = iter(partial(file.readline, LONGEST_LINE + 1), b"")
        for number, line in enumerate(lines, 1):
            raw = line.removeprefix(BOM) if number == 1 else line
            if len(raw) > LONGEST_LINE:
                while line and not line.endswith(b"\n"):
                    line = file.readline(LONGEST_LINE)
                yield number, f"is longer than {LONGEST_LINE} bytes"
                continue
            try:
                found = orjson.loads(raw)
            except orjson.JSONDecodeError as error:
                if not raw.isspace() and raw:
                    yield number, _problem(raw, error)
                continue
            if type(found) is dict and "type" in found:
                yield number, found
            else:
                yield from ((number, event) for event in _batch(found))


def _batch(found: Any) -> Iterator[Mapping[str, object] | str]:  # noqa: ANN401
    """Give the events of a batch: a list, or an object that has one under `events`."""
    events = found.get("events", [found]) if isinstance(found, dict) else found
    if not isinstance(events, list):
        yield "is not a JSON object"
        return
    for event in events:
        yield event if isinstance(event, dict) else "is not a JSON object"


def _problem(raw: bytes, error: orjson.JSONDecodeError) -> str:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as broken:
        return f"is not UTF-8 at byte {broken.start + 1}"
    return f"is not JSON: {error.msg}"
