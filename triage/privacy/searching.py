"""Is anything left? The words of whoever was erased, looked for where they could still stand.

In: words, a store, files, a search over the live index. Out: where they were found. They stay in
memory and are forgotten with the call.
Not here: removing anything (removing), what is made of it (erasing).
"""

import json
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

from triage import store, text
from triage.encode import TextRole
from triage.pipeline import Parts
from triage.retrieve.base import Search

# Threads that a search for these words finds, for whoever may read everything.
IndexSearch = Callable[[str], Collection[str]]

_FEWEST_CHARACTERS = 12
_MOST_CHARACTERS = 120
_MOST_MARKS = 12
_PIECE_BYTES = 1 << 22
_LARGEST_PACKED = 1 << 26


def marks_of(words: Iterable[str]) -> list[str]:
    """Return the lines by which texts are best known again: the longest, each once."""
    lines = {line.strip()[:_MOST_CHARACTERS].strip() for t in words for line in t.split("\n")}
    telling = [line for line in lines if len(line) >= _FEWEST_CHARACTERS]
    return sorted(telling, key=lambda line: (-len(line), line))[:_MOST_MARKS]


def safe_lines(texts: Iterable[str]) -> list[str]:
    """Return texts as they would have been kept: redacted and cleaned, line by line too."""
    return [text.clean(text.redact(one).text) for one in texts]


def found_in_files(files: Iterable[Path], marks: Sequence[str]) -> list[Path]:
    """Return the files in which any of the marks stands, in whatever encoding."""
    sought = {spelt for mark in marks for spelt in _spellings(mark)}
    if not sought:
        return []
    return [file for file in files if _is_in(file, sought)]


def index_search(parts: Parts, groups: frozenset[str]) -> IndexSearch:
    """Return a search of the index as it is now, as somebody of all these groups."""

    def search(words: str) -> Collection[str]:
        vector = None
        if parts.encoder is not None:
            vector = parts.encoder.encode([words], TextRole.QUERY)[0]
        lang = text.detect(words).lang
        return {h.thread_id for h in parts.index.search(Search(words, lang, vector, groups))}

    return search


def all_groups(database: store.Database, forum_id: int) -> frozenset[str]:
    """Return every group that any thread of the forum is for."""
    with database.read() as c:
        return frozenset().union(*(thread.groups for thread in store.iter_threads(c, forum_id)))


def _is_in(file: Path, sought: Collection[bytes]) -> bool:
    try:
        return any(_holds(pieces, sought) for pieces in _contents(file))
    except FileNotFoundError:
        # Gone since it was listed: an old version that was removed, a log that was written back.
        return False


def _spellings(mark: str) -> Iterator[bytes]:
    yield mark.encode()
    yield json.dumps(mark)[1:-1].encode()
    yield json.dumps(mark, ensure_ascii=False)[1:-1].encode()
    yield mark.encode("utf-16-le")


def _contents(file: Path) -> Iterator[Iterator[bytes]]:
    """Give a file's bytes as they are, and with what packs them taken off."""
    yield _pieces(file)
    if file.suffix == ".joblib" and file.stat().st_size < _LARGEST_PACKED:
        try:
            yield iter([zlib.decompress(file.read_bytes())])
        except zlib.error:
            return
    elif zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as packed:
            for name in packed.namelist():
                yield iter([packed.read(name)])


def _pieces(file: Path) -> Iterator[bytes]:
    """Give a file in overlapping pieces, so that nothing is missed where two of them meet."""
    overlap = 4 * _MOST_CHARACTERS * 3
    before = b""
    with file.open("rb") as opened:
        while piece := opened.read(_PIECE_BYTES):
            yield before + piece
            before = piece[-overlap:]


def _holds(pieces: Iterator[bytes], sought: Collection[bytes]) -> bool:
    return any(one in piece for piece in pieces for one in sought)
