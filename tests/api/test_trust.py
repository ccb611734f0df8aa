"""What the installation says of itself is what it does."""

from pathlib import Path

from triage.store.holdings.register import HOLDINGS

from .browsing import browser, shown
from .conftest import Start, World


def test_everybody_may_know(empty: World) -> None:
    assert empty.send("GET", "/v1/trust", None).status_code == 200
    assert empty.send("GET", "/trust", None).status_code == 200


def test_what_nobody_stated_is_said_to_be_so(empty: World) -> None:
    told = empty.send("GET", "/v1/trust", None).json()
    for name in ("operator", "contact", "location", "processors", "last_backup"):
        assert told[name] is None
    assert told["last_restore_test"] is None
    assert told["protection"]["https"] is False
    text = shown(browser(empty).get("/trust"))
    assert text.count("Not stated") == 6
    assert text.count("None recorded") == 2


def test_what_the_operator_stated_is_said(start: Start) -> None:
    world = start(
        operator="Example AB <b>",
        contact="privacy@example.com",
        data_location="Stockholm, Sweden",
        processors="Hosting AB (servers); Mail AB (mail) ;",
        disk_encryption="LUKS",
        public_url="https://triage.example.com/forum",
    )
    told = world.send("GET", "/v1/trust", None).json()
    assert told["operator"] == "Example AB <b>"
    assert told["processors"] == ["Hosting AB (servers)", "Mail AB (mail)"]
    assert told["protection"]["https"] is True
    page = browser(world).get("/trust")
    text = shown(page)
    for part in ("Example AB <b>", "Stockholm, Sweden", "Hosting AB (servers)", "LUKS"):
        assert part in text
    assert "<b>" not in page.text
    assert 'href="mailto:privacy@example.com"' in page.text
    assert 'href="/forum/pages/style.css' in page.text


def test_nobody_else_is_said_to_be_nobody(start: Start) -> None:
    world = start(processors="None")
    assert world.send("GET", "/v1/trust", None).json()["processors"] == []
    assert "Nobody" in shown(browser(world).get("/trust"))


def test_every_table_is_told_with_how_long_it_is_kept(start: Start) -> None:
    kept = start(retention="originals=7,cases=900").send("GET", "/v1/trust", None).json()["kept"]
    by_table = {one["table"]: one for one in kept}
    assert list(by_table) == [holding.table for holding in HOLDINGS]
    assert by_table["originals"]["days"] == 7
    assert by_table["cases"]["days"] == 900
    assert by_table["triages"] == {
        "table": "triages",
        "purpose": by_table["triages"]["purpose"],
        "personal": True,
        "days": 730,
        "words_days": 365,
        "until": None,
        "on_erasure": "deleted",
    }
    for one in kept:
        assert (one["days"] is None) is (one["until"] is not None)


def test_every_language_tells_it(empty: World) -> None:
    page = browser(empty)
    titles = {lang: shown(page.get(f"/trust?lang={lang}")) for lang in ("en", "sv", "fi", "de")}
    assert "Var data finns, och hur" in titles["sv"]
    assert "Wo Daten liegen, und wie" in titles["de"]


def test_no_secret_no_folder_and_no_forum_is_told(start: Start, tmp_path: Path) -> None:
    encoder = tmp_path / "models" / "own-model"
    world = start(
        encoder="hashing:64",
        oidc_issuer="https://login.example.com",
        oidc_client_secret="zanzibarquux",
    )
    world.client.app.state.installation.settings = world.settings.model_copy(  # type: ignore[attr-defined]
        update={"encoder": str(encoder)}
    )
    for path in ("/v1/trust", "/trust"):
        text = world.send("GET", path, None).text
        for secret in (
            *("zanzibarquux", world.settings.installation_key, str(tmp_path), "own-model"),
            *("bikes", "boats", "login.example.com", "triage.db"),
        ):
            assert secret not in text
    assert "model of the operator" in text
