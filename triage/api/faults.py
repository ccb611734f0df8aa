"""Exceptions that leave an endpoint -> problem responses.

In: errors of the domain, of HTTP, of validation. Out: responses. What nobody expected is caught
by the envelope, outside of these.
Not here: the table of codes (problems).
"""

from typing import cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from triage.api.problems import (
    PROBLEMS,
    FieldProblem,
    Problem,
    bad_request,
    field_problems,
    problem_response,
)
from triage.errors import BadField, TriageError


def add_handlers(app: FastAPI) -> None:
    """Have every expected exception answered with a problem."""
    app.add_exception_handler(TriageError, _domain)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _parameters)


async def _domain(request: Request, error: Exception) -> Response:
    known = cast(TriageError, error)
    errors = [FieldProblem(known.field, known.problem)] if isinstance(known, BadField) else []
    # What another system did has codes of its own, which are none of ours.
    code = known.code if known.code in PROBLEMS else type(known).code
    return problem_response(code, str(known), _id(request), errors)


async def _problem(request: Request, error: Exception) -> Response:
    known = cast(Problem, error)
    return problem_response(known.code, known.detail, _id(request), known.errors, known.headers)


async def _parameters(request: Request, error: Exception) -> Response:
    found = field_problems(cast(RequestValidationError, error).errors())
    # The first part of a parameter's place is where it stood: path, query or header.
    named = [FieldProblem(f.field.partition(".")[2] or f.field, f.problem) for f in found]
    return await _problem(request, bad_request(named))


async def _http(request: Request, error: Exception) -> Response:
    known = cast(HTTPException, error)
    if known.status_code == 405:
        detail = "This address takes other methods. See /docs."
        return problem_response("method_not_allowed", detail, _id(request), headers=known.headers)
    if known.status_code == 404:
        return problem_response(
            "not_found", "There is nothing at this address. See /docs.", _id(request)
        )
    return problem_response("refused", "The request cannot be read. See /docs.", _id(request))


def _id(request: Request) -> str:
    return str(request.state.request_id)
