"""Write the documents that repeat what the code says (``python -m`` this module, or ``make docs``).

For developers: settings and commands are documented where they are declared, and nowhere else by hand.
"""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Iterator
from pathlib import Path

import click

from tests.docs.write_gazu_functions import gazu_functions
from tests.docs.write_surfaces import readme
from zou_server.cli import foreseen_errors
from zou_server.cli import main as command_line
from zou_server.models.errors import DomainError
from zou_server.setting_values import variable_of
from zou_server.settings import Settings, describe_settings

DOCS = Path("docs")

SETTINGS = """\
# Settings

<!-- Written by `make docs` from zou_server/settings.py: change it there. -->

Each setting is an environment variable. A variable that begins with `ZOU_SERVER_` and is none of these
stops the server, because a misspelt setting that is silently ignored is found in production.
`zou-server check` tells of mistakes. Some can be given on the [command line](commands.md) too, which wins.

| variable | default | what it is |
| --- | --- | --- |
{rows}

The data directory's default is `/var/lib/zou-server` for root, `~/Library/Application Support/zou-server`
on macOS, and `$XDG_DATA_HOME/zou-server` or `~/.local/share/zou-server` for everybody else.
"""

COMMANDS = """\
# Commands

<!-- Written by `make docs` from zou_server/cli.py: change it there. -->

Everything begins with `zou-server`. What goes wrong is one line on standard error and status 1.

{commands}
"""


ERRORS = """\
# Errors

<!-- Written by `make docs` from the classes of the errors: change them there. -->

Whatever goes wrong has a code that never changes. An answer of the server has it in the header
`X-Error-Code`, beside the words and the status that each client knows from its own system; the log has it in
`error_code`, and a command in brackets behind its message. The message itself says which value or row it
is about.

## What clients meet

| code | what it means | what to do |
| --- | --- | --- |
{clients}

## What who runs the server meets

| code | what it means | what to do |
| --- | --- | --- |
{operators}
"""


def documents() -> dict[str, str]:
    """Name below `docs/` -> the whole text."""
    return {
        "settings.md": SETTINGS.format(rows="\n".join(_settings_rows())),
        "commands.md": COMMANDS.format(commands="\n\n".join(_commands())),
        "errors.md": ERRORS.format(
            clients="\n".join(sorted(map(_error_row, domain_errors()))),
            operators="\n".join(sorted(map(_error_row, operator_errors()))),
        ),
        "clients/gazu-functions.md": gazu_functions(),
    }


def domain_errors() -> list[type[Exception]]:
    """Every error that a client can meet, in all dialects."""
    importlib.import_module("zou_server.app")

    def below(kind: type[Exception]) -> Iterator[type[Exception]]:
        yield kind
        for each in kind.__subclasses__():
            yield from below(each)

    return [each for each in below(DomainError) if each.__module__.startswith("zou_server")]


def operator_errors() -> list[type[Exception]]:
    """Every error that a command tells of, beside those that clients meet too."""
    return [each for each in foreseen_errors() if not issubclass(each, DomainError)]


def _error_row(kind: type[Exception]) -> str:
    meaning = " ".join((kind.__doc__ or "").split("\n\n")[0].split())
    return f"| `{vars(kind).get('code', '')}` | {meaning} | {vars(kind).get('cure', '')} |"


def _settings_rows() -> list[str]:
    metadata = {field.name: field.metadata for field in dataclasses.fields(Settings)}
    rows = []
    for each in describe_settings():
        choices, minimum = metadata[each.name]["choices"], metadata[each.name]["minimum"]
        words = [each.help]
        if choices:
            words.append(f"One of {', '.join(choices)}.")
        if minimum:
            words.append(f"At least {minimum}.")
        default = f"`{each.default}`" if each.default else "see below" if each.name == "data_dir" else ""
        rows.append(f"| `{variable_of(each.name)}` | {default} | {' '.join(words)} |")
    return rows


def _commands() -> list[str]:
    context = click.Context(command_line, info_name="zou-server")
    found = []
    for name in sorted(command_line.list_commands(context)):
        command = command_line.get_command(context, name)
        if command is not None:
            found.append(_command(name, command, click.Context(command, info_name=name, parent=context)))
    return found


def _command(name: str, command: click.Command, context: click.Context) -> str:
    usage = " ".join(["zou-server", name, *command.collect_usage_pieces(context)])
    text = " ".join((command.help or "").split())
    records = [p.get_help_record(context) for p in command.params if isinstance(p, click.Option)]
    options = [f"* `{record[0]}`: {' '.join(record[1].split())}" for record in records if record]
    return "\n\n".join(
        [f"## {name}", f"```text\n{usage}\n```", text, *(["\n".join(options)] if options else [])]
    )


def main() -> None:
    """Write the documents of the checkout that this is run in."""
    for name, text in documents().items():
        (DOCS / name).write_text(text)
        click.echo(f"wrote {DOCS / name}")
    Path("README.md").write_text(readme(Path("README.md").read_text()))


if __name__ == "__main__":
    main()
