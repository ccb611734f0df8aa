"""A file -> its rows, one by one, with the line where each begins.

In: a path to `.jsonl`, `.jsonl.gz`, `.csv` or `.csv.gz`. Out: `Row`s, and a `BadRecord` for each
line that is none; a file is never held in memory.
Not here: what the fields mean (fields, threads, cases ...), counting (reading).
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from triage.connect.lines import UTF_8, Row, Rows, lines_of
from triage.connect.tables import table_rows
from triage.errors import BadFile, BadRecord


def rows_of(path: Path, encoding: str | None = None) -> Rows:
    """Return the rows of a file in their order; its encoding is UTF-8 unless another is named.

    Raises BadFile for a name of another kind at once, and for a file that cannot be read when
    the rows are asked for.
    """
    name = path.name.lower().removesuffix(".gz")
    if name.endswith(".jsonl"):
        return json_rows(path, encoding or UTF_8)
    if is_table(path):
        return table_rows(path, encoding)
    raise BadFile(path, "its name must end with .jsonl, .jsonl.gz, .csv or .csv.gz")


def is_table(path: Path) -> bool:
    """Say whether the file's name is that of a table (CSV)."""
    return path.name.lower().removesuffix(".gz").endswith(".csv")


def json_rows(path: Path, encoding: str = UTF_8) -> Rows:
    """Yield the objects that stand one on each line of a file."""
    for line in lines_of(path, encoding):
        if line.problem is None and not line.text.strip():
            continue
        parsed: Mapping[str, object] | str = line.problem or object_of(line.text)
        if isinstance(parsed, str):
            yield BadRecord(str(path), line.number, None, parsed)
        else:
            yield Row(line.number, parsed)


def object_of(text: str) -> Mapping[str, object] | str:
    """Return the object on a line, or what is wrong with the line."""
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        return f"is not JSON: {error.msg} at character {error.pos + 1}"
    except ValueError:
        return "is not JSON: it holds NaN, Infinity or a number of thousands of digits"
    except RecursionError:
        return "is nested too deeply"
    return value if isinstance(value, dict) else "is not a JSON object"


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
