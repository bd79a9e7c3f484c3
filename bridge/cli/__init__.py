"""The command line: one module per command, loaded when it is called."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from bridge import __version__
from bridge.errors import Conflict, InvalidInput, InvalidPack, NotAllowed, NotFound, PanelError, TipstaffError

COMMANDS = {
    "init": ("bridge.cli.init", "Write a commented tipstaff.toml and create the database."),
    "demo": ("bridge.cli.demo", "Sandbox panels, sample clients and complaints, the bridge and its pages: no set-up."),
    "sandbox": ("bridge.cli.sandbox", "Only the sandbox panels."),
    "serve": ("bridge.cli.serve", "The hook service and the worker."),
    "sync": ("bridge.cli.sync", "Read clients, services and addresses from both panels."),
    "doctor": ("bridge.cli.doctor", "Check configuration, database, panels and clock; say what to mend."),
    "parse": ("bridge.cli.parse", "What intake sees in a message; stores nothing."),
    "intake": ("bridge.cli.intake", "Take complaints in; - for a mail pipe."),
    "replay": ("bridge.cli.replay", "Run events through a policy in virtual time."),
    "rehearse": ("bridge.cli.rehearse", "Run the live history through another policy; see what would differ."),
    "policy": ("bridge.cli.policy", "The policies: list, show, check, test, explain, diff."),
    "letters": ("bridge.cli.letters", "The letters to customers, reporters and staff: list, preview."),
    "cases": ("bridge.cli.desk", "List cases."),
    "actions": ("bridge.cli.desk", "List actions."),
    "approve": ("bridge.cli.desk", "Approve a proposed action."),
    "reject": ("bridge.cli.desk", "Reject a proposed action."),
    "retry": ("bridge.cli.desk", "Try a failed action again."),
    "confirm": ("bridge.cli.desk", "Confirm that a manual action was done by hand."),
    "find": ("bridge.cli.desk", "Record what staff established about a case."),
    "reviews": ("bridge.cli.reviews", "Messages that a person has to look at: list, show, accept, dismiss."),
    "addon": ("bridge.cli.addon", "The WHMCS addon: install, package, check."),
    "audit": ("bridge.cli.audit", "Verify the audit chain; export a case."),
}

REFUSED, MISUSED = 1, 2
_EXIT: tuple[tuple[type[TipstaffError], int], ...] = (
    (InvalidInput, MISUSED),
    (InvalidPack, MISUSED),
    (NotFound, MISUSED),
    (Conflict, REFUSED),
    (NotAllowed, REFUSED),
    (PanelError, REFUSED),
)


class _Commands(click.Group):
    """Knows every command by name and help; imports its module when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(COMMANDS[cmd_name][0]), cmd_name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{cmd_name} is no command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_) for name, (_, help_) in COMMANDS.items()])


@click.group(cls=_Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tipstaff")
@click.pass_context
def tipstaff(ctx: click.Context) -> None:
    """Carries out what your own published abuse policy decides.

    Exit status: 0 done, 1 the answer is no, 2 misuse or bad input.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main() -> None:
    """Run the command line; errors of input are one line on standard error."""
    try:
        tipstaff.main(prog_name="tipstaff", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as misuse:
        click.echo(f"tipstaff: {one_line(misuse.format_message())}", err=True)
        sys.exit(MISUSED)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except TipstaffError as trouble:
        click.echo(f"tipstaff: {one_line(str(trouble))}", err=True)
        sys.exit(next((status for kind, status in _EXIT if isinstance(trouble, kind)), REFUSED))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as trouble:
        click.echo(f"tipstaff: {one_line(str(trouble))}", err=True)
        _write_no_more()
        sys.exit(REFUSED)


def _write_no_more() -> None:
    """What could not be written is given up; otherwise Python tries once more as it ends, and complains at length."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def one_line(text: str) -> str:
    """The text on one printable line."""
    return "".join(char if char.isprintable() else " " for char in " ".join(text.split()))
