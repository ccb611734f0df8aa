"""The files of the sample -> what is asked in the quarter, and which threads would settle it.

In: the folder of the sample. Out: texts: its drafts, a choice of its cases, and what is planted.
Not here: what the service makes of them (hearing), who asks them and how often (world).
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from triage.connect import Reading, read_cases, read_judgements, read_queries
from triage.records import Draft

# Each text goes through every step of a reply once, which is what takes longest of all.
_MOST_SOLVED = 130
_MOST_UNSOLVED = 50
_PLANTED_SEVERITY = 3
# A text of this many is asked by title first, as somebody does who has not written on yet.
TYPED_FIRST = 50


class Planted(StrEnum):
    """What was put among the questions to be found: what nobody has answered, what comes anew."""

    GAP = "gap"
    RISING = "rising"


@dataclass(frozen=True, slots=True)
class Words:
    """A text that is asked. `right` are the threads that settle it."""

    id: str
    draft: Draft
    lang: str
    right: frozenset[str]
    planted: Planted | None = None


def words_of(sample: Path) -> list[Words]:
    """Return the texts of the sample's folder, in an order of their own. Raises BadFile."""
    return [*_drafts(sample), *_cases(sample), *_planted(sample)]


def _drafts(sample: Path) -> Iterator[Words]:
    right = _right(sample / "drafts_qrels.jsonl")
    path = sample / "drafts.jsonl"
    for query in read_queries(path, Reading(path, strict=True)):
        product, version = query.extra.get("product"), query.extra.get("version")
        draft = Draft(query.title, query.body, query.lang, product, version)
        yield Words(query.id, draft, query.lang or "en", right[query.id])


def _cases(sample: Path) -> Iterator[Words]:
    """Give cases in turns of their languages: those that a thread settles, and fewer others."""
    right, path = _right(sample / "cases_qrels.jsonl"), sample / "cases.jsonl"
    left = {True: _MOST_SOLVED, False: _MOST_UNSOLVED}
    seen: set[tuple[str, str]] = set()
    by_lang: defaultdict[str, list[Words]] = defaultdict(list)
    for case in read_cases(path, _nobody, Reading(path, strict=True)):
        # Of those that are one question in one language, one is enough.
        alike = case.group or case.id, case.lang or "en"
        if alike in seen:
            continue
        seen.add(alike)
        about = case.lang, case.product, case.version
        # As bad as it was filed: whoever asks says so, on a form that asks for it.
        draft = Draft(case.title, case.body, *about, customer_severity=case.severity)
        by_lang[case.lang or "en"].append(
            Words(case.id, draft, case.lang or "en", right.get(case.id, frozenset()))
        )
    for turn in range(max(map(len, by_lang.values()))):
        for found in by_lang.values():
            if turn < len(found) and left[bool(found[turn].right)] > 0:
                left[bool(found[turn].right)] -= 1
                yield found[turn]


def _planted(sample: Path) -> Iterator[Words]:
    for line in (sample / "planted.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        about = row["lang"], row["product"], row.get("version")
        draft = Draft(row["title"], row["body"], *about, customer_severity=_PLANTED_SEVERITY)
        yield Words(row["id"], draft, row["lang"], frozenset(), Planted(row["planted"]))


def _right(path: Path) -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for judged in read_judgements(path, Reading(path, strict=True)):
        if judged.gain > 0:
            found[judged.query_id].add(judged.doc_id)
    return defaultdict(frozenset, {name: frozenset(ids) for name, ids in found.items()})


def _nobody(user: str) -> str:
    """Who filed a case asks nothing in the quarter."""
    return ""
