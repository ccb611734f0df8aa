"""What a question tells already is seen in every language, and only what is worth it is asked."""

import pytest
from hypothesis import given as given_by
from hypothesis import strategies as st

from tests.lifecycle.histories import some
from triage.costs import Costs
from triage.lifecycle import Asking, Lacked, Piece, Worth, ask_back, given
from triage.lifecycle.given import error_codes_in, versions_in
from triage.records import Context, Question

WORTH = Worth.of(Costs())


def codes(*pieces: Piece) -> frozenset[Piece]:
    return frozenset(pieces)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("since 8.0.3 it ends early", ["8.0.3"]),
        ("wir nutzen Version 8", ["8"]),
        ("Connect 2.3 och Go v5", ["2.3", "v5"]),
        ("appen er den nyeste (5.3)", ["5.3"]),
        ("KV-8100 nach 8.1", ["8.1"]),
        ("3.411,08 € und 12.50 €", []),
        ("den 4. og 12.5. kl. 14.30", []),
        ("am 31.12.2025 um 7.15 Uhr", []),
        ("7.480 kr. i måneden, 4.5 % moms", []),
        ("a database of 1.2 GB at 10.0.0.12:8080", []),
        ("2,3 miljoner", []),
        ("difference 24.95, at 15.30 from 203.0.113.10, account 9999.88.77777", []),
        ("der Wechsel zum 1.1. ist fertig, palkat 2.6., maksettu", []),
        ("fra 7.5 til 8.0", ["7.5", "8.0"]),
    ],
)
def test_versions_are_told_from_money_dates_and_times(text: str, found: list[str]) -> None:
    assert [span.text for span in versions_in("body", text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("KV-1042 och kv5120", ["KV-1042", "kv5120"]),
        ("ORA-00942: table", ["ORA-00942"]),
        ("0x80070005", ["0x80070005"]),
        ("System.NullReferenceException in x", ["NullReferenceException"]),
        ("meldet legacy_key_disabled", ["legacy_key_disabled"]),
        ("SEK 1000 und ISO 20022, IBAN12345", []),
        ("invoice 20331 and 2025", []),
        ("client_secret and cost_center, VAT GB 000 and K-000", []),
        ("ORDER_1 gives 500, key_not_accepted", ["gives 500", "key_not_accepted"]),
    ],
)
def test_error_codes_are_told_from_money_and_standards(text: str, found: list[str]) -> None:
    assert [span.text for span in error_codes_in("body", text)] == found


@pytest.mark.parametrize(
    ("lang", "body", "piece"),
    [
        ("en", "When I click Save it closes.", Piece.STEPS),
        ("sv", "När jag klickar på Spara stängs allt.", Piece.STEPS),
        ("nb", "Når jeg trykker på Lagre lukkes alt.", Piece.STEPS),
        ("da", "Når jeg trykker på Gem lukker alt.", Piece.STEPS),
        ("fi", "Kun painan Tallenna, ohjelma sulkeutuu.", Piece.STEPS),
        ("de", "Wenn ich auf Speichern klicke, geht alles zu.", Piece.STEPS),
        ("en", "1. Open the ledger\n2. Press print", Piece.STEPS),
        ("en", "85 users cannot work", Piece.IMPACT),
        ("sv", "85 användare kan inte arbeta, allt står still", Piece.IMPACT),
        ("nb", "120 ansatte står stille", Piece.IMPACT),
        ("da", "Hele firmaet står stille", Piece.IMPACT),
        ("fi", "Koko talo seisoo, 90 käyttäjää", Piece.IMPACT),
        ("de", "64 Benutzer, alles steht still", Piece.IMPACT),
        ("en", 'The message says "cannot open the file" and fails', Piece.ERROR),
        ("sv", "Det står ”filen saknas” i rutan, fel", Piece.ERROR),
        ("de", "Fehler „Dienst nicht erreichbar“", Piece.ERROR),
        ("fi", "Virhe ”tiedosto puuttuu”", Piece.ERROR),
        ("nb", "Feil «filen mangler»", Piece.ERROR),
        ("da", "Fejl »filen mangler«", Piece.ERROR),
    ],
)
def test_what_is_told_is_not_asked_for(lang: str, body: str, piece: Piece) -> None:
    assert piece in given(Question("", body, lang))


def test_fields_and_context_count_as_told() -> None:
    question = Question(
        "x",
        "y",
        "en",
        version="8.1",
        context=Context(error_text="Access denied"),
        customer_severity=2,
    )
    assert given(question) == {Piece.VERSION, Piece.ERROR, Piece.IMPACT}


def test_a_bare_question_tells_nothing() -> None:
    assert given(Question("It does not work", "", "en")) == frozenset()


def test_a_how_to_is_asked_nothing_back() -> None:
    assert ask_back(frozenset(), Asking("how_to", WORTH)) == ()
    assert ask_back(frozenset(), Asking(None, WORTH)) == ()


def test_a_bug_is_asked_for_two_things_and_never_for_what_is_told() -> None:
    first = ask_back(frozenset(), Asking("bug", WORTH))
    assert len(first) == 2
    told = codes(*(wanted.piece for wanted in first))
    assert not told & codes(*(wanted.piece for wanted in ask_back(told, Asking("bug", WORTH))))


def test_what_experts_asked_for_most_comes_first() -> None:
    topic = {Piece.STEPS: Lacked(200, asked=190), Piece.VERSION: Lacked(200, asked=2)}
    (first, _) = ask_back(frozenset(), Asking("problem", WORTH, (topic,)))
    assert (first.piece, first.cases) == (Piece.STEPS, 200)
    assert first.asked == pytest.approx(0.917, abs=0.01)


def test_what_would_change_the_decision_comes_before_what_saves_a_round_trip() -> None:
    asking = Asking("problem", WORTH, flips={Piece.IMPACT: 0.6})
    assert ask_back(frozenset(), asking)[0].piece is Piece.IMPACT


def test_nothing_moves_a_decision_that_a_rule_has_made() -> None:
    open_one, settled = (Asking("problem", WORTH, settled=s) for s in (False, True))
    assert Piece.IMPACT in {w.piece for w in ask_back(frozenset(), open_one)}
    assert Piece.IMPACT not in {w.piece for w in ask_back(frozenset(), settled)}


def test_few_cases_hardly_move_what_was_believed() -> None:
    few, many = (
        ask_back(frozenset(), Asking("how_to", WORTH, ({Piece.ERROR: Lacked(n, asked=n)},)))
        for n in (2, 200)
    )
    assert few == ()
    assert [wanted.piece for wanted in many] == [Piece.ERROR]


def test_counts_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="No more can be"):
        Lacked(3, asked=4)


LEVELS = st.lists(
    st.dictionaries(
        st.sampled_from(Piece),
        st.integers(0, 50).flatmap(
            lambda n: st.builds(Lacked, st.just(n), st.integers(0, n), st.integers(0, n))
        ),
    ),
    max_size=3,
)


@some
@given_by(
    st.frozensets(st.sampled_from(Piece)),
    st.sampled_from([None, "bug", "problem", "how_to", "complaint"]),
    LEVELS,
)
def test_at_most_two_are_asked_each_worth_it_and_none_that_is_told(
    told: frozenset[Piece], kind: str | None, levels: list[dict[Piece, Lacked]]
) -> None:
    wanted = ask_back(told, Asking(kind, WORTH, levels))
    assert len(wanted) <= 2
    assert not told & codes(*(one.piece for one in wanted))
    assert all(one.worth > 0 and 0 <= one.asked <= 1 for one in wanted)
    assert [one.worth for one in wanted] == sorted((one.worth for one in wanted), reverse=True)
