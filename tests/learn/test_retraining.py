"""Training again: what is better or as good goes live, what is worse somewhere does not."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.forum import SIGNER, SmallForum, small_forum
from triage import store
from triage.errors import NotEnoughData
from triage.learn.contest.holding import open_champion
from triage.learn.contest.verdict import Basis, Outcome, Verdict
from triage.learn.training import Trained, TrainOptions
from triage.records import Actor, ActorKind, Case, Target
from triage.registry import Registry
from triage.text import digest

START = datetime(2026, 1, 1, tzinfo=UTC)
KINDS = ("how_to", "problem", "bug")
WORDS = {
    "en": ("change setting where", "slow printing invoice", "crash trace lost"),
    "sv": ("ändra var inställning", "långsam utskrift faktura", "krasch spår borta"),
}


def made(first: int, n: int, *, wrong: str | None = None) -> list[Case]:
    """Cases whose words tell their kind, but for those in a language of wrong labels."""
    rng = np.random.default_rng(first)
    rows = []
    for i in range(first, first + n):
        lang, kind = ("en", "sv")[i % 2], int(rng.integers(3))
        noise = " ".join(f"word{int(k)}" for k in rng.integers(0, 40, 4))
        filed = KINDS[(kind + 1) % 3] if lang == wrong else KINDS[kind]
        rows.append(
            Case(
                f"c{i}",
                f"{WORDS[lang][kind]} {noise} {i}",
                "",
                lang=lang,
                kind=filed,
                created=START + timedelta(hours=i),
                group=f"g{i // 2 * 2 + i % 2}",
            )
        )
    return rows


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallForum]:
    with small_forum(tmp_path, ()) as opened:
        yield opened


def again(small: SmallForum, *, said: list[str] | None = None, **options: object) -> Trained:
    chosen = TrainOptions(adapt=False, workers=1, **options)  # type: ignore[arg-type]
    return small.train(chosen, (said if said is not None else []).append)


def live(small: SmallForum) -> str | None:
    with small.database.read() as c:
        return store.get_forum(c, "demo").live_version


def version(trained: Trained) -> str:
    assert trained.written is not None
    return trained.written.version


def of(verdict: Verdict, basis: Basis, slice_: str) -> object:
    found = [t for t in verdict.tried if (t.basis, t.slice) == (basis, slice_)]
    return found[0].found.standing.value if found else None


def test_the_first_model_goes_live_with_its_folds_numbers(small: SmallForum) -> None:
    small.put_cases(made(0, 120))
    said: list[str] = []
    trained = again(small, said=said)
    assert trained.verdict.outcome is Outcome.FIRST
    assert trained.live
    assert live(small) == version(trained)
    folder = small.models_dir / "demo" / version(trained)
    card = (folder / "model_card.md").read_text()
    assert "There was no model to compare with" in card
    assert "word1" not in card + (folder / "seen.json").read_text()
    metrics = json.loads((folder / "metrics.json").read_text())
    assert metrics["metrics"]["kind"]["accuracy"] > 0.9
    assert [line for line in said if line.startswith("step ")][-1] == "step 6 of 6: publishing"


def test_new_cases_judge_both_and_an_as_good_one_goes_live(small: SmallForum) -> None:
    small.put_cases(made(0, 120))
    first = version(again(small))
    small.put_cases(made(120, 160))
    trained = again(small)
    verdict = trained.verdict
    assert verdict.outcome is Outcome.ACCEPTED, verdict.why
    assert verdict.champion == first
    assert live(small) == version(trained) != first
    assert verdict.judged["time"]["n"] == 80
    assert verdict.judged["time"]["first_day"] > "2026-01-07"
    assert verdict.judged["folds"]["n"] == 120
    with small.database.read() as c:
        actions = [h.action for h in store.list_history(c, small.forum.id)]
    assert actions == ["publish", "activate"] * 2


def test_wrong_labels_of_one_language_are_caught_and_the_old_model_stays(
    small: SmallForum,
) -> None:
    """The new cases agree with the wrong labels; what was learnt before does not."""
    small.put_cases(made(0, 240))
    first = version(again(small))
    small.put_cases(made(240, 500, wrong="sv"))
    trained = again(small)
    assert trained.refused
    assert not trained.live
    assert live(small) == first
    assert of(trained.verdict, Basis.FOLDS, "language sv") == "worse"
    assert of(trained.verdict, Basis.FOLDS, "language en") != "worse"
    assert "kind in language sv" in " ".join(trained.verdict.why)
    assert trained.written is not None
    assert trained.written.manifest["verdict"]["outcome"] == "refused"
    assert not trained.written.manifest["verdict"]["passed"]
    assert (
        "language sv"
        in (small.models_dir / "demo" / version(trained) / "model_card.md").read_text()
    )

    forced = again(small, force="the labels are right now", by=Actor(ActorKind.COMMAND, "eva"))
    assert forced.verdict.outcome is Outcome.FORCED
    assert live(small) == version(forced)
    with small.database.read() as c:
        last = store.list_history(c, small.forum.id)[-1]
    assert (last.by, last.reason, last.details) == (
        "eva",
        "the labels are right now",
        {"forced": True},
    )


def test_the_same_cases_again_are_no_loss(small: SmallForum) -> None:
    small.put_cases(made(0, 120))
    first = again(small)
    second = again(small)
    assert second.verdict.outcome is Outcome.ACCEPTED
    assert second.verdict.judged["time"]["why"].startswith("0 cases are new")
    assert all(t.found.before == t.found.after for t in second.verdict.tried)
    assert second.written is not None
    assert first.written is not None
    same = ("classifier.joblib", "gate.json", "ranker.json", "seen.json")
    for name in same:
        assert second.written.manifest["files"][name] == first.written.manifest["files"][name], name


def test_a_head_that_is_lost_refuses(small: SmallForum) -> None:
    cases = made(0, 120)
    small.put_cases(cases)
    again(small)
    small.put_cases(
        replace(case, kind=None, tone=("calm", "angry")[i % 2]) for i, case in enumerate(cases)
    )
    trained = again(small)
    assert trained.refused
    assert trained.verdict.why[0].startswith("it has no head for kind any more")
    assert Target.KIND in trained.missing


def test_a_dry_run_judges_and_publishes_nothing(small: SmallForum) -> None:
    small.put_cases(made(0, 120))
    first = version(again(small))
    small.put_cases(made(120, 100))
    trained = again(small, dry_run=True)
    assert trained.verdict.outcome is Outcome.ACCEPTED
    assert trained.written is None
    assert live(small) == first
    assert len([p for p in (small.models_dir / "demo").iterdir() if p.is_dir()]) == 1


@pytest.mark.parametrize("at", [2, 4, 6])
def test_a_run_that_is_given_up_publishes_nothing(small: SmallForum, at: int) -> None:
    small.put_cases(made(0, 60))

    class GivenUp(Exception):
        pass

    def progress(line: str) -> None:
        if line.startswith(f"step {at} "):
            raise GivenUp

    with pytest.raises(GivenUp):
        small.train(TrainOptions(adapt=False, workers=1), progress)
    assert live(small) is None
    assert not list(small.models_dir.rglob("*"))


def test_a_model_that_became_live_meanwhile_is_not_overrun(small: SmallForum) -> None:
    small.put_cases(made(0, 60))
    first = version(again(small))
    other = version(again(small, live=False))

    def progress(line: str) -> None:
        if line == "step 6 of 6: publishing":
            with small.database.write() as c:
                store.set_live_version(c, small.forum.id, other)

    trained = small.train(TrainOptions(adapt=False, workers=1), progress)
    assert trained.verdict.champion == first
    assert not trained.live
    assert live(small) == other


def test_a_live_model_that_cannot_be_opened_is_replaced_and_that_is_said(
    small: SmallForum,
) -> None:
    small.put_cases(made(0, 60))
    first = version(again(small))
    (small.models_dir / "demo" / first / "classifier.joblib").write_bytes(b"")
    trained = again(small)
    assert trained.verdict.outcome is Outcome.UNCOMPARED
    assert trained.live
    assert first in trained.verdict.why[0]


def test_what_a_bundle_remembers_holds_no_text(small: SmallForum) -> None:
    small.put_cases(made(0, 60))
    trained = again(small)
    registry = Registry(small.database, "demo", small.models_dir, SIGNER)
    champion = open_champion(registry, registry.read_forum())
    assert champion is not None
    assert not isinstance(champion, str)
    assert champion.seen is not None
    row = (made(0, 1)[0], digest(made(0, 1)[0].text))
    assert champion.seen.knows(row)
    assert champion.seen.labels_of(row)[Target.KIND].value in KINDS
    stranger = replace(row[0], id="other", group="other"), digest("another text")
    assert not champion.seen.knows(stranger)
    assert champion.seen.knows((replace(stranger[0], group="g0"), stranger[1])), "a twin"
    text = (small.models_dir / "demo" / version(trained) / "seen.json").read_text()
    assert "setting" not in text
    assert "c12" not in json.loads(text)["hashes"]


def test_too_little_data_says_how_many_of_what(small: SmallForum) -> None:
    small.put_cases(made(0, 10))
    with pytest.raises(NotEnoughData, match="10 cases have a kind; 10 more are needed") as caught:
        again(small)
    assert ".;" not in str(caught.value)
    assert ".." not in str(caught.value)
