"""A probability and a language -> shown or not."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.errors import BadFile
from triage.gate import Gate, Threshold, load_gate, save_gate

GATE = Gate(
    0.1,
    0.9,
    Threshold(0.6, 900, guaranteed=True),
    {
        "en": Threshold(0.55, 700, guaranteed=True),
        "sv": Threshold(None, 150, guaranteed=False),
    },
    "sample",
)

SHARES = st.floats(0, 1, exclude_min=True, exclude_max=True)
VALUED = st.builds(Threshold, st.floats(0, 1), st.integers(0, 10**6), st.booleans())
EMPTY = st.builds(Threshold, st.none(), st.integers(0, 10**6), st.just(False))
THRESHOLDS = VALUED | EMPTY
GATES = st.builds(
    Gate, SHARES, SHARES, THRESHOLDS, st.dictionaries(st.text(), THRESHOLDS), st.text()
)


def written(path: Path, **other: object) -> Path:
    save_gate(GATE, path)
    row = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(row | other), encoding="utf-8")
    return path


def test_a_language_goes_by_its_own_threshold() -> None:
    assert GATE.passes(0.55, "en")
    assert not GATE.passes(0.5499, "en")


def test_a_language_without_its_own_goes_by_the_pooled_one_and_is_guaranteed_nothing() -> None:
    assert GATE.threshold_for("de") == Threshold(0.6, 900, guaranteed=False)
    assert GATE.passes(0.6, "de")
    assert not GATE.passes(0.59, "de")


def test_where_nothing_may_be_shown_certainty_is_not_either() -> None:
    assert not GATE.passes(1.0, "sv")
    nothing = Gate(0.1, 0.9, Threshold(None, 0, guaranteed=False), {}, "")
    assert not nothing.passes(1.0, "en")


def test_the_shipped_gate_opens_and_guarantees_nothing() -> None:
    gate = load_gate()
    assert gate.pooled.value is not None
    for threshold in (gate.pooled, *gate.by_language.values()):
        assert not (threshold.guaranteed and threshold.questions == 0)


@given(gate=GATES)
def test_a_gate_survives_its_file(tmp_path_factory: pytest.TempPathFactory, gate: Gate) -> None:
    path = tmp_path_factory.mktemp("gate") / "gate.json"
    save_gate(gate, path)
    assert load_gate(path) == gate


@pytest.mark.parametrize(
    "other",
    [
        {"risk": 0},
        {"risk": "0.1"},
        {"confidence": 1.0},
        {"confidence": float("nan")},
        {"pooled": None},
        {"pooled": {"value": 0.5, "questions": 3}},
        {"pooled": {"value": 1.5, "questions": 3, "guaranteed": False}},
        {"pooled": {"value": True, "questions": 3, "guaranteed": False}},
        {"pooled": {"value": float("nan"), "questions": 3, "guaranteed": False}},
        {"pooled": {"value": 0.5, "questions": -1, "guaranteed": False}},
        {"pooled": {"value": 0.5, "questions": 2.5, "guaranteed": False}},
        {"pooled": {"value": 0.5, "questions": 3, "guaranteed": "no"}},
        {"pooled": {"value": None, "questions": 3, "guaranteed": True}},
        {"by_language": ["en"]},
        {"by_language": {"en": 0.5}},
        {"fitted_on": None},
    ],
)
def test_a_file_that_can_be_no_gate_is_refused(tmp_path: Path, other: dict[str, Any]) -> None:
    with pytest.raises(BadFile):
        load_gate(written(tmp_path / "gate.json", **other))


@pytest.mark.parametrize("content", [b"", b"no json", b"[]", b"null", b"{}", b"\xff\xfe"])
def test_any_other_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "gate.json"
    path.write_bytes(content)
    with pytest.raises(BadFile):
        load_gate(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile):
        load_gate(tmp_path / "missing.json")


def test_a_refused_gate_is_not_what_refused_the_others(tmp_path: Path) -> None:
    assert load_gate(written(tmp_path / "gate.json")) == GATE
