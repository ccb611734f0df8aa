"""A dump of a Stack Exchange site -> rows of our threads format.

In: the 7z file as it is downloaded, or a folder with its tables. Out: one row a question, with its
answers and what it duplicates, in no order that means anything. Posts are read twice: sorted into
files by question, since an answer may stand anywhere, and from those; memory stays small.
`Users.xml` and `Comments.xml` are not opened: names are not kept, and comments are no answers.
Not here: keeping threads (importing), making them safe (text).
"""

from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from triage.connect.buckets import Buckets
from triage.connect.lines import Row
from triage.connect.stackexchange.archive import unpacked
from triage.connect.stackexchange.posts import (
    ANSWER,
    QUESTION,
    kept_link,
    kept_post,
    number_in,
    thread_row,
)
from triage.connect.stackexchange.sites import site_of
from triage.connect.stackexchange.tables import Table, table_rows
from triage.errors import BadFile, BadRecord

_POSTS, _LINKS = "posts.xml", "postlinks.xml"
_TABLES = {_POSTS: "Posts.xml", _LINKS: "PostLinks.xml"}
_UNSAID = "(not said)"


@dataclass
class Dump:
    """A site's dump, ready to be read. `licences` fills in reading: posts by what they are under.

    `orphans`: answers and links whose question is not in the dump.
    """

    site: str
    posts: Table
    links: Table | None
    licences: Counter[str] = field(default_factory=Counter)
    orphans: int = 0

    def rows(self) -> Generator[Row | BadRecord, None, None]:
        """Yield a row for each question, and what could not be read. Raises BadFile.

        Close it where it is not read to its end: what it has sorted lies in temporary files.
        """
        with Buckets(self.posts.file.stat().st_size) as buckets:
            yield from self._sort_posts(buckets)
            if self.links is not None:
                yield from self._sort_links(buckets, self.links)
            for _, records in buckets.groups():
                found = thread_row(self.site, records)
                if found is None:
                    self.orphans += len(records)
                else:
                    yield Row(*found)

    def _sort_posts(self, buckets: Buckets) -> Iterator[BadRecord]:
        for row in table_rows(self.posts):
            if isinstance(row, BadRecord):
                yield row
                continue
            line, attributes = row
            kind = attributes.get("PostTypeId", "")
            if kind not in (QUESTION, ANSWER) or attributes.get("DeletionDate"):
                continue
            own = number_in(attributes, "Id")
            question = own if kind == QUESTION else number_in(attributes, "ParentId")
            if own is None or question is None:
                name = "Id" if own is None else "ParentId"
                yield BadRecord(str(self.posts.called), line, name, "is missing or no number")
                continue
            self.licences[attributes.get("ContentLicense") or _UNSAID] += 1
            buckets.put(question, kept_post(kind, line, attributes))

    def _sort_links(self, buckets: Buckets, links: Table) -> Iterator[BadRecord]:
        for row in table_rows(links):
            if isinstance(row, BadRecord):
                yield row
            elif (kept := kept_link(*row)) is not None:
                buckets.put(*kept)


@contextmanager
def opened_dump(path: Path, site: str | None = None) -> Iterator[Dump]:
    """Open a dump; what is unpacked of it is gone afterwards. Raises BadFile."""
    host = site_of(path, site)
    if path.is_dir():
        yield _dump(path, host, {one: Table(file, file) for one, file in _tables_in(path)})
        return
    if path.suffix.lower() != ".7z":
        raise BadFile(path, "a dump is a folder with Posts.xml, or the .7z file that it comes as")
    with TemporaryDirectory(prefix="triage-unpacked-") as folder:
        files = unpacked(path, frozenset(_TABLES), Path(folder))
        yield _dump(path, host, {one: Table(files[one], path / _TABLES[one]) for one in files})


def _tables_in(folder: Path) -> list[tuple[str, Path]]:
    try:
        members = sorted(folder.iterdir())
    except OSError as error:
        raise BadFile(folder, error.strerror or "it cannot be opened") from error
    return [(one.name.lower(), one) for one in members if one.name.lower() in _TABLES]


def _dump(path: Path, host: str, tables: Mapping[str, Table]) -> Dump:
    if _POSTS not in tables:
        raise BadFile(path, "it has no Posts.xml")
    return Dump(host, tables[_POSTS], tables.get(_LINKS))
