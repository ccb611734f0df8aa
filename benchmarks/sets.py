"""The judged sets: where they are and how they are read."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from triage.connect import Reading, read_judgements, read_queries, read_threads
from triage.crypto.persons import person_hasher
from triage.learn.suggestions.judging import EvaluationSet

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "data" / "sample"
SHARED = ROOT.parent / "shared" / "data"


@dataclass(frozen=True, slots=True)
class Files:
    """The three files of a judged set."""

    threads: Path
    queries: Path
    qrels: Path

    def options(self, prefix: str = "") -> list[str]:
        """Return them as options of `evaluate retrieval`."""
        named = {"threads": self.threads, "queries": self.queries, "qrels": self.qrels}
        return [part for name, path in named.items() for part in (f"--{prefix}{name}", str(path))]

    def read(self) -> EvaluationSet:
        """Read the three files; persons are hashed with a key that is not kept."""
        hasher = person_hasher(secrets.token_bytes(32), "benchmark")
        return EvaluationSet(
            list(read_threads(self.threads, hasher, Reading(self.threads, strict=True))),
            list(read_queries(self.queries, Reading(self.queries, strict=True))),
            list(read_judgements(self.qrels, Reading(self.qrels, strict=True))),
        )


def sample_cases() -> Files:
    """Return the sample's cases, each with the threads that settle its problem."""
    return Files(SAMPLE / "threads.jsonl", SAMPLE / "cases.jsonl", SAMPLE / "cases_qrels.jsonl")


def sample_drafts() -> Files:
    """Return the sample's drafts: nothing is ever fitted on them."""
    return Files(SAMPLE / "threads.jsonl", SAMPLE / "drafts.jsonl", SAMPLE / "drafts_qrels.jsonl")


def shared(folder: Path, name: str) -> Files:
    """Return a judged set of the shared data."""
    return Files(
        *(folder / name / file for file in ("threads.jsonl", "queries.jsonl", "qrels.jsonl"))
    )
