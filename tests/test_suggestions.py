"""What is suggested: the thread that settles the question, its answer, the words that do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.forum import small_forum
from triage.decide.gate import Gate, Threshold
from triage.encode import HashingEncoder
from triage.pipeline import Parts, Triaged, triage
from triage.records import Answer, Attachment, Context, Draft, Thread
from triage.text import NOTHING, Boilerplate

OPEN = Gate(0.1, 0.9, Threshold(0.0, 0, False), {}, "a test")
RENEW = "Renew the consent under Bank > Connections, then fetch again."


def solved(name: str, title: str, *answers: str, **more: object) -> Thread:
    given = tuple(Answer(f"{name}-{n}", text) for n, text in enumerate(answers or (RENEW,)))
    return Thread(name, title, "", given, solved=True, lang="en", **more)  # type: ignore[arg-type]


@contextmanager
def forum(folder: Path, *threads: Thread) -> Iterator[Parts]:
    with small_forum(folder, threads, HashingEncoder()) as small:
        yield replace(small.desk().parts(), gate=OPEN)


def asked(parts: Parts, title: str, body: str = "", **more: object) -> Triaged:
    return triage(parts, Draft(title, body, **more))  # type: ignore[arg-type]


def suggested(parts: Parts, title: str, body: str = "", **more: object) -> list[str]:
    return [s.thread_id for s in asked(parts, title, body, **more).suggestions]


def test_a_duplicate_leads_to_the_thread_that_settles_it(tmp_path: Path) -> None:
    twin = Thread("twin", "Bank feed is dead since Monday", "", lang="en", duplicate_of=("bank",))
    with forum(tmp_path, twin, solved("bank", "Connection to the institute lost")) as parts:
        found = asked(parts, "Bank feed is dead since Monday")
    assert [s.thread_id for s in found.suggestions] == ["bank"]
    assert not found.decision.same_question
    assert found.suggestions[0].snippet == RENEW


def test_links_in_a_ring_harm_nobody(tmp_path: Path) -> None:
    ring = [
        solved("a", "Bank feed is dead", duplicate_of=("b",)),
        Thread("b", "Bank feed is gone", "", lang="en", duplicate_of=("c",)),
        Thread("c", "Bank feed is lost", "", lang="en", duplicate_of=("a",)),
    ]
    with forum(tmp_path, *ring) as parts:
        assert suggested(parts, "Bank feed is lost") == ["a"]


def test_a_superseded_thread_yields_to_what_replaced_it(tmp_path: Path) -> None:
    old = solved("old", "Renew the bank consent", "Call us.", superseded_by="new")
    with forum(tmp_path, old, solved("new", "Consent of banks, from 8.0 on")) as parts:
        assert suggested(parts, "Renew the bank consent") == ["new"]


def test_an_open_thread_is_the_same_question_and_no_suggestion(tmp_path: Path) -> None:
    waiting = Thread("waiting", "Bank feed is dead since Monday", "", lang="en")
    with forum(tmp_path, waiting, solved("other", "Logo is blurry on paper")) as parts:
        certain = replace(parts, policy=replace(parts.policy, same_question_from=0.0))
        found = asked(certain, "Bank feed is dead since Monday")
    assert "waiting" not in [s.thread_id for s in found.suggestions]
    assert [s.thread_id for s in found.decision.same_question] == ["waiting"]


def test_the_canonical_thread_of_another_group_is_not_shown_nor_named(tmp_path: Path) -> None:
    secret = solved("secret", "Bank feed is dead", groups=frozenset({"beta"}))
    public = solved("public", "Bank feed died", duplicate_of=("secret",))
    with forum(tmp_path, secret, public) as parts:
        assert suggested(parts, "Bank feed is dead") == ["public"]
        assert suggested(parts, "Bank feed is dead", groups=frozenset({"beta"})) == ["secret"]


def test_what_a_form_brings_along_is_not_what_is_asked(tmp_path: Path) -> None:
    form = "Which edition do you use\nHave you tried turning it off"
    threads = [
        replace(solved("form", "Something else entirely"), body=form),
        solved("logo", "Logo is blurry on paper"),
    ]
    lines = [
        ("line", line) for line in ("which edition do you use", "have you tried turning it off")
    ]
    with forum(tmp_path, *threads) as parts:
        plain = asked(parts, "Logo", form).matches
        assert plain[0].thread_id == "form"
        without = replace(parts, boilerplate=Boilerplate.of(lines))
        assert without.boilerplate != NOTHING
        assert asked(without, "Logo", form).matches[0].thread_id == "logo"


@pytest.mark.parametrize(
    "more",
    [
        {"context": Context(error_text="Failed with KV-1042")},
        {"attachments": (Attachment("log.txt", None, "10:31 bank: KV-1042 at line 7"),)},
    ],
)
def test_a_code_in_what_came_along_finds_its_thread(
    tmp_path: Path, more: dict[str, object]
) -> None:
    threads = [solved(f"k{n}", f"Import stops with KV-{n}") for n in (1041, 1042, 1043)]
    with forum(tmp_path, *threads) as parts:
        assert asked(parts, "Import stops", **more).matches[0].thread_id == "k1042"


def test_the_snippet_is_of_the_passage_that_answers(tmp_path: Path) -> None:
    filler = " ".join(f"Word{n} says nothing of it." for n in range(120))
    answer = f"{filler}\n\nThe bank feed needs a new consent every ninety days."
    with forum(tmp_path, solved("bank", "Consent", answer)) as parts:
        (found,) = asked(parts, "bank feed needs new consent").suggestions
    assert "every ninety days" in found.snippet


ODD = {
    "stop words": "is it the of and to",
    "code": "for (int i = 0; i < n; i++) { x[i] = f(y[i]); }",
    "address": "https://help.example.com/a/b?c=d",
    "log": "\n".join(
        f"10:{n % 60:02} ERROR {n} at bank.feed.Import.run(Import.java:{n})" for n in range(1200)
    ),
    "french": "Bonjour, comment puis-je changer le logo de la facture imprimée ?",
    "signs": "?!?! ... ///",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
@pytest.mark.parametrize("size", [0, 1, 2, 5])
def test_odd_drafts_get_a_reply_whatever_is_known(tmp_path: Path, text: str, size: int) -> None:
    threads = [solved(f"t{n}", f"Bank feed trouble {n}", f"Renew number {n}.") for n in range(size)]
    with forum(tmp_path, *threads) as parts:
        found = asked(parts, "Help", text)
    assert len(found.matches) <= size
    assert all(0 < m.probability < 1 for m in found.matches)
    assert len(found.suggestions) <= 3


def test_a_draft_that_is_there_word_for_word_comes_first(tmp_path: Path) -> None:
    threads = [solved(f"t{n}", f"Bank feed trouble {n}") for n in range(5)]
    threads += [solved("same", "The printer prints everything twice")] * 2
    with forum(tmp_path, *threads) as parts:
        assert suggested(parts, "The printer prints everything twice")[0] == "same"
