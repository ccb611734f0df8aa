"""A probability and a language -> shown or not."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.decide.gate import RISK, Gate, Threshold, load_gate, save_gate, save_gates, shipped_gate
from triage.errors import BadFile

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
    gate = shipped_gate()
    assert gate.risk == RISK
    assert gate.pooled.value is not None
    assert not any(t.guaranteed for t in (gate.pooled, *gate.by_language.values()))


def test_who_allows_less_wrong_is_shown_less() -> None:
    gates = [shipped_gate(risk) for risk in (0.02, 0.05, 0.1, 0.2, 0.3, 0.49)]
    values = [1.0 if g.pooled.value is None else g.pooled.value for g in gates]
    assert values == sorted(values, reverse=True)
    assert values[0] > values[-1]


def test_a_risk_between_two_shipped_ones_goes_by_the_smaller(tmp_path: Path) -> None:
    path = tmp_path / "gates.json"
    strict, loose = replace(GATE, risk=0.05), replace(GATE, risk=0.2)
    save_gates([loose, strict], path)
    assert shipped_gate(0.19, path) == strict
    assert shipped_gate(0.2, path) == loose
    closed = shipped_gate(0.049, path)
    assert closed.risk == 0.049
    assert not closed.passes(1.0, "en")


def test_a_file_of_one_gate_is_not_one_of_several(tmp_path: Path) -> None:
    with pytest.raises(BadFile):
        shipped_gate(0.1, written(tmp_path / "gate.json"))


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
