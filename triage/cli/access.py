"""`access`: who may call what, as docs/access.md has it."""

import click

from triage.cli.common import any_forum_option


@click.command()
@any_forum_option
def access() -> None:
    """Print the page that says who may call what; docs/access.md is made by it."""
    # Not above: no other command needs what serves HTTP, and reading that in takes time.
    from triage.api.access_page import access_page

    click.echo(access_page(), nl=False)
