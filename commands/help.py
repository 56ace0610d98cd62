"""The help of every command, with the library's own words in Vietnamese."""

import typer
from typer.core import TyperCommand, TyperGroup

from terminal.usage import help_words


class _Command(TyperCommand):
    """Typer's way to change how a command says its help."""

    def get_help(self, ctx: typer.Context) -> str:  # type: ignore[override]  # the library's own Context is its parent
        """Return the help."""
        return help_words(super().get_help(ctx))


class _Group(TyperGroup):
    """Typer's way to change how a group of commands says its help."""

    def get_help(self, ctx: typer.Context) -> str:  # type: ignore[override]  # the library's own Context is its parent
        """Return the help."""
        return help_words(super().get_help(ctx))


def speak_vietnamese(app: typer.Typer) -> None:
    """Let all commands that were added to an application, and to its groups, say their help in Vietnamese."""
    app.info.cls = _Group
    for command in app.registered_commands:
        command.cls = _Command
    for group in app.registered_groups:
        if group.typer_instance is not None:
            speak_vietnamese(group.typer_instance)
