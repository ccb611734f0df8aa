"""Exports of tickets: what becomes a case, and what never becomes the text of one."""

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from triage.connect import case_from
from triage.connect.zendesk import Export, files, open_ticket_map
from triage.errors import BadFile, BadRecord
from triage.records import Case, Destination, Kind

ANNA, STAFF, OTHER, CC = 501, 901, 902, 502
SECRET = "the customer is on our black list"

Values = Mapping[str, Any]


def comment(
    author: int, text: str, at: str = "09:00", public: bool = True, **more: object
) -> Values:
    return {
        "author_id": author,
        "plain_body": text,
        "public": public,
        "created_at": f"2024-05-31T{at}:00Z",
        **more,
    }


def note(author: int, text: str = SECRET, at: str = "08:30") -> Values:
    return comment(author, text, at, public=False)


TOLD = (
    comment(ANNA, "The export stops at row 500.", "08:00"),
    note(STAFF),
    comment(STAFF, "Which version is it?", "09:00"),
    comment(ANNA, "8.0.3", "10:00"),
    comment(STAFF, "Set the page size to 0.", "11:00"),
    comment(ANNA, "Thanks!", "12:00"),
    note(STAFF, f"closing; {SECRET}", "13:00"),
)


def ticket(number: int = 7, comments: object = TOLD, **more: object) -> dict[str, Any]:
    return {
        "id": number,
        "subject": "Export stops",
        "description": "The export stops at row 500.",
        "created_at": "2024-05-31T08:00:00Z",
        "updated_at": "2024-06-04T00:00:00Z",
        "status": "closed",
        "type": "incident",
        "priority": "high",
        "requester_id": ANNA,
        "submitter_id": ANNA,
        "assignee_id": STAFF,
        "organization_id": 70,
        "group_id": 80,
        "tags": ["export", "tier2"],
        "via": {"channel": "web"},
        "satisfaction_rating": {"score": "good", "comment": "quick"},
        "custom_fields": [{"id": 33, "value": "portal"}, {"id": 34, "value": None}],
        "is_public": True,
        **({} if comments is None else {"comments": comments}),
        **more,
    }


USERS = [
    {"id": ANNA, "role": "end-user", "email": "anna@customer.test", "external_id": "anna"},
    {"id": STAFF, "role": "agent", "email": "s@us.test"},
    {"id": OTHER, "role": "admin"},
    {"id": CC, "role": "end-user"},
]


def lines(path: Path, *objects: object) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in objects), encoding="utf-8")
    return path


def exported(folder: Path, *tickets: object, name: str = "tickets.jsonl") -> Path:
    lines(folder / "users.jsonl", *USERS)
    return lines(folder / name, *tickets)


def read(
    path: Path, map_file: Path | None = None
) -> tuple[dict[str, Case], list[BadRecord], Export]:
    export = Export(path, None if map_file is None else open_ticket_map(map_file))
    rows = list(export.rows())
    bad = [row for row in rows if isinstance(row, BadRecord)]
    good = [
        case_from(row.values, str)
        for row in rows
        if not isinstance(row, BadRecord) and "gone" not in row.values
    ]
    return {case.id: case for case in good}, bad, export


def case_of(folder: Path, one: object, **tables: str) -> Case:
    map_file = folder / "map.toml" if tables else None
    if map_file is not None:
        map_file.write_text("\n".join(tables.values()), encoding="utf-8")
    (case,) = read(exported(folder, one), map_file)[0].values()
    return case


def test_a_ticket_becomes_a_case(tmp_path: Path) -> None:
    case = case_of(tmp_path, ticket())
    assert (case.id, case.title) == ("7", "Export stops")
    assert case.body == "The export stops at row 500."
    assert case.answer == "Set the page size to 0."
    assert not case.answer_public
    assert case.person == f"zendesk/users/{ANNA}"
    assert case.account == "70"
    assert case.first_response is not None
    assert case.first_response.hour == 9
    assert case.closed is not None
    assert case.closed.hour == 11
    assert (case.kind, case.severity) == (Kind.PROBLEM, 2)
    assert case.destination is Destination.EXPERT
    assert case.escalated is None


def test_no_note_of_the_staff_is_ever_in_a_case(tmp_path: Path) -> None:
    for tickets in (
        ticket(),
        ticket(comments=[note(STAFF, at="07:00"), *TOLD]),
        ticket(comments=[note(STAFF, at="07:00")], description=SECRET),
        ticket(comments=None, description=SECRET, submitter_id=STAFF),
        ticket(comments=None, description=SECRET, is_public=False),
        ticket(comments=[*TOLD, {**TOLD[4], "plain_body": SECRET, "public": None}]),
        ticket(comments=[*TOLD, {"author_id": STAFF, "body": SECRET, "created_at": "2024-06"}]),
    ):
        cases, _, _ = read(exported(tmp_path, tickets))
        assert SECRET not in repr(cases)


def test_a_ticket_with_nothing_for_the_customer_is_none_of_ours(tmp_path: Path) -> None:
    path = exported(tmp_path, ticket(comments=[note(STAFF)], is_public=False))
    cases, bad, export = read(path)
    assert (cases, bad, export.internal) == ({}, [], 1)
    # It may have been kept while it was more.
    (row,) = Export(path).rows()
    assert not isinstance(row, BadRecord)
    assert row.values == {"id": "7", "gone": True}


def test_a_ticket_that_began_as_a_note_asks_what_was_first_public(tmp_path: Path) -> None:
    told = [note(STAFF, at="07:00"), comment(ANNA, "Nothing works.", "07:30"), *TOLD[2:]]
    case = case_of(tmp_path, ticket(comments=told, description=SECRET))
    assert case.body == "Nothing works."


def test_what_the_staff_wrote_down_for_a_customer_is_the_question_and_no_answer(
    tmp_path: Path,
) -> None:
    told = [comment(STAFF, "Anna rang: no export."), comment(STAFF, "Done.", "10:00")]
    case = case_of(tmp_path, ticket(comments=told))
    assert (case.body, case.answer) == ("Anna rang: no export.", "Done.")
    assert case.first_response is not None
    assert case.first_response.hour == 10


def test_without_comments_only_a_customers_own_description_is_told(tmp_path: Path) -> None:
    case = case_of(tmp_path, ticket(comments=None))
    assert case.body == "The export stops at row 500."
    assert (case.answer, case.first_response, case.closed) == (None, None, None)
    assert case_of(tmp_path, ticket(comments=None, submitter_id=STAFF)).body == ""


def test_an_answer_is_one_of_the_staff(tmp_path: Path) -> None:
    told = [*TOLD[:5], comment(CC, "Mine works.", "12:00"), comment(-1, "Survey", "13:00")]
    assert case_of(tmp_path, ticket(comments=told)).answer == "Set the page size to 0."


def test_who_is_staff_is_told_by_notes_and_by_who_was_given_the_ticket(tmp_path: Path) -> None:
    told = [TOLD[0], note(OTHER), comment(OTHER, "A", "10:00"), comment(CC, "B", "11:00")]
    (case,) = read(lines(tmp_path / "tickets.jsonl", ticket(comments=told)))[0].values()
    assert case.answer == "A"
    told[3] = comment(STAFF, "B", "11:00")
    (case,) = read(lines(tmp_path / "tickets.jsonl", ticket(comments=told)))[0].values()
    assert case.answer == "B"


@pytest.mark.parametrize("status", ["new", "open", "pending", "hold"])
def test_what_is_not_solved_has_no_answer_yet(tmp_path: Path, status: str) -> None:
    case = case_of(tmp_path, ticket(status=status))
    assert (case.answer, case.closed) == (None, None)
    assert case.first_response is not None


def test_a_merged_ticket_has_no_answer_of_its_own(tmp_path: Path) -> None:
    assert case_of(tmp_path, ticket(tags=["closed_by_merge"])).answer is None


def test_when_it_was_solved_is_believed_where_it_is_said(tmp_path: Path) -> None:
    case = case_of(tmp_path, ticket(metric_set={"solved_at": "2024-06-01T12:30:00Z"}))
    assert case.closed is not None
    assert (case.closed.day, case.closed.hour) == (1, 12)
    case = case_of(tmp_path, ticket(comments=None, status="solved"))
    assert case.closed is not None
    assert case.closed.day == 4


def test_html_is_read_where_there_is_nothing_plainer(tmp_path: Path) -> None:
    html = {"author_id": ANNA, "public": True, "html_body": "<p>No<br>export</p>"}
    assert case_of(tmp_path, ticket(comments=[html])).body == "No\nexport"


# The shapes of files.


def test_pages_of_the_incremental_export_are_read(tmp_path: Path) -> None:
    page = {
        "tickets": [ticket(1), ticket(2)],
        "users": USERS,
        "groups": [{"id": 80, "name": "Tier 2"}],
        "count": 2,
        "end_time": 1717600000,
        "end_of_stream": False,
        "next_page": "https://us.zendesk.test/api/v2/incremental/tickets.json?start_time=1717600000",
    }
    path = lines(tmp_path / "tickets.jsonl", page, {"tickets": [ticket(3)], "count": 1})
    cases, bad, _ = read(path)
    assert sorted(cases) == ["1", "2", "3"]
    assert not bad


@pytest.mark.parametrize("indent", [None, 2])
def test_a_page_may_stand_on_one_line_or_many(tmp_path: Path, indent: int | None) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps({"tickets": [ticket(1), ticket(2)]}, indent=indent))
    assert sorted(read(path)[0]) == ["1", "2"]
    path.write_text(json.dumps([ticket(1), "x", ticket(2)], indent=indent))
    cases, bad, _ = read(path)
    assert (sorted(cases), len(bad)) == (["1", "2"], 1)


def test_a_ticket_in_two_pages_is_what_it_was_last(tmp_path: Path) -> None:
    newer = ticket(subject="Newer", updated_at="2024-07-01T00:00:00Z")
    for order in ([newer, ticket()], [ticket(), newer]):
        assert read(exported(tmp_path, *order))[0]["7"].title == "Newer"
    same = [ticket(subject="First"), ticket(subject="Last")]
    assert read(exported(tmp_path, *same))[0]["7"].title == "Last"


def test_comments_may_stand_in_a_file_beside(tmp_path: Path) -> None:
    path = exported(tmp_path, ticket(comments=None), ticket(8, comments=None))
    told = [{**one, "ticket_id": 7, "id": place} for place, one in enumerate(TOLD)]
    lines(tmp_path / "comments.jsonl", *reversed(told), {**told[0], "ticket_id": 99})
    cases, bad, export = read(path)
    assert cases["7"].answer == "Set the page size to 0."
    assert cases["8"].answer is None
    assert (bad, export.orphans) == ([], 1)


def test_a_folder_holds_an_export_in_parts(tmp_path: Path) -> None:
    exported(tmp_path, ticket(1), name="tickets-1.json")
    with gzip.open(tmp_path / "tickets-2.jsonl.gz", "wt") as file:
        file.write(json.dumps(ticket(2)))
    (tmp_path / "notes.txt").write_text("no export")
    assert sorted(read(tmp_path)[0]) == ["1", "2"]


def test_a_deleted_ticket_is_told_as_gone(tmp_path: Path) -> None:
    (row,) = Export(exported(tmp_path, ticket(status="deleted"))).rows()
    assert not isinstance(row, BadRecord)
    assert row.values == {"id": "7", "gone": True}


# What is wrong.


def test_bad_lines_cost_themselves_alone(tmp_path: Path) -> None:
    path = exported(tmp_path, ticket(1))
    cut = json.dumps(ticket(2))[:200]
    good = json.dumps(ticket(3))
    page = '{"tickets": [3, {"subject": "no id"}]}'
    whole = path.read_bytes()
    path.write_bytes(whole + f"{cut}\n[]\n{page}\n".encode() + b'{"id": "\xff"}\n' + good.encode())
    cases, bad, _ = read(path)
    assert sorted(cases) == ["1", "3"]
    assert [(one.line, one.field) for one in bad] == [
        (2, None),
        (3, None),
        (4, "tickets"),
        (4, "id"),
        (5, None),
    ]


def test_a_file_that_breaks_off_is_named(tmp_path: Path) -> None:
    path = tmp_path / "tickets.json"
    path.write_text(json.dumps({"tickets": [ticket(1)]}, indent=1)[:-30])
    cases, bad, _ = read(path)
    assert not cases
    assert bad[0].line == 1
    broken = tmp_path / "tickets.jsonl.gz"
    broken.write_bytes(gzip.compress(json.dumps(ticket(1)).encode() * 50)[:-20])
    with pytest.raises(BadFile, match="no complete gzip"):
        read(broken)


def test_a_document_that_is_too_large_to_hold_is_read_line_by_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tickets.json"
    path.write_text(json.dumps({"tickets": [ticket(1)]}, indent=1))
    monkeypatch.setattr(files, "MOST_BYTES", 100)
    cases, bad, _ = read(path)
    assert not cases
    assert bad


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"no file of tickets, such as tickets\.json"):
        read(tmp_path)


@pytest.mark.parametrize(
    "odd",
    [
        {"comments": "none"},
        {"comments": [1, None, {}]},
        {"tags": "export"},
        {"custom_fields": {"id": 1}},
        {"custom_fields": [None, {"value": 1}]},
        {"requester_id": None},
        {"via": "web"},
        {"status": ["closed"]},
        {"type": 3, "priority": {}},
        {"metric_set": []},
        {"group": "Tier 2", "organization": {"name": "Acme"}},
    ],
)
def test_odd_values_break_nothing(tmp_path: Path, odd: Values) -> None:
    _, bad, _ = read(exported(tmp_path, ticket(**odd)))
    assert len(bad) <= 1


# A company's own map.

COLUMNS = """
[columns]
product = "custom_fields.Product line"
topic = ["group", "Custom_Fields.33"]
escalated = "tags.tier2"
severity = "priority"
user = "requester.external_id"
tone = "satisfaction_rating.score"
groups = "organization"
"""
VALUES = """
[values.severity]
high = 1

[values.tone]
good = "calm"
"""


def beside(folder: Path) -> None:
    lines(folder / "groups.json", {"id": 80, "name": "Export team"})
    lines(folder / "organizations.json", {"organizations": [{"id": 70, "name": "Acme"}]})
    lines(folder / "ticket_fields.json", {"id": 33, "title": "Product Line"})


def test_a_map_names_fields_groups_tags_and_people(tmp_path: Path) -> None:
    beside(tmp_path)
    case = case_of(tmp_path, ticket(), columns=COLUMNS, values=VALUES)
    assert case.product == "portal"
    assert case.topic == "Export team / portal"
    assert case.escalated is True
    assert case.severity == 1
    assert case.person == "anna"
    assert case.tone is not None
    assert case.groups == {"Acme"}
    assert case.destination is Destination.EXPERT


def test_a_tag_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    case = case_of(tmp_path, ticket(tags=[]), columns=COLUMNS, values=VALUES)
    assert case.escalated is None


def test_who_escalated_is_told_by_group(tmp_path: Path) -> None:
    beside(tmp_path)
    escalated = '[columns]\nescalated = "group"\n[values.escalated]\n"Export team" = true\n'
    assert case_of(tmp_path, ticket(), all=escalated).escalated is True


def test_values_and_columns_that_nobody_knows_are_told(tmp_path: Path) -> None:
    map_file = tmp_path / "map.toml"
    map_file.write_text(
        '[columns]\nkind = "custom_fields.33"\nversion = "custom_fields.99"\n'
        '[constants]\nproduct = "Portal"\ndestination = "community"\n'
    )
    cases, _, export = read(exported(tmp_path, ticket()), map_file)
    assert (cases["7"].kind, cases["7"].product) == (None, "Portal")
    assert cases["7"].destination is Destination.COMMUNITY
    assert export.unmapped.values["kind"] == {"portal": 1}
    assert export.unseen == {"custom_fields.99"}


@pytest.mark.parametrize(
    "entry",
    [
        '[columns]\nanswer = "custom_fields.33"',
        '[columns]\nbody = "description"',
        '[columns]\nid = "external_id"',
        "[constants]\nanswer_public = true",
        "same_names = true",
    ],
)
def test_a_map_cannot_say_what_was_written(tmp_path: Path, entry: str) -> None:
    map_file = tmp_path / "map.toml"
    map_file.write_text(entry)
    with pytest.raises(BadFile, match="cannot be given here"):
        open_ticket_map(map_file)


def test_shapes_that_no_export_has_cost_a_ticket_and_not_the_run(tmp_path: Path) -> None:
    deep = json.dumps({"id": 2, "subject": "s"})[:-1] + ', "x":' + "[" * 990 + "]" * 990 + "}"
    path = tmp_path / "tickets.jsonl"
    odd = ticket(3, custom_fields=5, fields={"a": 1}, tags={"b": 2}, status=["x"])
    broken = [ticket(one) for one in ("a\x00b", "a\nb", "\ud800", "9" * 300)]  # type: ignore[arg-type]
    path.write_text("\n".join([deep, *map(json.dumps, [odd, *broken, ticket(4)])]))
    rows = list(Export(path).rows())
    assert {one.values["id"] for one in rows if not isinstance(one, BadRecord)} >= {"3", "4"}
    bad = [one for one in rows if isinstance(one, BadRecord)]
    assert {one.line for one in bad} >= {3, 4, 5, 6}
