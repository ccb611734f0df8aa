"""A CSV file -> its rows.

In: a path. Out: `Row`s whose values are texts, lists where the column is one, and None for an
empty cell; rows of one thread can be gathered to one with all its answers.
Not here: what the fields mean (fields, threads, cases ...).
"""

import csv
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path

from triage.connect.lines import LONGEST_LINE, Line, Row, Rows, lines_of
from triage.errors import BadFile, BadRecord

MOST_ANSWERS = 10_000

_LISTS = frozenset({"tags", "groups", "duplicate_of", "customised_products", "candidates"})
_SEPARATORS = ",;\t"
_ANSWER = "answer_"
_LONGEST_RECORD = 2000


class _Lines:
    """The lines of a file, of which some can be given back to be read once more."""

    def __init__(self, path: Path) -> None:
        self._ahead: deque[Line] = deque()
        self._rest = lines_of(path)
        self.taken: list[Line] = []

    def next(self) -> Line | None:
        return self._ahead.popleft() if self._ahead else next(self._rest, None)

    def give_back(self, lines: list[Line]) -> None:
        self._ahead.extendleft(reversed(lines))

    def texts_from(self, first: Line) -> Iterator[str]:
        """Yield the texts that a quoted cell may run over; stop at a line that cannot be read."""
        self.taken = [first]
        yield first.text + "\n"
        length = len(first.text)
        while len(self.taken) < _LONGEST_RECORD and (line := self.next()) is not None:
            length += len(line.text)
            if line.problem is not None or length > LONGEST_LINE:
                self.give_back([line])
                return
            self.taken.append(line)
            yield line.text + "\n"


def table_rows(path: Path) -> Rows:
    """Yield the rows of a CSV file with a header.

    The separator is the most frequent of comma, semicolon and tab in the header. A quote that
    is never closed costs its own line only: the lines after it are read again.
    """
    lines = _Lines(path)
    header = lines.next()
    if header is None:
        return
    if header.problem is not None:
        raise BadFile(path, f"its header {header.problem}")
    # The module's own limit is 128 KiB a cell; ours is that of a line.
    csv.field_size_limit(LONGEST_LINE)
    separator = max(_SEPARATORS, key=header.text.count)
    names = [name.strip() for name in next(csv.reader([header.text], delimiter=separator), [])]
    if "" in names or len(set(names)) < len(names):
        raise BadFile(path, "its header names a column twice or not at all")
    while (line := lines.next()) is not None:
        if line.problem is None and not line.text.strip():
            continue
        cells: list[str] | str = line.problem or _cells(lines, line, separator, len(names))
        if isinstance(cells, str):
            yield BadRecord(str(path), line.number, None, cells)
        else:
            yield Row(line.number, _values(dict(zip(names, cells, strict=True))))


def _cells(lines: _Lines, first: Line, separator: str, width: int) -> list[str] | str:
    """Return the cells of the record that begins on a line, or what is wrong with it."""
    try:
        cells = next(csv.reader(lines.texts_from(first), delimiter=separator, strict=True))
    except (csv.Error, StopIteration) as error:
        problem = f"is not CSV: {error}"
    else:
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        if len(cells) == width:
            return cells
        problem = f"has {len(cells)} cells where the header has {width}"
    lines.give_back(lines.taken[1:])
    return problem


def _values(cells: Mapping[str, str]) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, cell in cells.items():
        text = cell.strip()
        values[name] = (text.split("|") if name in _LISTS else cell) if text else None
    return values


def gather_answers(rows: Rows) -> Rows:
    """Make one row of the rows of a thread that follow each other, with a list of answers.

    The first has the thread's columns; the others the same id and an answer, and their other
    columns are empty or repeat the first's.
    """
    held: Row | None = None
    thread: dict[str, object] = {}
    answers: list[object] = []
    for row in rows:
        if isinstance(row, BadRecord):
            yield row
            continue
        own, answer = _apart(row.values)
        if held is not None and answer and _goes_on(thread, own):
            # One answer over the limit is kept, for `threads` to refuse the thread.
            if len(answers) <= MOST_ANSWERS:
                answers.append(answer)
            continue
        if held is not None:
            yield held
        answers = [answer] if answer else []
        thread, held = own, Row(row.line, {**own, "answers": answers})
    if held is not None:
        yield held


def _apart(values: Mapping[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """Return the columns of the thread, and those of the answer that are not empty."""
    own = {name: value for name, value in values.items() if not name.startswith(_ANSWER)}
    answer = {
        name.removeprefix(_ANSWER): value
        for name, value in values.items()
        if name.startswith(_ANSWER) and value is not None
    }
    return own, answer


def _goes_on(thread: Mapping[str, object], own: Mapping[str, object]) -> bool:
    if own.get("id") is None or own.get("id") != thread.get("id"):
        return False
    return all(value is None or value == thread.get(name) for name, value in own.items())
