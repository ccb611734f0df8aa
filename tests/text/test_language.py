import gzip
import json
import random
from pathlib import Path

import pytest

from triage.text.language import detect, warm_up

PARALLEL = Path(__file__).parents[2].parent / "shared" / "data" / "parallel"


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("How do I export all invoices from the portal?", "en"),
        ("Hur exporterar jag alla fakturor från portalen?", "sv"),
        ("Hvordan får jeg eksportert fakturaene når jeg ikke får logget inn?", "nb"),
        ("Hvordan eksporterer jeg fakturaerne, når jeg ikke kan logge ind?", "da"),
        ("Miten vien kaikki laskut portaalista?", "fi"),
        ("Wie exportiere ich alle Rechnungen aus dem Portal?", "de"),
        ("Je ne peux plus me connecter à mon compte depuis hier", "fr"),
        ("", "und"),
        ("123 456 !!", "und"),
        ("[EMAIL] [PHONE]", "und"),
        ("Привет, мир", "und"),
    ],
)
def test_a_language_is_recognised(text: str, lang: str) -> None:
    warm_up()
    assert detect(text).lang == lang


def test_a_stack_trace_does_not_hide_the_language() -> None:
    trace = "\n".join(
        f"  at com.firma.invoice.ExportService.run(ExportService.java:{n})" for n in range(50)
    )
    cause = "Caused by: java.lang.NullPointerException"
    assert detect(f"{trace}\n{cause}\nJag får det här felet när jag exporterar").lang == "sv"


def test_only_the_beginning_counts() -> None:
    swedish = "Jag kan inte logga in i portalen sedan i går. " * 30
    assert detect(swedish + "The rest of it is English. " * 500).lang == "sv"


def test_a_probability_is_one() -> None:
    assert 0 < detect("Kan ikke logge inn på kontoen min").probability <= 1


@pytest.mark.parametrize(
    ("lang", "least"), [("sv", 0.93), ("nb", 0.83), ("da", 0.85), ("fi", 0.95), ("de", 0.95)]
)
def test_short_texts_are_mostly_recognised(lang: str, least: float) -> None:
    path = PARALLEL / f"ui_en-{lang}.jsonl.gz"
    if not path.exists():
        pytest.skip(f"{path} is not there")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        texts = [json.loads(line)["xx"] for line in file]
    texts = sorted({t for t in texts if 25 <= len(t) <= 80 and not set(t) & set("%<{$")})
    sample = random.Random(5).sample(texts, 150)
    assert sum(detect(text).lang == lang for text in sample) / len(sample) >= least
