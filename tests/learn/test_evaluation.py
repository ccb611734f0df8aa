"""What a bundle keeps of its evaluation: measured as it is told, and honest about few cases."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from triage.classify import UNKNOWN
from triage.errors import BundleRefused
from triage.learn.contest.seen import SEEN, read_seen, seen_document
from triage.learn.evaluation import evaluation_of
from triage.learn.heads.fitting import FitOptions, FitReport
from triage.learn.heads.labels import filed_labels
from triage.learn.heads.material import Material
from triage.records import Case, Target
from triage.registry.evaluation import EVALUATION, Evaluation, read_evaluation

START = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = {"how_to": "where change setting", "bug": "crash trace lost", "problem": "slow printing"}


def some(n: int, *, wrong: int = 0) -> list[Case]:
    """Cases whose words tell their kind, but for every so manieth."""
    kinds = list(WORDS)
    rng = np.random.default_rng(0)
    rows = []
    for i in range(n):
        told = kinds[i % 3]
        filed = kinds[(i + 1) % 3] if wrong and i % wrong == 0 else told
        noise = " ".join(f"word{int(k)}" for k in rng.integers(0, 30, 3))
        title = f"{WORDS[told]} {noise}"
        rows.append(
            Case(
                f"c{i}",
                title,
                "",
                lang=("en", "sv")[i % 2],
                kind=filed,
                created=START + timedelta(hours=i),
                group=f"g{i // 2}",
            )
        )
    return rows


def material(cases: list[Case]) -> Material:
    return Material(
        [(case, case.id) for case in cases],
        [UNKNOWN] * len(cases),
        np.unique([case.group or "" for case in cases], return_inverse=True)[1],
        filed_labels(cases),
        None,
        None,
    )


def fitted(cases: list[Case]) -> tuple[Material, FitReport]:
    made = material(cases)
    options = FitOptions(targets=(Target.KIND,), scope=False, workers=1)
    return made, made.fit(options, lambda line: None)


@pytest.fixture(scope="module")
def kept() -> tuple[Material, FitReport, Evaluation]:
    made, report = fitted(some(240, wrong=6))
    return made, report, evaluation_of(made, report, {})


def test_its_numbers_are_those_that_the_metrics_tell(
    kept: tuple[Material, FitReport, Evaluation],
) -> None:
    _, report, evaluation = kept
    told, head = report.metrics[Target.KIND], evaluation.heads["kind"]
    assert head.n == told["n"] == sum(one.right.n for one in head.bins)
    assert head.n == sum(cell.n for cell in head.confusion)
    right = sum(cell.n for cell in head.confusion if cell.truth == cell.said)
    assert right / head.n == pytest.approx(told["accuracy"])
    assert head.coverage == pytest.approx(told["coverage"])
    surely = sum(cell.surely for cell in head.confusion)
    assert surely / head.n == pytest.approx(told["coverage"])
    assert head.precision is not None
    assert head.precision.value == pytest.approx(told["precision"])
    # The last point of the curve says everything.
    assert head.curve[-1].coverage == 1.0
    assert head.curve[-1].precision.value == pytest.approx(told["accuracy"])
    assert [one.coverage for one in head.curve] == sorted(one.coverage for one in head.curve)
    whole = next(one for one in head.slices if one.slice == "all")
    assert whole.right.value == pytest.approx(told["accuracy"])
    assert {one.slice for one in head.slices} >= {"all", "language en", "language sv", "kind bug"}


def test_intervals_hold_their_shares_and_twins_are_one_piece_of_evidence(
    kept: tuple[Material, FitReport, Evaluation],
) -> None:
    made, report, evaluation = kept
    for one in evaluation.heads["kind"].slices:
        assert 0 <= one.right.low <= one.right.value <= one.right.high <= 1
    alone = evaluation_of(replace(made, sets=np.arange(len(made.rows))), report, {})
    together = replace(made, sets=np.arange(len(made.rows)) // 8)
    wide = evaluation_of(together, report, {}).heads["kind"].slices[0].right
    narrow = alone.heads["kind"].slices[0].right
    assert wide.value == narrow.value
    assert wide.high - wide.low > narrow.high - narrow.low


def test_what_is_written_is_read_again_and_holds_no_word_of_a_case(
    kept: tuple[Material, FitReport, Evaluation], tmp_path: Path
) -> None:
    made, _, evaluation = kept
    text = evaluation.document()
    for case in made.cases:
        assert case.title not in text
        assert f'"{case.id}"' not in text
    (tmp_path / EVALUATION).write_text(text, encoding="utf-8")
    manifest = {"files": {EVALUATION: hashlib.sha256(text.encode()).hexdigest()}}
    found = read_evaluation(tmp_path, manifest)
    assert found is not None
    assert found.document() == text
    assert read_evaluation(tmp_path, {"files": {}}) is None
    (tmp_path / EVALUATION).write_text(text + " ", encoding="utf-8")
    with pytest.raises(BundleRefused, match="not the file that was published"):
        read_evaluation(tmp_path, manifest)
    newer = json.dumps({**json.loads(text), "format": 99})
    (tmp_path / EVALUATION).write_text(newer, encoding="utf-8")
    manifest = {"files": {EVALUATION: hashlib.sha256(newer.encode()).hexdigest()}}
    assert read_evaluation(tmp_path, manifest) is None


def test_an_earlier_version_is_compared_on_the_same_cases(tmp_path: Path) -> None:
    """One that learnt wrong labels of bugs against one that learnt right ones."""
    right = some(240)
    spoilt = [
        replace(case, kind="how_to") if case.lang == "sv" and case.kind == "bug" else case
        for case in right
    ]
    old_material, old_report = fitted(spoilt)
    key = "k" * 32
    document = seen_document(key, old_material.rows, old_report)
    (tmp_path / SEEN).write_text(document, encoding="utf-8")
    seen = read_seen(tmp_path, key)
    assert seen is not None
    made, report = fitted(right)
    evaluation = evaluation_of(made, report, {"v1": seen})
    rows = {row.slice: row for row in evaluation.against["v1"]["kind"]}
    assert rows["all"].n == 240
    bugs, others = rows["kind bug"], rows["kind problem"]
    assert bugs.low > 0
    assert bugs.low < bugs.now - bugs.earlier < bugs.high
    assert bugs.wins > bugs.losses
    assert others.low <= others.now - others.earlier <= others.high
    assert bugs.now - bugs.earlier > others.now - others.earlier
    # Another installation's hashes know none of these cases.
    strangers = read_seen(tmp_path, "other" * 8)
    assert strangers is not None
    assert evaluation_of(made, report, {"v1": strangers}).against == {}


def test_a_handful_without_a_difference_does_not_prove_that_there_is_none(tmp_path: Path) -> None:
    cases = some(60)
    made, report = fitted(cases)
    (tmp_path / SEEN).write_text(seen_document("k" * 32, made.rows, report), encoding="utf-8")
    seen = read_seen(tmp_path, "k" * 32)
    assert seen is not None
    rows = {r.slice: r for r in evaluation_of(made, report, {"v1": seen}).against["v1"]["kind"]}
    whole, bugs = rows["all"], rows["kind bug"]
    assert whole.earlier == whole.now
    assert whole.low < 0 < whole.high
    assert bugs.high - bugs.low > whole.high - whole.low
