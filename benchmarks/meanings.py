"""Sets whose questions are known to mean the same or not, as items with vectors."""

import gzip
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.kept import KeptEncoder
from benchmarks.sets import SAMPLE
from triage.encode import TextRole
from triage.insight import Item
from triage.insight.values import Vectors
from triage.records import Case
from triage.text import prepare_case

Labels = NDArray[np.int64]
OTHERS = ("sv", "nb", "da", "fi", "de")
_WORDS = (5, 25)


@dataclass(frozen=True, slots=True, eq=False)
class Meanings:
    """Items and which of them mean the same; only pairs with a counted item are judged."""

    items: Sequence[Item]
    groups: NDArray[np.str_]
    counted: NDArray[np.bool_]

    def only(self, chosen: NDArray[np.bool_]) -> "Meanings":
        """Return some of the items."""
        items = [item for item, taken in zip(self.items, chosen, strict=True) if taken]
        return Meanings(items, self.groups[chosen], self.counted[chosen])

    def all_counted(self) -> "Meanings":
        """Return them with every pair judged, also those of others."""
        return replace(self, counted=np.ones(len(self.items), dtype=np.bool_))

    def among(self, others: "Meanings") -> "Meanings":
        """Return them among others, with whom each pair would be wrong."""
        return Meanings(
            [*self.items, *others.items],
            np.concatenate([self.groups, others.groups]),
            np.concatenate([self.counted, np.zeros(len(others.items), dtype=np.bool_)]),
        )


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairwise precision, recall and F1."""

    f1: float
    precision: float
    recall: float


def judge(labels: Labels, meanings: Meanings) -> Pairs:
    """Judge a clustering by the pairs that it puts together."""
    groups = np.unique(meanings.groups, return_inverse=True)[1]
    both = labels.astype(np.int64) * (int(groups.max()) + 1) + groups
    found, true = _pairs(labels, meanings.counted), _pairs(groups, meanings.counted)
    return pairs_of(_pairs(both, meanings.counted), found, true)


def pairs_of(right: int, found: int, true: int) -> Pairs:
    """Make the three numbers of three counts."""
    f1 = 2 * right / max(1, found + true)
    return Pairs(f1, right / max(1, found), right / max(1, true))


def _pairs(labels: Labels, counted: NDArray[np.bool_]) -> int:
    def of(some: Labels) -> int:
        return sum(n * (n - 1) // 2 for n in Counter(some.tolist()).values())

    return of(labels) - of(labels[~counted])


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Read a file of JSON lines."""
    opened = gzip.open(path, "rt") if path.suffix == ".gz" else path.open(encoding="utf-8")
    with opened as file:
        return [json.loads(line) for line in file]


def stackfaq(shared: Path, encoder: KeptEncoder) -> Meanings:
    """Ten wordings each of 63 English questions."""
    rows = rows_of(shared / "stackfaq" / "queries.jsonl")
    return _asked(rows, [row["id"].split("_")[0] for row in rows], encoder, "stackfaq")


def sample(encoder: KeptEncoder) -> Meanings:
    """Return the sample's cases, whose groups are the same problem, in six languages."""
    rows = rows_of(SAMPLE / "cases.jsonl")
    return _asked(rows, [row.get("group") or row["id"] for row in rows], encoder, "sample")


def gnome(shared: Path, encoder: KeptEncoder) -> Meanings:
    """Titles of help pages in English, German and Danish; pages with one English title are one."""
    folder = shared / "help_pages"
    pages = rows_of(folder / "gnome_threads_en.jsonl.gz")
    english = {row["id"].split("@")[0]: row["title"].casefold().strip() for row in pages}
    others = rows_of(folder / "gnome_xling_queries.jsonl")
    groups = [english[row["id"].split("@")[0]] for row in pages]
    groups += [english.get(row["id"].split("|")[0], row["id"]) for row in others]
    titles = [{"lang": "en", **row, "body": ""} for row in (*pages, *others)]
    return _asked(titles, groups, encoder, "gnome")


def libreoffice(shared: Path, encoder: KeptEncoder, most: int) -> Meanings:
    """Return English titles of LibreOffice's help, each a meaning of its own."""
    rows = rows_of(shared / "help_pages" / "libreoffice_threads.jsonl.gz")
    rows = [{**row, "body": ""} for row in rows if row["id"].endswith("@en")][:most]
    return _asked(rows, [row["title"].casefold() for row in rows], encoder, "libreoffice")


def translated(shared: Path, encoder: KeptEncoder, pages: int) -> Meanings:
    """Return titles of LibreOffice's help in English, Swedish and Finnish; pages drawn at random.

    What was left in English is not there; pages with one English title are one meaning.
    """
    rows = rows_of(shared / "help_pages" / "libreoffice_threads.jsonl.gz")
    english = {r["page"]: _plain(r["title"]) for r in rows if r["id"].endswith("@en")}
    drawn = set(np.random.default_rng(0).permutation(sorted(english))[:pages].tolist())
    titles = [
        {**row, "body": "", "lang": lang}
        for row in rows
        if row["page"] in drawn
        and (lang := row["id"].split("@")[1]) in ("en", "sv", "fi")
        and (lang == "en" or _plain(row["title"]) != english[row["page"]])
    ]
    return _asked(titles, [english[row["page"]] for row in titles], encoder, "translated")


def forums(shared: Path, encoder: KeptEncoder) -> Meanings:
    """Return a thousand questions of two English forums; duplicates named as such are one."""
    rows = [
        {**row, "lang": "en"}
        for row in rows_of(shared / "se_threads" / "threads.jsonl.gz")
        if not row["site"].startswith("french")
    ]
    groups = {row["id"]: row["id"] for row in rows}
    for row in rows:
        for older in row.get("duplicate_of") or []:
            groups[row["id"]] = groups.get(older, row["id"])
    return _asked(rows, [groups[row["id"]] for row in rows], encoder, "forums")


def _plain(title: str) -> str:
    return title.casefold().strip()


def overflow(shared: Path, encoder: KeptEncoder, most: int) -> Meanings:
    """Titles of Stack Overflow, each taken for a meaning of its own; for measuring only."""
    rows = rows_of(shared / "stackoverflow20" / "train.jsonl.gz")[:most]
    return _asked(rows, [row["id"] for row in rows], encoder, "overflow")


def banking(shared: Path, encoder: KeptEncoder) -> Meanings:
    """Ten thousand questions to a bank, by topic."""
    rows = rows_of(shared / "banking77" / "train.jsonl")
    return _asked(rows, [row["topic"] for row in rows], encoder, "banking")


def language_means(shared: Path, encoder: KeptEncoder, most: int) -> dict[str, Vectors]:
    """Return what each language has of its own: the same strings of programs, in all six."""
    said: dict[str, dict[str, str]] = {}
    for lang in OTHERS:
        rows = rows_of(shared / "parallel" / f"ui_en-{lang}.jsonl.gz")
        said[lang] = {row["en"]: row["xx"] for row in rows}
    common = sorted(
        english
        for english in set.intersection(*(set(own) for own in said.values()))
        if _WORDS[0] <= len(english.split()) <= _WORDS[1]
        and "%" not in english
        and all(own[english] != english for own in said.values())
    )
    drawn = np.random.default_rng(0).permutation(len(common))[:most]
    strings = [common[i] for i in drawn]
    found = {"en": encoder.encode(strings, TextRole.QUERY).mean(axis=0)}
    for lang, own in said.items():
        texts = [own[english] for english in strings]
        found[lang] = encoder.encode(texts, TextRole.QUERY).mean(axis=0)
    middle = np.mean(list(found.values()), axis=0)
    return {lang: (mean - middle).astype(np.float32) for lang, mean in found.items()}


def _asked(
    rows: Sequence[dict[str, Any]], groups: Sequence[str], encoder: KeptEncoder, name: str
) -> Meanings:
    cases = [prepare_case(Case("", row["title"] or "", row.get("body") or "")) for row in rows]
    vectors = encoder.encode([case.text for case in cases], TextRole.QUERY)
    items = [
        Item(f"{name} {i}", vector, row.get("lang") or "en", float(i))
        for i, (row, vector) in enumerate(zip(rows, vectors, strict=True))
    ]
    return Meanings(items, np.array(groups), np.ones(len(rows), dtype=np.bool_))
