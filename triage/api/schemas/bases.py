"""What every body that is received or told has in common.

In: nothing. Out: the two bases, and the kinds of strings that many fields are.
Not here: any one body (schemas and its neighbours).
"""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Received(BaseModel):
    """The base of what is received: types as they are, unknown fields ignored."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True, allow_inf_nan=False)


class Told(BaseModel):
    """The base of what is replied."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)


def _as_name(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Short = Annotated[str, Field(max_length=300)]
# Forums have integer ids of users as often as names.
UserName = Annotated[Short, BeforeValidator(_as_name)]
