"""Which version is live: chosen, taken back, and always told."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bundles import ANNA, ENCODER, SAYS, published
from tests.forum import SmallForum
from triage import store
from triage.encode import HashingEncoder
from triage.errors import (
    BundleRefused,
    ModelChanged,
    NoFormerVersion,
    NoForum,
    NoModel,
    NoVersion,
    VerdictAgainst,
)
from triage.records import Draft, Mode, Target
from triage.registry import Registry, activate, list_versions, once_live, rollback
from triage.store import HistoryRow, ModelAction

DRAFT = Draft("Crash with a stack trace, data is lost in ledger", "", lang="en")
REFUSED = {"outcome": "refused", "why": ["Worse in Swedish.", "And in German."]}


def live(registry: Registry) -> str | None:
    return registry.read_forum().live_version


def history(registry: Registry) -> list[HistoryRow]:
    with registry.database.read() as c:
        return store.list_history(c, registry.read_forum().id)


def three(registry: Registry) -> list[str]:
    """Publish three versions and make one after the other live."""
    return [published(registry, number=n, live=True).version for n in range(3)]


def test_what_is_activated_serves_and_is_mirrored(small: SmallForum, registry: Registry) -> None:
    plain, turned = published(registry, live=True), published(registry, "turned", number=1)
    desk = small.desk()
    reply = desk.ask(DRAFT)
    assert (reply.model_version, reply.labels[Target.KIND].value) == (plain.version, SAYS["plain"])
    done = activate(registry, turned.version, ENCODER, by=ANNA, reason="try it")
    assert (done.version, done.former) == (turned.version, plain.version)
    reply = desk.ask(DRAFT)
    assert reply.model_version == turned.version
    assert reply.labels[Target.KIND].value == SAYS["turned"]
    assert (registry.folder / "CURRENT").read_text() == f"{turned.version}\n"
    last = history(registry)[-1]
    assert (last.action, last.version, last.former) == ("activate", turned.version, plain.version)
    assert (last.by, last.reason, last.details) == ("anna", "try it", {})


def test_what_is_live_already_is_not_told_again(registry: Registry) -> None:
    version = published(registry, live=True).version
    before = history(registry)
    assert activate(registry, version, ENCODER, by=ANNA).former == version
    assert history(registry) == before


def test_of_many_reasons_the_first_are_said_and_where_the_others_are(registry: Registry) -> None:
    published(registry, live=True)
    verdict = {"outcome": "refused", "why": [f"Worse in slice {n}." for n in range(13)]}
    bad = published(registry, number=1, verdict=verdict).version
    with pytest.raises(VerdictAgainst) as caught:
        activate(registry, bad, ENCODER, by=ANNA)
    assert "Worse in slice 2." in str(caught.value)
    assert "Worse in slice 3." not in str(caught.value)
    assert f"`models show {bad}` has 10 more reasons." in str(caught.value)


def test_a_version_that_the_gate_refused_needs_a_reason(registry: Registry) -> None:
    first = published(registry, live=True).version
    bad = published(registry, number=1, verdict=REFUSED).version
    with pytest.raises(VerdictAgainst, match=r"Worse in Swedish\. And in German"):
        activate(registry, bad, ENCODER, by=ANNA, reason="I want it")
    with pytest.raises(VerdictAgainst):
        activate(registry, bad, ENCODER, by=ANNA, force=" \u200b ")
    assert live(registry) == first
    activate(registry, bad, ENCODER, by=ANNA, force="the slice is three cases")
    assert live(registry) == bad
    last = history(registry)[-1]
    assert (last.reason, last.details) == ("the slice is three cases", {"forced": True})


@pytest.mark.parametrize("outcome", ["first", "uncompared", "accepted", "forced"])
def test_any_other_verdict_needs_none(registry: Registry, outcome: str) -> None:
    version = published(registry, verdict={"outcome": outcome, "why": []}).version
    activate(registry, version, ENCODER, by=ANNA)
    assert live(registry) == version
    assert history(registry)[-1].details == {}


def test_what_does_not_open_does_not_go_live(registry: Registry) -> None:
    first, second = published(registry, live=True), published(registry, number=1)
    path = registry.folder / second.version / "ranker.json"
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(BundleRefused):
        activate(registry, second.version, ENCODER, by=ANNA)
    with pytest.raises(NoVersion, match="models list"):
        activate(registry, "20200101-000000-abcdef", ENCODER, by=ANNA)
    with pytest.raises(NoForum):
        activate(replace(registry, forum="boats"), second.version, ENCODER, by=ANNA)
    assert live(registry) == first.version
    assert [h.action for h in history(registry)] == ["publish", "activate", "publish"]


class Shifted(HashingEncoder):
    """One that claims to be the encoder of the forum and has other vectors."""

    def encode(self, texts, role):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        return -super().encode(texts, role)


def test_what_fails_its_smoke_questions_does_not_go_live(registry: Registry) -> None:
    first = published(registry, live=True)
    second = published(registry, number=1, encoder=Shifted())
    with pytest.raises(BundleRefused, match="smoke questions"):
        activate(registry, second.version, ENCODER, by=ANNA)
    assert live(registry) == first.version


def test_a_server_refuses_what_fails_its_smoke_questions_and_keeps_the_old_one(
    small: SmallForum, registry: Registry
) -> None:
    first = published(registry, live=True)
    desk = small.desk()
    assert desk.ask(DRAFT).model_version == first.version
    published(registry, number=1, encoder=Shifted(), live=True)
    reply = desk.ask(DRAFT)
    assert (reply.model_version, reply.mode) == (first.version, Mode.DEGRADED)
    rollback(registry, ENCODER, by=ANNA)
    reply = desk.ask(DRAFT)
    assert (reply.model_version, reply.mode) == (first.version, Mode.HYBRID)
    assert desk.state()["model_refused"] is None


def test_a_model_of_another_encoder_does_not_go_live(small: SmallForum, registry: Registry) -> None:
    version = published(registry).version
    with pytest.raises(BundleRefused, match="trained on vectors of"):
        activate(registry, version, HashingEncoder(64), by=ANNA)
    small.desk().open()
    with registry.database.write() as c:
        store.switch_encoder(c, small.forum.id, "other", ("", ""), "other", None)
    with pytest.raises(BundleRefused, match="another encoder"):
        activate(registry, version, ENCODER, by=ANNA)
    assert live(registry) is None


def test_a_rollback_goes_to_the_version_before_and_twice_two_back(registry: Registry) -> None:
    first, second, third = three(registry)
    done = rollback(registry, ENCODER, by=ANNA, reason="it is worse")
    assert (done.version, done.former) == (second, third)
    assert (registry.folder / "CURRENT").read_text() == f"{second}\n"
    assert rollback(registry, ENCODER, by=ANNA).version == first
    with pytest.raises(NoFormerVersion):
        rollback(registry, ENCODER, by=ANNA)
    assert live(registry) == first
    assert [h.action for h in history(registry)][-2:] == ["rollback", "rollback"]


def test_an_activation_after_a_rollback_is_taken_back_to_where_that_went(
    registry: Registry,
) -> None:
    _, second, third = three(registry)
    rollback(registry, ENCODER, by=ANNA)
    activate(registry, third, ENCODER, by=ANNA)
    assert rollback(registry, ENCODER, by=ANNA).version == second


def test_without_a_version_before_there_is_nothing_to_go_back_to(registry: Registry) -> None:
    with pytest.raises(NoFormerVersion):
        rollback(registry, ENCODER, by=ANNA)
    published(registry, live=True)
    with pytest.raises(NoFormerVersion):
        rollback(registry, ENCODER, by=ANNA)


def test_a_version_before_that_is_gone_or_spoilt_is_not_skipped_silently(
    registry: Registry,
) -> None:
    _, second, third = three(registry)
    folder = registry.folder / second
    folder.rename(folder.with_name("away"))
    with pytest.raises(NoModel):
        rollback(registry, ENCODER, by=ANNA)
    assert live(registry) == third


def row(action: ModelAction, version: str, former: str | None) -> HistoryRow:
    from tests.bundles import BEGAN

    return HistoryRow(BEGAN, action, version, "a test", former)


def test_what_was_live_before_there_was_a_history_is_gone_back_to() -> None:
    told = [row(ModelAction.ACTIVATE, "b", "a")]
    assert once_live(told, "b", {"a", "b"}) == ["a", "b"]
    assert once_live(told, "c", {"a", "b", "c"}) == ["a", "b", "c"]
    assert once_live([], "a", {"a"}) == ["a"]
    assert once_live([], None, {"a"}) == []


def test_what_was_pruned_is_stepped_over() -> None:
    told = [
        row(ModelAction.ACTIVATE, "a", None),
        row(ModelAction.ACTIVATE, "b", "a"),
        row(ModelAction.ACTIVATE, "a", "b"),
    ]
    assert once_live(told, "a", {"a", "b"}) == ["a", "b", "a"]
    assert once_live(told, "a", {"a"}) == ["a"]


def test_the_list_marks_what_is_live_and_where_a_rollback_goes(registry: Registry) -> None:
    first, second, third = three(registry)
    path = registry.folder / first / "manifest.sig"
    path.unlink()
    found = list_versions(registry)
    assert [v.version for v in found] == [third, second, first]
    assert [(v.live, v.former) for v in found] == [(True, False), (False, True), (False, False)]
    assert [v.cases for v in found] == [30, 30, 30]
    assert [v.trouble is None for v in found] == [True, True, False]
    assert found[0].size_bytes == sum(
        p.stat().st_size for p in Path(registry.folder / third).iterdir()
    )


def test_who_saw_another_version_live_changes_nothing(registry: Registry) -> None:
    """Two who look at the same page, or one who sends its form twice."""
    first, second, third = three(registry)
    with pytest.raises(ModelChanged, match=third):
        activate(registry, first, ENCODER, by=ANNA, instead_of=second)
    with pytest.raises(ModelChanged):
        activate(registry, first, ENCODER, by=ANNA, instead_of="")
    assert rollback(registry, ENCODER, by=ANNA, instead_of=third).version == second
    before = history(registry)
    with pytest.raises(ModelChanged, match=second):
        rollback(registry, ENCODER, by=ANNA, instead_of=third)
    assert history(registry) == before
    assert activate(registry, third, ENCODER, by=ANNA, instead_of=second).former == second
    # The same again: it is what they wanted.
    assert activate(registry, third, ENCODER, by=ANNA, instead_of=second).former == third
    assert live(registry) == third
