"""Dumps of Stack Exchange sites: what becomes a thread, and what is wrong with a dump."""

import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import py7zr
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dumps import HEAD, SITE, answer, dump, duplicate, packed, question, row_line, table
from triage.connect import thread_from
from triage.connect.lines import LONGEST_LINE
from triage.connect.stackexchange import Dump, archive, opened_dump
from triage.connect.stackexchange.sites import site_of
from triage.errors import BadFile, BadRecord
from triage.records import Thread

EXPORT = question(1, "Export stops", "<p>At row 500.</p>", AcceptedAnswerId=4)
POSTS = [
    EXPORT,
    question(2, "The export ends early", "<p>Why?</p>", ClosedDate="2024-06-01T00:00:00.000"),
    answer(3, 1, "<p>Restart it.</p>", Score=-1),
    answer(4, 1, "<p>Set <code>size</code> to 0.</p>", Score=7, LastEditDate="2024-07-01T00:00:00"),
]


def read(path: Path, site: str | None = None) -> tuple[dict[str, Thread], list[BadRecord], Dump]:
    with opened_dump(path, site) as opened:
        rows = list(opened.rows())
    bad = [row for row in rows if isinstance(row, BadRecord)]
    good = [thread_from(row.values, str) for row in rows if not isinstance(row, BadRecord)]
    return {thread.id: thread for thread in good}, bad, opened


def fields(path: Path) -> dict[str, Mapping[str, Any]]:
    with opened_dump(path) as opened:
        rows = [row for row in opened.rows() if not isinstance(row, BadRecord)]
    return {str(row.values["id"]): row.values for row in rows}


def test_a_question_becomes_a_thread_with_its_answers(tmp_path: Path) -> None:
    threads, bad, opened = read(dump(tmp_path, POSTS, [duplicate(2, of=1)]))
    thread = threads[f"{SITE}-1"]
    assert (thread.title, thread.body) == ("Export stops", "At row 500.")
    assert thread.url == f"https://{SITE}/questions/1"
    assert thread.tags == ("export", "csv")
    assert thread.person == f"{SITE}/users/5"
    assert thread.created is not None
    assert thread.created.isoformat() == "2024-05-31T08:12:00.457000+00:00"
    assert [(a.id, a.accepted, a.votes) for a in thread.answers] == [
        ("3", False, -1),
        ("4", True, 7),
    ]
    assert thread.answers[1].body == "Set `size` to 0."
    assert thread.answers[1].updated is not None
    assert thread.solved
    assert threads[f"{SITE}-2"].duplicate_of == (f"{SITE}-1",)
    assert not bad
    assert opened.licences == {"CC BY-SA 4.0": 4}


def test_the_order_of_posts_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "turned").mkdir()
    assert fields(dump(tmp_path, POSTS)) == fields(dump(tmp_path / "turned", POSTS[::-1]))


def test_tags_of_newer_dumps_stand_between_bars(tmp_path: Path) -> None:
    threads, _, _ = read(dump(tmp_path, [question(1, "T", "", Tags="|export|csv-import|")]))
    assert threads[f"{SITE}-1"].tags == ("export", "csv-import")


@pytest.mark.parametrize(
    ("more", "answers", "solved"),
    [
        ({}, [], False),
        ({}, [answer(2, 1, "x")], False),
        ({}, [answer(2, 1, "x", Score=-3)], False),
        ({}, [answer(2, 1, "x", Score=1)], True),
        ({"AcceptedAnswerId": 2}, [answer(2, 1, "x", Score=-3)], True),
        ({"AcceptedAnswerId": 9}, [answer(2, 1, "x")], False),
        ({"ClosedDate": "2024-06-01"}, [answer(2, 1, "x", Score=1)], False),
        ({"ClosedDate": "2024-06-01", "AcceptedAnswerId": 2}, [answer(2, 1, "x")], True),
    ],
)
def test_a_question_is_solved_as_the_sites_count_it(
    tmp_path: Path, more: Mapping[str, object], answers: list[Any], solved: bool
) -> None:
    threads, _, _ = read(dump(tmp_path, [question(1, "T", "B", **more), *answers]))
    assert threads[f"{SITE}-1"].solved is solved


def test_a_duplicate_that_was_closed_keeps_its_good_answer(tmp_path: Path) -> None:
    posts = [question(1, "T", "B", ClosedDate="2024-06-01"), answer(2, 1, "x", Score=1)]
    threads, _, _ = read(dump(tmp_path, posts, [duplicate(1, of=7), duplicate(1, of=7)]))
    assert threads[f"{SITE}-1"].solved
    assert threads[f"{SITE}-1"].duplicate_of == (f"{SITE}-7",)


def test_mere_links_wikis_and_deleted_posts_are_left_out(tmp_path: Path) -> None:
    posts = [
        question(1, "T", "B"),
        question(2, "Gone", "B", DeletionDate="2024-06-01T00:00:00"),
        answer(3, 1, "Gone", DeletionDate="2024-06-01T00:00:00"),
        {"Id": 4, "PostTypeId": 5, "Body": "what a tag is for"},
    ]
    links = [{"Id": 1, "PostId": 1, "RelatedPostId": 2, "LinkTypeId": 1}]
    threads, bad, _ = read(dump(tmp_path, posts, links))
    assert list(threads) == [f"{SITE}-1"]
    assert threads[f"{SITE}-1"].answers == ()
    assert threads[f"{SITE}-1"].duplicate_of == ()
    assert not bad


def test_whoever_deleted_their_account_is_nobody(tmp_path: Path) -> None:
    posts = [question(1, "T", "B", OwnerUserId="", OwnerDisplayName="user5")]
    threads, _, _ = read(dump(tmp_path, posts))
    assert threads[f"{SITE}-1"].person is None


def test_an_answer_without_its_question_is_counted_and_no_thread(tmp_path: Path) -> None:
    threads, bad, opened = read(dump(tmp_path, [answer(2, 1, "x")], [duplicate(8, of=9)]))
    assert (threads, bad, opened.orphans) == ({}, [], 2)


def test_a_dump_without_links_is_read(tmp_path: Path) -> None:
    path = dump(tmp_path, POSTS)
    (path / "PostLinks.xml").unlink()
    threads, bad, _ = read(path)
    assert (len(threads), bad) == (2, [])


def test_an_archive_reads_as_its_folder_does(tmp_path: Path) -> None:
    path = dump(tmp_path, POSTS, [duplicate(2, of=1)])
    assert fields(packed(path)) == fields(path)


def test_what_is_unpacked_is_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = packed(dump(tmp_path, POSTS))
    own = tmp_path / "temporary"
    own.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(own))
    with opened_dump(path) as opened:
        assert list(opened.rows())
        there = {one.name for one in opened.posts.file.parent.iterdir()}
    assert there == {"posts.xml", "postlinks.xml"}
    assert list(own.iterdir()) == []


# What is wrong with a row costs that row.


def test_a_broken_row_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    broken = [
        '  <row Id="7" PostTypeId="1" Title="cut\r\n',
        "  <row Id='8' PostTypeId='1' Title='&unknown;' />\r\n",
        "  <col Id='9' />\r\n",
        row_line({"PostTypeId": 1, "Title": "no number"}),
        row_line({"Id": 10, "PostTypeId": 2, "Body": "whose?"}),
        row_line({"Id": "-4", "PostTypeId": 1, "Title": "x"}),
    ]
    path = dump(tmp_path, [EXPORT, *broken, *POSTS[1:]])
    threads, bad, _ = read(path)
    assert len(threads) == 2
    assert [(one.line, one.field) for one in bad] == [
        (4, None),
        (5, None),
        (6, None),
        (7, "Id"),
        (8, "ParentId"),
        (9, "Id"),
    ]
    assert all(one.file == str(path / "Posts.xml") for one in bad)
    assert "cut" not in "".join(map(str, bad))


def test_a_row_that_is_huge_is_read_over(tmp_path: Path) -> None:
    posts = [question(7, "T", "x" * LONGEST_LINE), EXPORT]
    threads, bad, _ = read(dump(tmp_path, posts))
    assert list(threads) == [f"{SITE}-1"]
    assert [one.line for one in bad] == [3]


def test_a_row_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = dump(tmp_path, POSTS)
    whole = (path / "Posts.xml").read_bytes()
    (path / "Posts.xml").write_bytes(whole.replace(b"ends early", "slutar för".encode("latin-1")))
    threads, bad, _ = read(path)
    assert list(threads) == [f"{SITE}-1"]
    assert [one.line for one in bad] == [4]


def test_characters_that_no_xml_may_hold_are_replaced(tmp_path: Path) -> None:
    row = row_line(question(1, "Escape CHARACTER", "B")).replace("CHARACTER", "&#x1B;[0m&#0;")
    threads, bad, _ = read(dump(tmp_path, [row]))
    assert threads[f"{SITE}-1"].title == "Escape \ufffd[0m\ufffd"
    assert not bad


def test_utf_16_is_read(tmp_path: Path) -> None:
    path = dump(tmp_path, POSTS)
    text = (path / "Posts.xml").read_text("utf-8-sig").replace("utf-8", "utf-16")
    (path / "Posts.xml").write_text(text, "utf-16", newline="")
    assert len(read(path)[0]) == 2


# What is wrong with the file ends it.


def refused(path: Path, site: str | None = None) -> str:
    with pytest.raises(BadFile) as caught:
        read(path, site)
    return str(caught.value)


def with_posts(folder: Path, text: str) -> Path:
    path = dump(folder, [])
    (path / "Posts.xml").write_text(text, encoding="utf-8", newline="")
    return path


def test_a_dump_that_was_cut_off_is_named_with_its_line(tmp_path: Path) -> None:
    whole = table("posts", POSTS)
    said = refused(with_posts(tmp_path, whole.removesuffix("</posts>\r\n")))
    assert "Posts.xml: line 6 ends before `</posts>`" in said
    assert "cut off" in refused(with_posts(tmp_path, whole[: whole.index("Restart")]))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "line 1 has no table in it"),
        (HEAD, "line 1 has no table in it"),
        ("<!DOCTYPE html>\n<html>", "line 1 declares a document type"),
        ("<html><body>Sign in</body></html>", "line 1 is a web page"),
        (f"{HEAD}<posts>\n<!DOCTYPE x>\n</posts>", "line 3 declares a document type"),
        (f"{HEAD}<posts>\n</posts>\n<row />", "line 4 goes on after the end"),
        (HEAD.replace("utf-8", "koi8-r") + "<posts>\n</posts>", "line 1 declares an encoding"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    assert problem in refused(with_posts(tmp_path, text))


def test_entities_are_never_declared_let_alone_unfolded(tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    bomb = f'{HEAD}<!DOCTYPE posts [{laughs}]>\n<posts>\n<row Id="1" Title="&l11;" />\n</posts>\n'
    assert "declares a document type or entities" in refused(with_posts(tmp_path, bomb))
    beside = f'<!DOCTYPE row [{laughs}]><row Id="1" PostTypeId="1" Title="&l11;" />'
    assert "declares" in refused(with_posts(tmp_path, f"{HEAD}<posts>\n{beside}\n</posts>\n"))


def test_an_outside_entity_is_not_looked_for(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("the word")
    outside = f'<!DOCTYPE posts [<!ENTITY a SYSTEM "file://{tmp_path}/secret">]>'
    text = f'{HEAD}{outside}\n<posts>\n<row Id="1" PostTypeId="1" Title="&a;" />\n</posts>'
    assert "declares" in refused(with_posts(tmp_path, text))


def test_missing_files_are_said(tmp_path: Path) -> None:
    empty = tmp_path / SITE
    empty.mkdir()
    assert "it has no Posts.xml" in refused(empty)
    assert "No such file" in refused(tmp_path / "none.stackexchange.com.7z")
    other = tmp_path / "superuser.com.zip"
    other.write_bytes(b"PK")
    assert "a folder with Posts.xml, or the .7z" in refused(other, "superuser.com")


def archive_of(folder: Path, **members: str) -> Path:
    path = folder / f"{SITE}.7z"
    with py7zr.SevenZipFile(path, "w") as writer:
        for name, text in members.items():
            writer.writestr(text, name)
    return path


def renamed(path: Path, name: str) -> None:
    """Give the member `x…xPosts.xml` of an archive a name that the library would not write."""
    whole = path.read_bytes()
    begin, size = struct.unpack("<QQ", whole[12:28])
    header = whole[32 + begin : 32 + begin + size]
    changed = header.replace(
        f"{'x' * (len(name) - 9)}Posts.xml".encode("utf-16-le"), name.encode("utf-16-le")
    )
    assert changed != header
    where = struct.pack("<QQI", begin, size, zlib.crc32(changed))
    start = whole[:8] + struct.pack("<I", zlib.crc32(where)) + where
    path.write_bytes(start + whole[32 : 32 + begin] + changed)


@pytest.mark.parametrize(
    "name",
    ["../Posts.xml", "/tmp/Posts.xml", "a/../../Posts.xml", "..\\Posts.xml", "C:\\Posts.xml"],
)
def test_an_archive_that_names_a_path_outside_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "inner" / f"{SITE}.7z"
    path.parent.mkdir()
    with py7zr.SevenZipFile(path, "w") as writer:
        writer.set_encoded_header_mode(False)
        writer.writestr(table("posts", POSTS), f"{'x' * (len(name) - 9)}Posts.xml")
    renamed(path, name)
    assert "names files outside of itself" in refused(path)
    assert [one.name for one in tmp_path.rglob("*")] == ["inner", f"{SITE}.7z"]


def test_the_tables_may_lie_in_a_folder_of_the_archive(tmp_path: Path) -> None:
    path = archive_of(tmp_path, **{f"{SITE}/Posts.xml": table("posts", POSTS)})
    assert len(read(path)[0]) == 2
    path = archive_of(tmp_path, **{"a/Posts.xml": "x", "b/Posts.xml": "y"})
    assert "more than one posts.xml" in refused(path)


def test_a_bad_row_of_an_archive_is_named_as_standing_in_it(tmp_path: Path) -> None:
    _, bad, _ = read(archive_of(tmp_path, **{"Posts.xml": table("posts", ["<row x />\n"])}))
    assert bad[0].file == str(tmp_path / f"{SITE}.7z" / "Posts.xml")


def test_an_archive_that_would_fill_the_disk_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archive_of(tmp_path, **{"Posts.xml": table("posts", []), "Users.xml": "0" * 400_000})
    monkeypatch.setattr(archive, "_HARMLESS", 100_000)
    assert "which no dump does" in refused(path)
    monkeypatch.setattr(archive, "_HARMLESS", 10_000_000)
    monkeypatch.setattr(archive, "_SPARE_BYTES", 10**18)
    assert "are free" in refused(path)


def test_an_archive_with_a_password_is_refused(tmp_path: Path) -> None:
    path = tmp_path / f"{SITE}.7z"
    with py7zr.SevenZipFile(path, "w", password="x") as writer:
        writer.writestr(table("posts", POSTS), "Posts.xml")
    assert "password" in refused(path)


@pytest.fixture(scope="module")
def sound_archive(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """One archive for all examples: its length changes with the time that is written into it."""
    folder = tmp_path_factory.mktemp("sound")
    return archive_of(folder, **{"Posts.xml": table("posts", POSTS)}).read_bytes()


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_damaged_archive_is_refused_or_read_and_never_anything_else(
    tmp_path: Path, sound_archive: bytes, data: st.DataObject
) -> None:
    whole = sound_archive
    # The place is drawn as a share, so that an example kept from an earlier run still fits.
    at = data.draw(st.integers(0, 9_999)) * len(whole) // 10_000
    byte = data.draw(st.integers(0, 255))
    damaged = tmp_path / "damaged.stackexchange.com.7z"
    if data.draw(st.booleans()):
        damaged.write_bytes(whole[:at])
    else:
        damaged.write_bytes(whole[:at] + bytes([byte]) + whole[at + 1 :])
    try:
        threads, _, _ = read(damaged)
    except BadFile:
        return
    assert len(threads) == 2


@pytest.mark.parametrize(
    ("name", "named", "site"),
    [
        ("ai.stackexchange.com.7z", None, "ai.stackexchange.com"),
        ("ai.stackexchange.com", None, "ai.stackexchange.com"),
        ("stackoverflow.com-Posts.7z", None, "stackoverflow.com"),
        ("superuser", None, "superuser.com"),
        ("dump", "serverfault", "serverfault.com"),
        ("dump", "ai", "ai.stackexchange.com"),
        ("dump", "https://askubuntu.com/questions", "askubuntu.com"),
        ("ai.stackexchange.com", "ai.meta.stackexchange.com", "ai.meta.stackexchange.com"),
    ],
)
def test_the_site_is_known_by_its_name(name: str, named: str | None, site: str) -> None:
    assert site_of(Path("/x") / name, named) == site


@pytest.mark.parametrize(("name", "named"), [("dump", None), ("x", "a b"), ("x", "")])
def test_what_names_no_site_is_said(name: str, named: str | None) -> None:
    with pytest.raises(BadFile, match="site"):
        site_of(Path(name), named)
