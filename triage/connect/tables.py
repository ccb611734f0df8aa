"""A CSV file -> its rows.

In: a path. Out: `Row`s whose values are texts, lists where the column is one, and None for an
empty cell; rows of one thread can be gathered to one with all its answers.
Not here: what the fields mean (fields, threads, cases ...).
"""

import csv
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path

from triage.connect.lines import LONGEST_LINE, UTF_8, Line, Row, Rows, encoding_shown, lines_of
from triage.errors import BadFile, BadRecord

MOST_ANSWERS = 10_000

_LISTS = frozenset({"tags", "groups", "duplicate_of", "customised_products", "candidates"})
_SEPARATORS = ",;\t"
_ANSWER = "answer_"
_LONGEST_RECORD = 2000
_NAME_IT = "; save it as UTF-8, or name its encoding in a map (`[file]`, data/README.md)"


class _Lines:
    """The lines of a file, of which some can be given back to be read once more."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._ahead: deque[Line] = deque()
        self._rest = lines_of(path, encoding)
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


def table_rows(path: Path, encoding: str | None = None) -> Rows:
    """Yield the rows of a CSV file with a header; without an encoding it is UTF-8 or UTF-16.

    The separator is the most frequent of comma, semicolon and tab in the header. A quote that
    is never closed costs its own line only: the lines after it are read again.
    """
    found = encoding or encoding_shown(path)
    advice = _NAME_IT if found == UTF_8 else ""
    lines = _Lines(path, found)
    header = lines.next()
    if header is None:
        return
    if header.problem is not None:
        raise BadFile(path, f"its header {header.problem}{advice}")
    # The module's own limit is 128 KiB a cell; ours is that of a line.
    csv.field_size_limit(LONGEST_LINE)
    separator = max(_SEPARATORS, key=header.text.count)
    names = _names(path, header.text, separator)
    if "" in names or len(set(names)) < len(names):
        raise BadFile(path, "its header names a column twice or not at all")
    while (line := lines.next()) is not None:
        if line.problem is None and not line.text.strip():
            continue
        wrong = line.problem and line.problem + (
            advice if line.problem.startswith("is not") else ""
        )
        cells: list[str] | str = wrong or _cells(lines, line, separator, len(names))
        if isinstance(cells, str):
            yield BadRecord(str(path), line.number, None, cells)
        else:
            yield Row(line.number, _values(dict(zip(names, cells, strict=True))))


def _names(path: Path, header: str, separator: str) -> list[str]:
    try:
        return [name.strip() for name in next(csv.reader([header], delimiter=separator), [])]
    except csv.Error as error:
        # Ends of lines that are none to us: of an old Macintosh, or of an encoding nobody named.
        problem = (
            "its header goes on after a carriage return; save it as UTF-8 with other line ends"
        )
        raise BadFile(path, problem) from error


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
