import pytest
from starlette.exceptions import HTTPException

from triage import errors
from triage.api.problems import PROBLEMS

from .conftest import World
from .samples import PROBLEM_FIELDS

OURS = {
    "bad_json",
    "bad_encoding",
    "bad_request",
    "body_too_large",
    "not_found",
    "method_not_allowed",
    "forged_request",
    "too_many_streams",
    "too_many_requests",
}


def _tree(kind: type[errors.TriageError]) -> set[type[errors.TriageError]]:
    return {kind}.union(*(_tree(below) for below in kind.__subclasses__()))


def test_every_error_of_the_domain_has_a_status() -> None:
    codes = {
        kind.code
        for kind in _tree(errors.TriageError)
        if kind.__module__.startswith(errors.__name__)
    }
    assert codes | OURS == PROBLEMS.keys()


@pytest.mark.parametrize("code", PROBLEMS)
def test_a_status_is_one_of_a_failure(code: str) -> None:
    assert HTTPException(PROBLEMS[code].status).status_code >= 400
    assert not PROBLEMS[code].title.endswith(".")


def test_a_problem_is_of_the_standard_form(empty: World) -> None:
    response = empty.send("POST", "/v1/triage", None, json={})
    problem = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert problem.keys() == PROBLEM_FIELDS
    assert problem["type"] == "urn:triage:problem:no_key"
    assert problem["status"] == response.status_code == 401
    assert problem["title"] == PROBLEMS["no_key"].title
