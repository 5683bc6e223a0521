"""``cnnviz completion SHELL``: the script that lets a shell complete cnnviz's words."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

VARIABLE = "_CNNVIZ_COMPLETE"
"""By which the script asks for words, as Click calls it for this program."""


@click.command(short_help="Print what makes Tab complete words in a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that makes Tab complete commands, scenes, options and their values.

    \b
    Example:
      cnnviz completion bash > ~/.cnnviz-complete.sh
      echo 'source ~/.cnnviz-complete.sh' >> ~/.bashrc

    \b
      cnnviz completion zsh > ~/.cnnviz-complete.zsh
      echo 'source ~/.cnnviz-complete.zsh' >> ~/.zshrc    # after compinit

    \b
      cnnviz completion fish > ~/.config/fish/completions/cnnviz.fish

    Then open a new shell. bash must be 4.4 or newer.
    """  # noqa: D301
    script = get_completion_class(shell)
    assert script is not None
    root = context.find_root()
    click.echo(script(root.command, {}, "cnnviz", VARIABLE).source())
