"""Every call that a page shows is one that the server understands."""

import json
import re
from typing import Any, get_args

import pytest
from pydantic import BaseModel, RootModel

from tests.api.conftest import World
from triage.api import create_app, openapi
from triage.settings import Settings

from .calls import Call, call_of, routes_at
from .pages import Place, blocks, current_pages, prose
from .shell import commands

_MODELS: dict[str, type[BaseModel]] = {model.__name__: model for model in openapi._BODIES}
_BODY = re.compile(r"`(POST|PUT) (/v1/[^`?]+)`[^{.;]{0,3} ?\(?\{([^{}]+)\}")
_FIELD = re.compile(r"(?:^|, )`([a-z_]+)`")
# What may stand in a field: in brackets, or from a colon on.
_VALUES = re.compile(r" \([^()]*\)|: .*")
_PARAMETERS = re.compile(r"`GET (/v1/[^`?]+)\?([^`]+)`")


def _calls() -> list[tuple[Place, Call]]:
    return [
        (block, call_of(words))
        for block in blocks("sh")
        for words in commands(block.text)
        if words[0] == "curl"
    ]


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return create_app(Settings()).openapi()


def _route(method: str, path: str) -> str:
    """Return the address of the table that a call is made at."""
    found = [there for known, there in routes_at(path) if known == method]
    assert found, f"there is no {method} {path}"
    return found[0]


def _model(description: dict[str, Any], method: str, path: str) -> type[BaseModel] | None:
    operation = description["paths"][path.replace(":path", "")][method.lower()]
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    # What needs no words takes any.
    named = content.get("schema", {}).get("$ref")
    return None if named is None else _MODELS[named.split("/")[-1]]


def test_a_call_of_a_block_is_taken(world: World, description: dict[str, Any]) -> None:
    shown = _calls()
    assert len(shown) > 5
    for place, call in shown:
        route = _route(call.method, call.path)
        assert call.headers["Authorization"].startswith("Bearer "), place
        model = _model(description, call.method, route)
        if call.body is not None:
            assert model is not None, place
            unknown = call.body.keys() - _names(model)
            assert not unknown, f"{place}: {unknown}"
            model.model_validate_json(json.dumps(call.body))
        if not call.path.endswith("/events"):  # a stream, which would not end
            response = world.send(call.method, call.path, "lead", json=call.body)
            told = (str(place), response.text)
            assert response.status_code not in (400, 405, 422, 500), told
            assert response.json().get("code") != "not_found", told


def _names(model: type[BaseModel]) -> set[str]:
    if issubclass(model, RootModel):  # one of several, told apart by a field
        members = get_args(model.model_fields["root"].annotation)
        return set().union(*(_names(one) for one in members))
    return {field.alias or name for name, field in model.model_fields.items()}


@pytest.mark.parametrize("page", current_pages())
def test_the_fields_said_of_a_call_are_its_fields(page: str, description: dict[str, Any]) -> None:
    for method, path, fields in _BODY.findall(" ".join(prose(page).split())):
        model = _model(description, method, _route(method, path))
        assert model is not None, f"{page}: {method} {path} takes no body"
        for name in _FIELD.findall(_VALUES.sub("", fields)):
            assert name in _names(model), f"{page}: {method} {path} has no {name}"


@pytest.mark.parametrize("page", current_pages())
def test_the_parameters_said_of_a_call_are_its_own(page: str, description: dict[str, Any]) -> None:
    for path, query in _PARAMETERS.findall(prose(page)):
        operation = description["paths"][_route("GET", path).replace(":path", "")]["get"]
        known = {one["name"] for one in operation.get("parameters", ())}
        for name in re.findall(r"(?:^|&)([a-z_]+)=", query):
            assert name in known, f"{page}: {path} has no {name}"
