"""What train.py says of the space and of the gate."""

import csv
import json
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.forum import cases
from tests.learn.test_retraining import made
from triage.cli.train import REFUSED, train
from triage.cli.trained import gate_lines, space_line
from triage.learn.training import Trained, TrainOptions
from triage.learn.training import train as train_a_forum
from triage.records import Case


@pytest.fixture
def case_file(tmp_path: Path) -> str:
    names = ("id", "title", "body", "lang", "kind", "group")
    rows = [{name: getattr(case, name) for name in names} for case in cases()]
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return str(path)


def test_a_forum_without_pairs_says_how_many_it_needs(case_file: str) -> None:
    done = CliRunner().invoke(train, ["--cases", case_file, "--dry-run", "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)["adaptation"]
    assert not found["kept"]
    assert "100 are needed" in found["why"]


def test_a_companys_own_columns_are_mapped_on_the_way_in(tmp_path: Path) -> None:
    file, map_file = tmp_path / "export.csv", tmp_path / "map.toml"
    rows = [(case.id, case.title, case.kind or "", case.body) for case in cases()]
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("Ticket", "Subject", "Art", "Text"), *rows])
    columns = {"id": "Ticket", "title": "Subject", "kind": "Art", "body": "Text"}
    lines = [f'{field} = "{column}"' for field, column in columns.items()]
    map_file.write_text("\n".join(["[columns]", *lines]), encoding="utf-8")
    given = ["--cases", str(file), "--map", str(map_file), "--dry-run", "--no-adapt", "--json"]
    done = CliRunner().invoke(train, given)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["cases"] == len(rows)


def test_what_is_wrong_with_a_file_is_said_on_the_way_in(tmp_path: Path) -> None:
    file, map_file = tmp_path / "export.csv", tmp_path / "map.toml"
    file.write_text("No,Type,Text\n1,Defect,Crash\n2,Odd,Slow\n,Odd,No id\n", encoding="utf-8")
    map_file.write_text('[columns]\nid = "No"\nkind = "Type"\ntitle = "Text"\n', encoding="utf-8")
    given = ["--cases", str(file), "--map", str(map_file), "--dry-run", "--no-adapt"]
    said = CliRunner().invoke(train, given).stderr
    assert "export.csv:4 field `id` is missing" in said
    assert "values of kind that are not mapped: 'Odd' 2, 'Defect' 1" in said


def test_the_space_can_be_left_as_it_is(case_file: str) -> None:
    done = CliRunner().invoke(train, ["--cases", case_file, "--dry-run", "--no-adapt"])
    assert "space    not adapted: it was not asked for" in done.stdout


def test_the_numbers_are_said_in_one_line() -> None:
    mrr = {"n": 9, "before": 0.5, "after": 0.75, "low": 0.1, "high": 0.4, "p_better": 0.002}
    line = space_line({"kept": True, "why": "it helps", "mrr": mrr})
    assert line == (
        "adapted: it helps; MRR of 9 held-out questions 0.500 -> 0.750"
        " (difference +0.100 to +0.400, p 0.0020)"
    )


def threshold(value: float | None, guaranteed: bool, alone: bool) -> dict[str, object]:
    return {
        "value": value,
        "questions": 90,
        "guaranteed": guaranteed,
        "own": True,
        "one_would_be_guaranteed": alone,
    }


def test_each_language_s_threshold_and_what_it_promises_are_said() -> None:
    facts = {
        "fitted": True,
        "risk": 0.1,
        "pooled": threshold(0.6, True, False),
        "languages": {"de": threshold(None, False, False), "sv": threshold(0.75, False, True)},
    }
    assert gate_lines(facts) == [
        "pooled from 0.600, 90 questions, guaranteed: at most 10% wrong among shown",
        "de     nothing shown, 90 questions, not guaranteed",
        "sv     from 0.750, 90 questions, not guaranteed (one suggestion alone would be)",
    ]


def test_a_forum_without_links_is_said_to_go_by_the_shipped_gate(case_file: str) -> None:
    done = CliRunner().invoke(train, ["--cases", case_file, "--dry-run", "--no-adapt"])
    assert "gate     as shipped: the ranker is the shipped one" in done.stdout
    done = CliRunner().invoke(train, ["--cases", case_file, "--dry-run", "--json"])
    row = json.loads(done.stdout)
    assert not row["gate"]["fitted"]
    assert row["reliability"] == {}
    assert row["answer_quality"] == {"fitted": False, "threads": 0, "needed": 100}


@pytest.mark.parametrize("risk", ["0", "0.5", "-1", "much"])
def test_a_risk_that_nothing_could_keep_is_refused(risk: str) -> None:
    assert CliRunner().invoke(train, ["--risk", risk]).exit_code == 2


@pytest.mark.parametrize(("setting", "option"), [("0.05", None), ("0.2", "0.05")])
def test_the_option_goes_before_the_setting(
    case_file: str, monkeypatch: pytest.MonkeyPatch, setting: str, option: str | None
) -> None:
    asked: list[float] = []

    def watched(*args: object, options: TrainOptions, **others: object) -> Trained:
        asked.append(options.risk)
        return train_a_forum(*args, options=options, **others)  # type: ignore[arg-type]

    monkeypatch.setenv("TRIAGE_RISK", setting)
    monkeypatch.setattr(import_module("triage.cli.train"), "run_training", watched)
    said = ["--risk", option] if option else []
    done = CliRunner().invoke(train, ["--cases", case_file, "--dry-run", "--no-adapt", *said])
    assert done.exit_code == 0, done.output
    assert asked == [0.05]


@pytest.mark.parametrize("precision", ["much", "1.5", "kind=0.9,kind=0.8", "colour=0.9", "0.8,0.9"])
def test_a_precision_that_is_none_is_wrong_usage(precision: str) -> None:
    done = CliRunner().invoke(train, ["--precision", precision])
    assert done.exit_code == 2
    assert "precision" in done.stderr


@pytest.mark.parametrize("reason", ["", "  ", "\u200b"])
def test_a_reason_without_words_forces_nothing(reason: str) -> None:
    done = CliRunner().invoke(train, ["--force", reason])
    assert done.exit_code == 2
    assert "say why" in done.stderr


def test_a_model_that_is_worse_is_refused_with_its_own_exit_code(tmp_path: Path) -> None:
    def put(name: str, cases_made: list[Case]) -> str:
        rows = [
            {
                "id": case.id,
                "title": case.title,
                "body": case.body,
                "lang": case.lang,
                "kind": case.kind,
                "created": case.created.isoformat() if case.created else None,
            }
            for case in cases_made
        ]
        (tmp_path / name).write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
        return str(tmp_path / name)

    good = put("good.jsonl", made(0, 160))
    first = CliRunner().invoke(train, ["--cases", good, "--no-adapt", "--precision", "kind=0.9"])
    assert first.exit_code == 0, first.output
    assert first.stdout.rstrip().endswith("There was no model to compare with; this is the first.")
    assert "live     yes" in first.stdout
    assert "step 3 of 6: heads" in first.stderr

    bad = put("bad.jsonl", made(160, 340, wrong="sv"))
    refused = CliRunner().invoke(train, ["--cases", bad, "--no-adapt"])
    assert refused.exit_code == REFUSED == 5, refused.output
    assert "live     no" in refused.stdout
    assert refused.stdout.rstrip().rsplit("\n", 1)[-1].startswith("Refused, 20")
    assert "language sv" in refused.stdout
    assert "What now: look at the cases that came last." in refused.stderr

    forced = CliRunner().invoke(train, ["--no-adapt", "--json", "--force", "new meaning of kinds"])
    assert forced.exit_code == 0, forced.output
    row = json.loads(forced.stdout)
    assert row["live"]
    assert (row["verdict"]["outcome"], row["verdict"]["reason"]) == (
        "forced",
        "new meaning of kinds",
    )
