"""The shipped encoder: pinned, finite, the same alone, in a batch and from several threads."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from triage.encode import DEFAULT, Encoder, TextRole, open_encoder, runtime
from triage.errors import EncoderAltered, EncoderMissing
from triage.records import LANGUAGES
from triage.settings import ROOT, Settings

TEXTS = (
    "Kort",
    "Wie kann ich mein Passwort zurücksetzen?",
    "a somewhat longer text about invoices that were sent twice " * 6,
    "Laskun logo on epäselvä tulosteessa",
    "at com.example.Main(Main.java:12)\n" * 12,
    "Hvordan eksporterer jeg fakturaer?",
    "漢字とemoji 😀 mitt i en svensk mening",
)


@pytest.fixture(scope="module")
def shipped() -> Encoder:
    encoder = open_encoder("shipped")
    assert encoder is not None
    return encoder


def test_it_is_the_default_and_knows_all_languages(shipped: Encoder) -> None:
    assert Settings.model_fields["encoder"].default == DEFAULT == "shipped"
    assert shipped.languages == set(LANGUAGES)
    assert shipped.id.endswith(f"@{runtime.SHIPPED_SHA256[:12]}")
    assert shipped.encode([], TextRole.QUERY).shape == (0, shipped.dimension)


def test_prompts_of_the_settings_are_not_for_it(shipped: Encoder) -> None:
    other = open_encoder("shipped", prompts={"query": "something else: "})
    assert other is not None
    assert (other.id, other.prompts) == (shipped.id, shipped.prompts)


def test_the_right_answer_is_nearer_than_another_in_every_language(shipped: Encoder) -> None:
    right = [
        "Så återställer du ditt lösenord",
        "Slik tilbakestiller du passordet ditt",
        "Sådan nulstiller du din adgangskode",
        "Näin palautat salasanasi",
        "So setzen Sie Ihr Passwort zurück",
    ]
    wrong = [
        "Så skriver du ut en faktura",
        "Slik skriver du ut en faktura",
        "Sådan udskriver du en faktura",
        "Näin tulostat laskun",
        "So drucken Sie eine Rechnung",
    ]
    (asked,) = shipped.encode(["How do I reset my password?"], TextRole.QUERY)
    rows = shipped.encode(right + wrong, TextRole.PASSAGE) @ asked
    assert (rows[:5] > rows[5:]).all()


def test_a_text_has_the_same_vector_alone_and_in_a_batch(shipped: Encoder) -> None:
    together = shipped.encode(TEXTS, TextRole.PASSAGE)
    alone = np.concatenate([shipped.encode([t], TextRole.PASSAGE) for t in TEXTS])
    assert np.allclose(together, alone, atol=1e-3)


def test_several_threads_may_encode_at_once(shipped: Encoder) -> None:
    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(lambda t: shipped.encode([t], TextRole.QUERY)[0], TEXTS * 2))
    expected = shipped.encode(TEXTS, TextRole.QUERY)
    assert np.allclose(rows, np.tile(expected, (2, 1)), atol=1e-3)


def test_more_threads_give_the_same_vectors(shipped: Encoder) -> None:
    wide = open_encoder("shipped", threads=2)
    assert wide is not None
    # More tokens than one batch holds.
    assert np.allclose(
        wide.encode(TEXTS, TextRole.PASSAGE), shipped.encode(TEXTS, TextRole.PASSAGE), atol=1e-3
    )


ODD = {
    "empty": "",
    "blank": " \n\t",
    "emoji": "😀" * 40,
    "stack trace": "\n".join(["at a.b.C(D.java:1)"] * 50),
    "unknown signs": "\u1208\u1209\ua840\u0f40",
    "lone surrogates": "\ud800 hej \udfff",
    "control characters": "\x00\x01\x7f\x1b[31m",
    "long word": "x" * 100_000,
    "long blank": " " * 100_000,
    "long and mixed": "Hallo wereld, hei maailma, 漢字, فاتورة 😀 " * 2_500,
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_odd_texts_give_finite_unit_vectors(shipped: Encoder, text: str) -> None:
    (row,) = shipped.encode([text], TextRole.QUERY)
    assert np.isfinite(row).all()
    assert np.linalg.norm(row) == pytest.approx(1.0, abs=1e-4)


def test_a_shipped_folder_that_is_not_the_pinned_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = (ROOT / "models" / "encoder" / "encoder.json").read_bytes()
    (tmp_path / "encoder.json").write_bytes(manifest + b"\n")
    monkeypatch.setattr(runtime, "_SHIPPED_FOLDER", tmp_path)
    with pytest.raises(EncoderAltered, match=r"encoder\.json of the encoder 'shipped'"):
        open_encoder("shipped")


def test_a_shipped_folder_that_is_not_there_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "_SHIPPED_FOLDER", tmp_path)
    with pytest.raises(EncoderMissing, match="set TRIAGE_ENCODER"):
        open_encoder("shipped")


def test_the_runtime_keeps_and_reports_nothing_about_its_user(tmp_path: Path) -> None:
    home = {name: str(tmp_path) for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")}
    script = "from triage.encode import *; open_encoder('shipped').encode(['a'], TextRole.QUERY)"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ORT_")} | home
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, check=True)
    assert list(tmp_path.iterdir()) == []
