"""The widget's files, as the pages of any site get them."""

import gzip

import pytest

from triage.web import widget

from .conftest import World

FILES = sorted(widget.widget_files())
SITE = {"Origin": "https://forum.example", "Sec-Fetch-Site": "cross-site"}


@pytest.mark.parametrize("name", [*FILES, "manifest.json"])
def test_every_file_is_for_every_site_and_needs_no_key(empty: World, name: str) -> None:
    response = empty.client.get(f"/widget/{name}", headers=SITE)
    file = widget.manifest() if name == "manifest.json" else widget.widget_file(name)
    assert response.status_code == 200
    assert response.content == file.content
    assert response.headers["content-type"].split(";")[0] == file.media_type
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in response.headers


def test_a_file_is_kept_for_good_at_the_address_of_its_content_alone(empty: World) -> None:
    file = widget.widget_file(widget.SUGGEST)
    exact = empty.client.get(file.address)
    assert exact.headers["cache-control"] == "public, max-age=31536000, immutable"
    for address in (f"/widget/{file.name}", f"/widget/{file.name}?v=of-yesterday"):
        response = empty.client.get(address)
        assert response.content == file.content
        assert response.headers["cache-control"] == "public, max-age=300"


def test_what_a_browser_has_already_is_not_sent_again(empty: World) -> None:
    first = empty.client.get(f"/widget/{widget.CLIENT}")
    tag = first.headers["etag"]
    again = empty.client.get(f"/widget/{widget.CLIENT}", headers={"If-None-Match": f'"x", {tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    assert again.headers["access-control-allow-origin"] == "*"
    other = empty.client.get(f"/widget/{widget.CLIENT}", headers={"If-None-Match": '"x"'})
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, br", "gzip"), ("br;q=1, gzip ; q=0.5", "gzip"), ("gzip;q=0", None), ("br", None)],
)
def test_it_is_packed_for_whoever_unpacks_it(
    empty: World, accepted: str, encoding: str | None
) -> None:
    file = widget.widget_file(widget.SUGGEST)
    with empty.client.stream("GET", file.address, headers={"Accept-Encoding": accepted}) as reply:
        sent = b"".join(reply.iter_raw())
        assert reply.headers.get("content-encoding") == encoding
        assert reply.headers["vary"] == "Accept-Encoding"
        assert int(reply.headers["content-length"]) == len(sent)
    assert (gzip.decompress(sent) if encoding else sent) == file.content


@pytest.mark.parametrize(
    "name", ["gone.js", "client.js", "words/xx.json", "words/../client.js", "%2e%2e/app.py"]
)
def test_nothing_else_is_there(empty: World, name: str) -> None:
    response = empty.client.get(f"/widget/{name}")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
