"""`widget`: the lines of HTML that put the widget into a page."""

import click

from triage.cli.common import any_forum_option
from triage.web.widget import is_publishable, snippet


def _publishable(context: click.Context, option: click.Parameter, value: str) -> str:
    if not is_publishable(value):
        raise click.BadParameter(
            "a page takes a publishable key (pk_…); a secret one is for servers"
        )
    return value


@click.command()
@click.option(
    "--key",
    default="pk_YOUR_KEY",
    callback=_publishable,
    help="A publishable key, of `keys create --publishable --origin https://…`.",
)
@click.option(
    "--base",
    default="https://triage.example",
    help="The address of the service, as browsers reach it.",
    show_default=True,
)
@click.option("--for", "form", default="ask-form", help="The id of the form.", show_default=True)
@click.option("--lang", default=None, help="The language of the page; found out without it.")
@any_forum_option
def widget(key: str, base: str, form: str, lang: str | None) -> None:
    """Print the two lines of HTML that attach the widget to a form, with its integrity."""
    click.echo(snippet(base, key, form=form, lang=lang), nl=False)
