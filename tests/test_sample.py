"""The shipped sample is whole, in six languages, and written rather than generated."""

import json
import re
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

import pytest

from triage.connect import (
    Reading,
    read_accounts,
    read_cases,
    read_judgements,
    read_queries,
    read_threads,
)
from triage.records import LANGUAGES, Case, Destination, Kind, Thread

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "sample"
GRAM = 5


def hidden(user: str) -> str:
    return "0" * 32


def strictly(name: str) -> Reading:
    return Reading(SAMPLE / name, strict=True)


@pytest.fixture(scope="module")
def threads() -> list[Thread]:
    reading = strictly("threads.jsonl")
    found = list(read_threads(reading.path, hidden, reading))
    assert not reading.unknown_fields
    assert reading.repeated == 0
    return found


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    reading = strictly("cases.jsonl")
    found = list(read_cases(reading.path, hidden, reading))
    assert not reading.unknown_fields
    assert reading.repeated == 0
    return found


def test_there_are_threads_in_every_language(threads: list[Thread]) -> None:
    assert len(threads) >= 300
    counts = Counter(t.lang for t in threads)
    assert set(counts) == set(LANGUAGES)
    assert min(counts.values()) >= 40


def test_threads_hold_what_forums_hold(threads: list[Thread]) -> None:
    assert sum(not t.solved for t in threads) >= 30
    assert sum(bool(t.duplicate_of) for t in threads) >= 30
    assert (
        sum(any(a.outdated_votes for a in t.answers) or bool(t.superseded_by) for t in threads)
        >= 20
    )
    assert sum(bool(t.groups) for t in threads) >= 15
    assert sum(bool(t.valid_versions) for t in threads) >= 20
    known = {t.id for t in threads}
    assert {d for t in threads for d in t.duplicate_of} <= known
    assert {t.superseded_by for t in threads if t.superseded_by} <= known


def test_there_are_cases_of_every_kind_in_every_language(cases: list[Case]) -> None:
    assert len(cases) >= 600
    assert min(Counter(c.lang for c in cases).values()) >= 80
    assert {c.kind for c in cases} == set(Kind)
    assert {c.severity for c in cases} == {1, 2, 3, 4}
    assert {c.destination for c in cases} == set(Destination)
    assert all(c.difficulty is not None and c.topic for c in cases)


def test_accounts_are_there_for_the_cases_that_name_them(cases: list[Case]) -> None:
    reading = strictly("accounts.jsonl")
    known = {a.id for a in read_accounts(reading.path, reading)}
    assert {c.account for c in cases if c.account} <= known


def test_drafts_know_their_right_threads_and_destinations(threads: list[Thread]) -> None:
    reading = strictly("drafts.jsonl")
    drafts = list(read_queries(reading.path, reading))
    assert len(drafts) == 60
    assert Counter(d.lang for d in drafts) == dict.fromkeys(LANGUAGES, 10)
    assert {d.extra["destination"] for d in drafts} == set(Destination)
    assert {d.extra["visibility"] for d in drafts} <= {"public", "private"}
    qrels = strictly("drafts_qrels.jsonl")
    judged = list(read_judgements(qrels.path, qrels))
    assert {j.query_id for j in judged} <= {d.id for d in drafts}
    assert {j.doc_id for j in judged} <= {t.id for t in threads}
    assert len({j.query_id for j in judged}) >= 40


def test_problems_join_threads_and_cases_across_languages(
    threads: list[Thread], cases: list[Case]
) -> None:
    lines = (SAMPLE / "problems.jsonl").read_text(encoding="utf-8").strip().split("\n")
    rows = [json.loads(line) for line in lines]
    known_threads, known_cases = {t.id for t in threads}, {c.id for c in cases}
    assert {t for row in rows for t in row["threads"]} == known_threads
    assert {c for row in rows for c in row["cases"]} <= known_cases
    in_all = [r for r in rows if {t[:2] for t in r["threads"]} == set(LANGUAGES)]
    assert len(in_all) >= 20
    qrels = strictly("cases_qrels.jsonl")
    judged = list(read_judgements(qrels.path, qrels))
    assert {j.query_id for j in judged} <= known_cases
    assert {j.doc_id for j in judged} <= known_threads


def test_no_two_texts_are_alike_unless_marked(threads: list[Thread], cases: list[Case]) -> None:
    drafts = strictly("drafts.jsonl")
    texts = {t.id: f"{t.title} {t.body}" for t in threads}
    texts |= {a.id: a.body for t in threads for a in t.answers}
    texts |= {c.id: c.text for c in cases}
    texts |= {f"{c.id} answer": c.answer for c in cases if c.answer}
    texts |= {d.id: f"{d.title} {d.body}" for d in read_queries(drafts.path, drafts)}
    marked = {frozenset((t.id, d)) for t in threads for d in t.duplicate_of}
    closest = sorted(_shared(texts), reverse=True)
    for share, one, other in closest[:10]:
        print(f"{share:.2f} {one} {other}")  # noqa: T201 - the ten closest pairs, with pytest -s
    too_close = [p for p in closest if p[0] > 0.5 and frozenset(p[1:]) not in marked]
    assert too_close == []


def _shared(texts: dict[str, str]) -> list[tuple[float, str, str]]:
    """Return the share of the shorter text's word 5-grams that two texts have in common."""
    grams = {name: _grams(text) for name, text in texts.items()}
    holders: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, found in grams.items():
        for gram in found:
            holders[gram].append(name)
    common = Counter(pair for names in holders.values() for pair in combinations(sorted(names), 2))
    return [
        (count / min(len(grams[one]), len(grams[other])), one, other)
        for (one, other), count in common.items()
    ]


def _grams(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    found = {tuple(words[i : i + GRAM]) for i in range(len(words) - GRAM + 1)}
    return found or {tuple(words)}
