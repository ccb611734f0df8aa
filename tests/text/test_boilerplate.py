"""What texts share is learnt, and taken out of them; what people ask is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.records import Answer, Thread, UnitKind
from triage.text import (
    Boilerplate,
    Document,
    Segment,
    SegmentKind,
    learn_boilerplate,
    units_of,
)
from triage.text.segments import NUMBER, STAMP, keys_of, label_of, words_of

PRODUCTS = ("Ledger", "Payroll", "App", "Stock")
FORM = """### Please fill in this form before you post
Product and version: {version}
- [{tick}] I have searched the forum for the same question
What did you do, step by step?
{asked}
Log started {when} by process {number}"""


def filled(i: int, asked: str = "", **more: str) -> str:
    values = {
        "version": f"{PRODUCTS[i % 4]} {i % 5}.{i % 3}",
        "tick": " x"[i % 2],
        "asked": asked or f"I turned wheel{chr(97 + i % 26)} and lever{chr(97 + i // 26)}.",
        "when": f"2026-03-{i % 28 + 1:02} 08:15:{i % 60:02}",
        "number": str(1000 + i),
        **more,
    }
    return FORM.format(**values)


def learned(documents: list[Document]) -> tuple[Segment, ...]:
    return learn_boilerplate(lambda: documents)


def of(*texts: str, author: str | None = None) -> Boilerplate:
    documents = [Document("question", text, author=author) for text in texts]
    return Boilerplate.of((s.kind, s.key) for s in learned(documents))


@pytest.fixture(scope="module")
def form() -> Boilerplate:
    return of(*(filled(i) for i in range(40)))


def test_a_form_goes_and_what_was_filled_in_stays(form: Boilerplate) -> None:
    text = filled(77, "The camel will not start.", version="Herbarium Pro")
    assert form.strip(text) == "Herbarium Pro\nThe camel will not start.\n1077"


def test_a_template_with_one_word_changed_is_still_the_template(form: Boilerplate) -> None:
    text = filled(3, "The camel will not start.")
    whole = form.strip(text).split("\n")
    for former, now, left in (
        ("fill in", "complete in", ["complete"]),
        ("this form before", "this long form before", ["long"]),
        ("same question", "same query", ["query"]),
        ("you do, step", "do, step", []),
    ):
        assert former in text
        stays = form.strip(text.replace(former, now)).split("\n")
        assert sorted(stays) == sorted(whole + left)


def test_two_changed_words_make_another_line(form: Boilerplate) -> None:
    text = "Please fill out this paper before you post"
    assert form.strip(text) == text


def test_what_is_discounted_can_be_looked_at(form: Boilerplate) -> None:
    text = filled(5, "The camel will not start.")
    parts = [text[span.start : span.end] for span in form.marked(text)]
    assert parts[:2] == ["### Please fill in this form before you post", "Product and version:"]
    assert "Log started 2026-03-06 08:15:05 by process" in parts
    assert not any("camel" in part for part in parts)


def test_a_question_asked_again_and_again_is_no_template() -> None:
    asked = "How do I reset my password?\nThe link in the mail does nothing."
    same = [Document("question", f"{asked}\nSince 2026-03-{i:02}.") for i in range(1, 29)]
    assert learned(same) == ()
    titled = [
        Document(
            "question",
            f"How do I reset my password?\nMy cat {c} ate it.",
            "How do I reset my password?",
        )
        for c in "abcdefghijklmnopqrstuvwxyz"
    ]
    assert {s.key for s in learned(titled)} == set()


def test_what_one_person_writes_everywhere_is_no_template() -> None:
    alone = [Document("answer", f"Renew the consent.\n{c}", author="p") for c in "abcdefghijklm"]
    assert SegmentKind.LINE not in {s.kind for s in learned(alone)}
    several = [
        Document("answer", f"Renew the consent.\n{c}", author=f"p{i % 3}")
        for i, c in enumerate("abcdefghijklm")
    ]
    assert [s.key for s in learned(several) if s.kind == SegmentKind.LINE] == ["renew the consent"]


def test_values_are_left_alone_unless_all_have_the_same() -> None:
    systems = ["Windows", "Linux", "Windows", "macOS"]
    some = of(
        *(f"System: {systems[i % 4]}\nNote: read the rules\nword{chr(97 + i)}" for i in range(24))
    )
    text = "System: Windows\nNote: read the rules\nIt broke"
    assert some.strip(text) == "Windows\nIt broke"
    codes = of(*(f"It stopped with code {i % 7}\nword{chr(97 + i)}" for i in range(24)))
    text = "It stopped with code 1042\nhelp"
    assert codes.strip(text) == "1042\nhelp"
    fixed = of(*(f"Answer these 3 questions\nword{chr(97 + i)}" for i in range(24)))
    text = "Answer these 3 questions\nhelp"
    assert fixed.strip(text) == "help"


def test_a_rare_line_of_a_large_source_is_none_but_a_products_own_form_is() -> None:
    def text(i: int) -> str:
        return f"number{chr(97 + i % 26)}{chr(97 + i // 26)}"

    plain = [Document("question", text(i)) for i in range(300)]
    mine = [
        Document("question", f"Which browser do you use\n{text(i)}z", product="app")
        for i in range(15)
    ]
    (segment,) = learned(plain + mine)
    assert (segment.key, segment.product, segment.share) == ("which browser do you use", "app", 1)
    (segment,) = learned(plain[:30] + mine)
    assert segment.documents == 15


def test_a_signature_goes_from_its_authors_texts_alone() -> None:
    hers = [
        Document("question", f"Thing{c} does not work.\n\n--\nAnna Berg\nBerg & Co", author="anna")
        for c in "abcd"
    ]
    segments = learned(hers)
    assert {s.kind for s in segments} == {SegmentKind.SIGNATURE}
    assert not any("berg" in s.key for s in segments)
    known = Boilerplate.of((s.kind, s.key) for s in segments)
    text = "Another matter.\n\n--\nAnna Berg\nBerg & Co"
    assert known.strip(text, person="anna") == "Another matter."
    assert known.strip(text, person="otto") == text
    assert known.strip(text) == text
    middle = "Anna Berg\nsays that it works."
    assert known.strip(middle, person="anna") == middle


def test_what_is_posted_again_is_no_signature() -> None:
    again = [
        Document("question", f"The press stands still.\nWhy{c}?\nPlease help.", author="anna")
        for c in "abcde"
    ]
    assert learned(again) == ()


@pytest.mark.parametrize(
    ("template", "asked"),
    [
        ("Bitte füllen Sie alle Felder vollständig aus", "Die Überweisung bleibt hängen"),
        ("Täytä kaikki kentät ennen lähettämistä, kiitos", "Lasku ei lähde asiakkaalle"),
        ("Fyll i alla fält innan du skickar in ärendet", "Fakturan går inte iväg"),
        ("Vennligst fyll ut alle feltene før innsending", "Fakturaen blir ikke sendt"),
        ("Udfyld venligst alle felter inden du sender", "Fakturaen bliver ikke sendt"),
        ("Please fill in all fields before you submit", "The invoice is not sent"),
    ],
)
def test_every_language_is_learnt_from_its_texts(template: str, asked: str) -> None:
    known = of(*(f"{template}:\nwort{c} {asked}" for c in "abcdefghijklmnop"))
    assert known.strip(f"{template.upper()}:\n{asked} nie") == f"{asked} nie"


def test_a_text_that_is_all_template_stays_unless_a_title_is_beside_it(form: Boilerplate) -> None:
    text = "Please fill in this form before you post\nWhat did you do, step by step?"
    assert form.strip(text) == text
    assert form.marked(text) == ()
    assert form.strip(text, beside="The camel") == ""
    assert form.strip(text, beside="…") == text


def test_units_are_cut_without_boilerplate_and_titles_stay(form: Boilerplate) -> None:
    title = "Please fill in this form before you post"
    thread = Thread("t", title, filled(8, "Why?"), (Answer("a", filled(9, "So.")),))
    units = units_of(thread, form)
    assert units[0].text == title
    assert units[1].text == f"{title}\nLedger 3.2 Why? 1008"
    assert units[2].text == "Payroll 4.0 So. 1009"
    empty = Thread("t", "Camel", "What did you do, step by step?", (Answer("a", "Log started"),))
    assert [u.kind for u in units_of(empty, form)] == [UnitKind.TITLE, UnitKind.ANSWER]
    assert units_of(thread) == units_of(thread, Boilerplate())


def test_a_line_is_compared_by_its_words() -> None:
    line = (
        "[2026-03-01T08:00:00Z] Run 0f8fad5b-d9cb-469f-a165-70867728950e of KV-1042 at 8.0.2, OK!"
    )
    assert keys_of(words_of(line)) == [STAMP, "run", STAMP, "of", NUMBER, "at", NUMBER, "ok"]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("**Version:** 8", "version:"),
        ("- Steps to reproduce:", "steps to reproduce:"),
        ("at 12:30 it broke: look", None),
        ("https://a.example/b", None),
        ("a b c d e f g h i j k l m: no", None),
        ("Käyttöjärjestelmä： Windows", "käyttöjärjestelmä:"),
    ],
)
def test_a_label_is_a_few_words_before_the_first_colon(line: str, key: str | None) -> None:
    label = label_of(line)
    assert (label and label.key) == key


LINES = (
    *FORM.format(version="8", tick="x", asked="Why?", when="08:15", number="7").split("\n"),
    "Product and version:",
    "Product and version: Product and version: 3",
    "Please fill in this long form before you post",
    *("camel 8.0", "Log started", "x: y: z", "\n", " ", "-- "),
)
PIECES = st.lists(st.sampled_from(LINES) | st.text(max_size=30), max_size=8)


@given(PIECES)
def test_stripping_twice_is_stripping_once_and_never_empties(pieces: list[str]) -> None:
    known = of(*(filled(i) for i in range(20)))
    text = "\n".join(pieces)
    once = known.strip(text)
    assert known.strip(once) == once
    assert bool(once.strip()) == bool(text.strip())
    marked = known.marked(text)
    assert bool(marked) == (once != text)
    left, at = "", 0
    for span in marked:
        assert at <= span.start < span.end
        left, at = left + text[at : span.start], span.end
    assert "".join((left + text[at:]).split()) == "".join(once.split())


@given(st.text(max_size=200))
def test_a_text_without_boilerplate_is_unchanged(text: str) -> None:
    assert Boilerplate().strip(text) == text
    assert Boilerplate(frozenset({"zqx zqx"}), frozenset({"zqx:"})).strip(text) == text
