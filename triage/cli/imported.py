"""Commands by name, each imported when it is asked for.

In: where each command stands. Out: what a group takes for its commands. Whoever makes a key does
not wait for what trains a model to be imported; help, which tells of all, imports all.
Not here: which commands there are (the package itself).
"""

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module

import click


class Imported(MutableMapping[str, click.Command]):
    """Commands by name. `places` says of each which module has it, as `package.module:command`."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = dict(places)
        self._open: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._open:
            module, _, attribute = self._places[name].partition(":")
            try:
                self._open[name] = getattr(import_module(module), attribute)
            except KeyError as error:
                # A mapping that raises this says that it has no such name.
                raise ImportError(f"{module} cannot be imported") from error
        return self._open[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._places.setdefault(name, "")
        self._open[name] = command

    def __delitem__(self, name: str) -> None:
        del self._places[name]
        self._open.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
