"""``cnnviz scenes``: which films there are and what can be chosen about them."""

from __future__ import annotations

import json

import click

from cnnviz.cache.store import Cache
from cnnviz.catalog import describe_scene, scene_names
from cnnviz.parameters import option_name


@click.command(short_help="List the scenes and their parameters.")
@click.option("--json", "as_json", is_flag=True, help="For programs: one JSON object.")
def scenes(as_json: bool) -> None:
    """List the scenes and their parameters.

    \b
    Example:
      cnnviz scenes --json
    """  # noqa: D301
    cache = Cache()
    found = [describe_scene(name, cache) for name in scene_names()]
    if as_json:
        listing = {
            scene.name: {
                "summary": scene.summary,
                "parameters": {
                    key: {
                        "kind": each.kind,
                        "help": each.help,
                        "choices": list(each.choices),
                        "minimum": each.minimum,
                        "maximum": each.maximum,
                    }
                    for key, each in scene.parameters.items()
                },
            }
            for scene in found
        }
        click.echo(json.dumps(listing, ensure_ascii=False, indent=1))
        return
    for scene in found:
        click.echo(f"{scene.name:16} {scene.summary}")
        for key, each in scene.parameters.items():
            allowed = f" [{each.range}]" if each.range else ""
            click.echo(f"  {option_name(key):14} {each.help}{allowed}")
