"""`--where FIELD=VALUE` -> the asks that a report or an export is of."""

import click

from triage.errors import BadField
from triage.outcomes import Only, read_only

where_option = click.option(
    "--where",
    multiple=True,
    metavar="FIELD=VALUE",
    help="Only asks of which this is true: `lang=nb`, `topic=invoices`, `newcomer=yes`,"
    " `product=`, `account=`, `destination=`; repeatable.",
)


def only_of(where: tuple[str, ...]) -> Only:
    """Read what was given. Raises BadParameter for what asks cannot be chosen by."""
    pairs = [one.partition("=") for one in where]
    for name, equals, value in pairs:
        if not (equals and value):
            raise click.BadParameter(f"{name!r} is not FIELD=VALUE.", param_hint="--where")
    given = {name: value for name, _, value in pairs}
    if len(given) < len(pairs):
        raise click.BadParameter(
            "A FIELD has one value; make a report of each.", param_hint="--where"
        )
    try:
        return read_only(given)
    except BadField as error:
        raise click.BadParameter(str(error), param_hint="--where") from error
