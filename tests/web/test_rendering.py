"""Pages are whole documents that escape what people wrote and load nothing from elsewhere."""

import re
from datetime import UTC, datetime

import pytest

from triage.records import LANGUAGES, Forum, Role, WebUser
from triage.web import Frame, Place, asset, render

EVA = WebUser("u_1", Forum(1, "bikes", 0, None), "eva@example.com", "Eva <b>Lind</b>", Role.LEAD)
PLACES = (Place("/account", "frame.account"),)


def problem(lang: str = "en", user: WebUser | None = EVA, **values: str) -> str:
    frame = Frame(lang, "/triage", "/account", (("next", "/a&b"),), user, "forgery", PLACES)
    return render("problem", frame, **{"title": "Title", "text": "Text", **values})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_says_its_language_and_links_the_others(lang: str) -> None:
    html = problem(lang)
    assert html.startswith("<!doctype html>")
    assert f'<html lang="{lang}">' in html
    for other in LANGUAGES:
        assert f'href="/triage/account?next=%2Fa%26b&amp;lang={other}"' in html
    assert html.count("<h1>") == 1


def test_what_people_wrote_is_escaped() -> None:
    html = problem(title="<script>alert(1)</script>", text='" onload="x')
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert '" onload=' not in html


def test_every_address_has_the_prefix_of_the_proxy() -> None:
    addresses = re.findall(r'(?:href|src|action)="([^"#][^"]*)"', problem())
    assert len(addresses) > 8
    assert all(address.startswith("/triage/") for address in addresses)


def test_a_page_has_neither_scripts_nor_styles_in_it() -> None:
    html = problem()
    assert "<script" not in html
    assert "style=" not in html
    assert "<style" not in html
    assert not re.search(r"\son[a-z]+=", html)


def test_only_somebody_who_is_signed_in_can_sign_out() -> None:
    assert 'action="/triage/sign-out"' in problem()
    assert 'name="forgery_token" value="forgery"' in problem()
    assert "sign-out" not in problem(user=None)
    assert 'href="/triage/sign-in"' in problem(user=None)


def test_the_page_one_is_on_is_marked() -> None:
    assert '<a href="/triage/account" aria-current="page">' in problem()


def test_a_file_has_its_digest_in_its_address() -> None:
    style = asset("style.css")
    assert f"/triage/pages/style.css?v={style.digest}" in problem()
    assert style.media_type == "text/css"
    with pytest.raises(KeyError):
        asset("../rendering.py")


def test_the_stylesheet_loads_nothing() -> None:
    style = asset("style.css").content.decode()
    assert "url(" not in style
    assert "@import" not in style


def test_a_moment_is_shown_with_its_zone() -> None:
    from triage.web.rendering import _moment

    shown = _moment(datetime(2026, 3, 2, 7, 5, tzinfo=UTC))
    assert shown == '<time datetime="2026-03-02T07:05:00+00:00">2026-03-02 07:05 UTC</time>'


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def palettes() -> list[dict[str, str]]:
    style = asset("style.css").content.decode()
    light, dark = re.findall(r":root(?::not\(\.paper\))? \{(.*?)\}", style, re.DOTALL)
    return [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", one)) for one in (light, dark)]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_and_edges_stand_out_from_what_is_behind_them(scheme: int) -> None:
    colours = palettes()[scheme]
    pairs = [
        *(
            (ink, ground)
            for ink in ("ink", "faint", "accent", "accent-strong")
            for ground in ("ground", "panel")
        ),
        *(("ink", ground) for ground in ("good", "bad")),
        ("bad-ink", "panel"),
        ("accent-ink", "accent"),
        ("accent-ink", "accent-strong"),
    ]
    assert {
        pair: round(contrast(*(colours[c] for c in pair)), 2)
        for pair in pairs
        if contrast(*(colours[c] for c in pair)) < 4.5
    } == {}
    # Of what is no text, WCAG 2.2 asks 3 to 1.
    edges = [(e, g) for e in ("edge", "focus") for g in ("ground", "panel")]
    assert {pair for pair in edges if contrast(*(colours[c] for c in pair)) < 3} == set()
