"""``cnnviz scenes``: which films there are and what can be chosen about them."""

from __future__ import annotations

import json

import click

from cnnviz.catalog import load_scene, scene_names
from cnnviz.parameters import option_name, parameters_of


@click.command(short_help="List the scenes and their parameters.")
@click.option("--json", "as_json", is_flag=True, help="For programs: one JSON object.")
def scenes(as_json: bool) -> None:
    """List the scenes and their parameters.

    \b
    Example:
      cnnviz scenes --json
    """  # noqa: D301
    found = {name: load_scene(name) for name in scene_names()}
    if as_json:
        listing = {
            name: {
                "summary": _summary(scene.__doc__),
                "parameters": {
                    key: {"kind": each.kind, "help": each.help, "choices": list(each.choices)}
                    for key, each in parameters_of(scene.Parameters).items()
                },
            }
            for name, scene in found.items()
        }
        click.echo(json.dumps(listing, ensure_ascii=False, indent=1))
        return
    for name, scene in found.items():
        click.echo(f"{name:16} {_summary(scene.__doc__)}")
        for key, each in parameters_of(scene.Parameters).items():
            click.echo(f"  {option_name(key):14} {each.help}")


def _summary(docstring: str | None) -> str:
    return (docstring or "").strip().splitlines()[0]
