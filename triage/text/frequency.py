"""Documents -> the segments that too many of them share.

In: the texts of a forum with their source and author. Out: lines and form labels that a share of
the different documents of a source have, and the lines that one author ends his texts with.
Texts of the same words, dates and times aside, are one document, so that what was posted many
times is no template of itself. Titles never count, nor does a line that says what the title says.
Not here: taking segments out of a text (boilerplate), keeping them (store).
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from triage.text.boilerplate import SegmentKind, signature_key
from triage.text.segments import (
    MOST_CHARACTERS,
    NUMBER,
    joined,
    keys_of,
    label_of,
    line_key,
    literal_key,
    words_of,
)

FEWEST_DOCUMENTS = 10
SMALLEST_SHARE = 0.1
FEWEST_AUTHORS = 3
# A person's signature: so many of his texts, and this share of them.
FEWEST_SIGNED = 3
SIGNED_SHARE = 0.5
# A value is part of a template if its form label hardly ever has another.
_SAME_VALUE = 0.8
# Templates stand around a pasted log, not in its middle.
_FIRST_LINES, _LAST_LINES = 300, 100
_SIGNATURE_LINES = 6
_CELLS = 1 << 22

# (kind of source, product) or (_AUTHOR, person)
_Source = tuple[str, str | None]
_Key = tuple[SegmentKind, str]
_AUTHOR = "\n"


@dataclass(frozen=True, slots=True)
class Document:
    """A text to learn from. `author` is a keyed hash."""

    source: str
    text: str
    title: str = ""
    product: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """What is discounted: how many different documents of which source have it.

    Of a signature `key` is a digest, and it has no source but its author, who is not named.
    """

    kind: SegmentKind
    key: str
    source: str
    product: str | None
    documents: int
    share: float


@dataclass(frozen=True, slots=True)
class _Read:
    """A document taken apart: which keys count under which sources.

    `opening` tells an author's different texts apart: what he posts again begins as before.
    """

    digest: bytes
    opening: bytes
    author: str | None
    sources: tuple[_Source, ...]
    # Each key with the one that it is a special case of.
    keys: Mapping[_Key, _Key | None]
    ending: frozenset[str]


@dataclass(slots=True)
class _Count:
    documents: int = 0
    authors: set[str] = field(default_factory=set)
    general: _Key | None = None

    def add(self, author: str, general: _Key | None) -> None:
        self.documents += 1
        self.general = general or self.general
        if len(self.authors) < FEWEST_AUTHORS:
            self.authors.add(author)


def learn_boilerplate(read: Callable[[], Iterable[Document]]) -> tuple[Segment, ...]:
    """Learn what the documents share; `read` gives the same documents twice.

    The first time sets an upper bound for every line, in little memory however many there are;
    the second counts those that may be shared by enough.
    """
    sizes: Counter[_Source] = Counter()
    bounds = np.zeros(_CELLS, dtype=np.int32)
    for document in _different(read()):
        for source, keys in _parts(document):
            sizes[source] += 1
            bounds[[hash((source, key)) % _CELLS for key in keys]] += 1
    counts: dict[_Source, dict[_Key, _Count]] = defaultdict(lambda: defaultdict(_Count))
    for document in _different(read()):
        author = document.author or document.digest.hex()
        for source, keys in _parts(document):
            least = _least(source, sizes[source])
            for key in keys:
                if bounds[hash((source, key)) % _CELLS] >= least:
                    counts[source][key].add(author, document.keys.get(key))
    return _best(_chosen(counts, sizes))


def _different(documents: Iterable[Document]) -> Iterator[_Read]:
    """Take documents apart, leaving out those that are another one's copy."""
    seen: set[bytes] = set()
    for document in documents:
        read = _read(document)
        if read.digest in seen:
            continue
        if read.opening in seen:
            read = replace(read, ending=frozenset())
        seen |= {read.digest, read.opening}
        yield read


def _parts(document: _Read) -> Iterator[tuple[_Source, Iterable[_Key]]]:
    """Give every source that a document counts for, with what counts."""
    for source in document.sources:
        yield source, document.keys
    if document.author is not None and document.ending:
        keys = [(SegmentKind.SIGNATURE, key) for key in document.ending]
        yield (_AUTHOR, document.author), keys


def _read(document: Document) -> _Read:
    lines = document.text.split("\n")
    if len(lines) > _FIRST_LINES + _LAST_LINES:
        lines = lines[:_FIRST_LINES] + lines[-_LAST_LINES:]
    title = joined(keys_of(words_of(document.title)))
    keys: dict[_Key, _Key | None] = {}
    read: list[str] = []
    ending: list[str] = []
    for line in lines:
        words = words_of(line)
        word_keys = keys_of(words)
        literal = literal_key(words, word_keys)
        key = line_key(line, word_keys)
        if key is not None and read:
            ending.append(key)
        read += [literal] if words else []
        if key is None or key == title:
            continue
        label = label_of(line)
        general: _Key | None = None
        if label is not None:
            keys[general := (SegmentKind.LABEL, label.key)] = None
        bare = label is not None and label.end == len(line.rstrip())
        whole = (SegmentKind.LINE, key)
        keys[whole] = None if bare else general
        if NUMBER in word_keys and len(literal) <= MOST_CHARACTERS:
            keys[SegmentKind.LINE, literal] = keys[whole] or whole
    return _documented(document, read, keys, ending[-_SIGNATURE_LINES:])


def _documented(
    document: Document,
    lines: Sequence[str],
    keys: Mapping[_Key, _Key | None],
    ending: Sequence[str],
) -> _Read:
    sources: list[_Source] = [(document.source, None)]
    if document.product is not None:
        sources.append((document.source, document.product))
    return _Read(
        digest=_digest(document.source, *lines),
        opening=_digest(_AUTHOR, document.author or "", *lines[:1]),
        author=document.author,
        sources=tuple(sources),
        keys=keys,
        ending=frozenset(ending),
    )


def _digest(*lines: str) -> bytes:
    whole = "\n".join(lines).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(whole, digest_size=16).digest()


def _least(source: _Source, size: int) -> float:
    """Return how many documents of a source must have a segment."""
    if source[0] == _AUTHOR:
        return max(FEWEST_SIGNED, SIGNED_SHARE * size)
    return max(FEWEST_DOCUMENTS, SMALLEST_SHARE * size)


def _chosen(
    counts: Mapping[_Source, Mapping[_Key, _Count]], sizes: Mapping[_Source, int]
) -> Iterator[Segment]:
    """Give what is boilerplate, in every source that it is of."""
    for source, found in counts.items():
        least, size = _least(source, sizes[source]), sizes[source]
        for (kind, key), count in found.items():
            n = count.documents
            if n < least:
                continue
            name, owner = source
            if name == _AUTHOR:
                yield Segment(kind, signature_key(owner or "", key), "", None, n, n / size)
                continue
            general = found.get(count.general) if count.general is not None else None
            if len(count.authors) >= FEWEST_AUTHORS and (
                general is None or n >= _SAME_VALUE * general.documents
            ):
                yield Segment(kind, key, name, owner, n, n / size)


def _best(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Keep every segment once, of the source that has most of it."""
    best: dict[_Key, Segment] = {}
    for segment in segments:
        known = best.get((segment.kind, segment.key))
        if known is None or (segment.share, segment.documents) > (known.share, known.documents):
            best[segment.kind, segment.key] = segment
    return tuple(sorted(best.values(), key=lambda s: (s.kind, -s.documents, s.key)))
