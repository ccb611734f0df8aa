"""The command line as it is typed, over a real store."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.forum import cases as labelled_cases
from triage.cli import main
from triage.cli.train import train


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def lines(path: Path, *rows: object) -> str:
    path.write_text(
        "".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in rows),
        encoding="utf-8",
    )
    return str(path)


def threads_file(folder: Path) -> str:
    return lines(
        folder / "threads.jsonl",
        {
            "id": 1,
            "title": "Bank feed stopped with KV-1042",
            "body": "No transactions since Friday",
            "user": "anna",
            "answers": [{"body": "Renew the consent.", "accepted": True}],
        },
        {"id": "2", "title": "Blurry logo", "body": "On invoices", "solved": False},
        {"id": "3", "answers": [{"body": "A page without a question about walrus imports."}]},
    )


def cases_file(folder: Path) -> str:
    rows = []
    for case in labelled_cases():
        rows.append(
            {
                "id": case.id,
                "title": case.title,
                "body": case.body,
                "lang": "en",
                "kind": case.kind,
                "topic": case.topic,
                "severity": case.severity,
                "difficulty": case.difficulty,
                "destination": case.destination,
                "group": case.group,
            }
        )
    return lines(folder / "cases.jsonl", *rows)


def test_ingested_threads_can_be_asked(tmp_path: Path) -> None:
    done = run("ingest", "threads", threads_file(tmp_path), "--forum", "acme")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["created"] == 3
    asked = run("ask", "Bank feed stopped with KV-1042", "--forum", "acme", "--json")
    reply = json.loads(asked.stdout)
    assert reply["suggestions"][0]["thread_id"] == "1"
    assert reply["mode"] == "unrouted"
    people = run("ask", "Bank feed stopped with KV-1042", "--forum", "acme")
    assert "Renew the consent." in people.stdout
    assert "community" in people.stdout


def test_ingesting_twice_changes_nothing(tmp_path: Path) -> None:
    file = threads_file(tmp_path)
    run("ingest", "threads", file)
    again = json.loads(run("ingest", "threads", file).stdout)
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 3)


def test_a_bad_line_is_named_and_the_good_ones_are_kept(tmp_path: Path) -> None:
    file = lines(tmp_path / "t.jsonl", {"id": "a", "title": "good"}, "{broken", {"title": "no id"})
    done = run("ingest", "threads", file)
    assert done.exit_code == 3
    assert json.loads(done.stdout)["created"] == 1
    assert "t.jsonl:2" in done.stderr
    assert "t.jsonl:3" in done.stderr
    assert "`id`" in done.stderr


def test_strict_stops_with_its_own_exit_code(tmp_path: Path) -> None:
    file = lines(tmp_path / "t.jsonl", "{broken", {"id": "a", "title": "good"})
    done = run("ingest", "threads", file, "--strict")
    assert done.exit_code == 4
    assert "bad_record" in done.stderr
    assert done.stdout == ""


def test_forums_are_kept_apart(tmp_path: Path) -> None:
    run("ingest", "threads", threads_file(tmp_path), "--forum", "one")
    lines(tmp_path / "other.jsonl", {"id": "x", "title": "Something else"})
    run("ingest", "threads", str(tmp_path / "other.jsonl"), "--forum", "two")
    reply = json.loads(run("ask", "Bank feed KV-1042", "--forum", "two", "--json").stdout)
    assert reply["suggestions"] == []


def test_an_unknown_forum_says_how_to_make_one() -> None:
    done = run("ask", "hello", "--forum", "nowhere")
    assert done.exit_code == 1
    assert "no_forum" in done.stderr
    assert "ingest threads" in done.stderr


def test_training_makes_a_model_that_asks_use(tmp_path: Path) -> None:
    run("ingest", "threads", threads_file(tmp_path))
    assert run("ingest", "cases", cases_file(tmp_path)).exit_code == 0
    trained = CliRunner().invoke(train, ["--json"])
    assert trained.exit_code == 0, trained.output
    version = json.loads(trained.stdout)["version"]
    assert (tmp_path / "models" / "demo" / "CURRENT").read_text().strip() == version
    reply = json.loads(run("ask", "Crash with a stack trace, data is lost", "--json").stdout)
    assert (reply["mode"], reply["model_version"]) == ("hybrid", version)
    assert reply["labels"]["kind"]["value"] == "bug"
    again = CliRunner().invoke(train, ["--if-missing"])
    assert "has a live model" in again.stderr
    assert len(list((tmp_path / "models" / "demo").glob("2*"))) == 1


def test_training_without_cases_says_what_is_missing(tmp_path: Path) -> None:
    run("ingest", "threads", threads_file(tmp_path))
    done = CliRunner().invoke(train, [])
    assert done.exit_code == 1
    assert "not_enough_data" in done.stderr
    assert not (tmp_path / "models").exists()


def judged_files(folder: Path) -> list[str]:
    queries = lines(
        folder / "q.jsonl",
        {"id": "q1", "title": "bank feed KV-1042", "lang": "en", "split": "dev"},
        {"id": "q2", "title": "walrus imports", "body": "", "lang": "en", "candidates": ["2", "3"]},
        {"id": "q3", "title": "nothing is right for this one", "lang": "en"},
    )
    qrels = lines(
        folder / "r.jsonl",
        {"query_id": "q1", "doc_id": "1", "gain": 2},
        {"query_id": "q1", "doc_id": "2", "gain": 0},
        {"query_id": "q2", "doc_id": "3", "gain": 1},
    )
    return ["--threads", threads_file(folder), "--queries", queries, "--qrels", qrels]


def retrieval(folder: Path, *more: str) -> dict[str, float]:
    done = run("evaluate", "retrieval", *judged_files(folder), *more, "--json")
    assert done.exit_code == 0, done.output
    found: dict[str, float] = json.loads(done.stdout)
    return found


KEYS = {"queries", "mrr@10", "hit@1", "hit@5", "hit@10", "ndcg@10", "map", "seconds"}


@pytest.mark.parametrize("side", ["both", "dense", "lexical"])
def test_evaluating_retrieval_gives_the_stable_keys(tmp_path: Path, side: str) -> None:
    found = retrieval(tmp_path, "--side", side)
    assert set(found) >= KEYS
    assert found["queries"] == 3
    assert found["hit@1"] == pytest.approx(2 / 3)


def test_judged_documents_bound_the_ranking(tmp_path: Path) -> None:
    found = retrieval(tmp_path, "--rerank-judged")
    assert found["map"] == pytest.approx(2 / 3)
    assert found["hit@1"] == pytest.approx(2 / 3)


def test_candidates_bound_the_ranking_where_a_query_names_some(tmp_path: Path) -> None:
    files = judged_files(tmp_path)
    queries = lines(
        tmp_path / "bounded.jsonl",
        {"id": "q1", "title": "bank feed KV-1042", "lang": "en", "candidates": ["2", "3"]},
        {"id": "q2", "title": "walrus imports", "lang": "en"},
    )
    files[files.index("--queries") + 1] = queries
    done = run("evaluate", "retrieval", *files, "--candidates", "--json")
    assert json.loads(done.stdout)["hit@10"] == pytest.approx(1 / 2)


def test_a_part_of_the_queries_is_chosen_by_any_field(tmp_path: Path) -> None:
    assert retrieval(tmp_path, "--where", "split=dev")["queries"] == 1
    assert retrieval(tmp_path, "--where", "lang=sv")["queries"] == 0


def test_the_gate_is_measured_and_gold_can_be_dropped(tmp_path: Path) -> None:
    found = retrieval(tmp_path, "--gated")
    assert {"offered", "wrong_among_shown"} <= set(found)
    dropped = retrieval(tmp_path, "--gated", "--drop-gold", "1.0", "--seed", "3")
    assert dropped["hit@10"] == 0
    assert dropped["queries"] == 3


def test_an_evaluation_leaves_no_store_behind(tmp_path: Path) -> None:
    retrieval(tmp_path)
    assert not (tmp_path / "data").exists()


def test_too_few_pairs_to_fit_on_are_refused(tmp_path: Path) -> None:
    files = judged_files(tmp_path)
    fit = [
        f"--fit-{name.removeprefix('--')}" if i % 2 == 0 else name for i, name in enumerate(files)
    ]
    done = run("evaluate", "retrieval", *files, *fit, "--json")
    assert done.exit_code == 1
    assert "not_enough_data" in done.stderr


def test_evaluating_heads_gives_the_stable_keys(tmp_path: Path) -> None:
    file = cases_file(tmp_path)
    done = run(
        "evaluate", "classify", "--train", file, "--folds", "3", "--target", "kind", "--json"
    )
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert {"n", "accuracy", "macro_f1", "ece", "per_class"} <= set(found)
    assert found["n"] == 60
    assert found["accuracy"] > 0.9
    tested = run("evaluate", "classify", "--train", file, "--test", file, "--target", "severity")
    assert "macro_f1" in tested.stdout


def test_wrong_usage_is_exit_code_two(tmp_path: Path) -> None:
    file = cases_file(tmp_path)
    assert run("evaluate", "classify", "--train", file, "--target", "kind").exit_code == 2
    assert run("ingest", "threads", str(tmp_path / "missing.jsonl")).exit_code == 2


def test_persons_are_kept_as_hashes_alone(tmp_path: Path) -> None:
    run("ingest", "threads", threads_file(tmp_path))
    stored = b"".join(p.read_bytes() for p in (tmp_path / "data").iterdir())
    assert b"Bank feed" in stored
    assert b"anna" not in stored


def test_fitting_needs_no_candidates_of_its_own(tmp_path: Path) -> None:
    """Options that choose what is ranked must not starve the fitting set."""
    fit = tmp_path / "fit"
    fit.mkdir()
    texts = [f"{word} {n}" for n in range(25) for word in ("walrus", "zebra")]
    options = [
        *("--fit-threads", lines(fit / "t.jsonl", *({"id": t, "title": t} for t in texts))),
        *("--fit-queries", lines(fit / "q.jsonl", *({"id": f"q {t}", "title": t} for t in texts))),
        "--fit-qrels",
        lines(fit / "r.jsonl", *({"query_id": f"q {t}", "doc_id": t, "gain": 1} for t in texts)),
    ]
    for choice in ("--candidates", "--rerank-judged"):
        found = retrieval(tmp_path, choice, *options)
        assert found["ranker"] == "fit files"
