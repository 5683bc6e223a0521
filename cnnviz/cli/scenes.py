"""``cnnviz scenes``: which films there are, what can be chosen, and what each tells."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cnnviz.cache.store import Cache
from cnnviz.cli.options import with_options
from cnnviz.cli.pictures import image_option
from cnnviz.cli.scene_commands import SceneGroup, look_options, scene_command
from cnnviz.staging.parameters import option_name
from cnnviz.staging.registry import SceneDescription, describe_scene, describe_scenes

if TYPE_CHECKING:  # Manim is imported when beats are measured
    from cnnviz.staging.beats import Beat


class ScenesGroup(SceneGroup):
    """Every scene as a command that says what it tells."""

    def make_command(self, scene: SceneDescription) -> click.Command:
        """Return the command that describes a scene."""
        example = f"cnnviz scenes {scene.reference} cat.png"
        return scene_command(
            scene, print_scene, example, image_option, look_options, _add_json_option
        )


def _add_json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `as_json`."""
    return with_options(
        command,
        click.option("--json", "as_json", is_flag=True, help="For programs: one JSON object."),
    )


@click.command(
    cls=ScenesGroup,
    invoke_without_command=True,
    short_help="List the scenes, or one scene's beats.",
)
@_add_json_option
@click.pass_context
def scenes(context: click.Context, *, as_json: bool) -> None:
    """List the scenes and their parameters; with a scene's name, its beats and their lengths.

    \b
    Example:
      cnnviz scenes --json
      cnnviz scenes conv --layer conv_2_1

    Beats are those of the film that the same options render: about the bundled photo if no
    other is given. Nothing is drawn for that.
    """  # noqa: D301
    if context.invoked_subcommand is not None:
        return
    cache = Cache()
    found = describe_scenes(cache)
    if as_json:
        _echo_json({scene.name: _description(scene) for scene in found})
        return
    for scene in found:
        click.echo(f"{scene.name:16} {scene.summary}")
        for line in _parameter_lines(scene):
            click.echo(line)


def print_scene(
    scene: str,
    parameters: dict[str, Any],
    image: Path | None,
    *,
    as_json: bool,
    **picture_and_look: Any,
) -> None:
    """Print a scene's summary, its parameters, and its beats with their lengths."""
    from cnnviz.pipeline.measuring import measure_beats
    from cnnviz.pipeline.request import RenderRequest

    cache = Cache()
    request = RenderRequest.of(scene, image, **picture_and_look, **parameters)
    beats = measure_beats(request, cache)
    description = describe_scene(scene, cache)
    rate = request.film.look.make_settings().frame_rate
    context = click.get_current_context()
    if as_json or (context.parent is not None and context.parent.params["as_json"]):
        _echo_json({**_description(description), "beats": [_beat(each, rate) for each in beats]})
        return
    click.echo(f"{description.summary}\n")
    for line in (*_parameter_lines(description), "", *_beat_lines(beats, rate)):
        click.echo(line)


def _echo_json(content: dict[str, Any]) -> None:
    click.echo(json.dumps(content, ensure_ascii=False, indent=1))


def _description(scene: SceneDescription) -> dict[str, Any]:
    """Return what programs are told about a scene."""
    return {
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


def _beat(beat: Beat, frame_rate: int) -> dict[str, Any]:
    return {
        "name": beat.name,
        "title": beat.title,
        "chapter": beat.chapter,
        "seconds": beat.frame_count / frame_rate,
    }


def _parameter_lines(scene: SceneDescription) -> Iterator[str]:
    for key, each in scene.parameters.items():
        allowed = f" [{each.range}]" if each.range else ""
        yield f"  {option_name(key):14} {each.help}{allowed}"


def _beat_lines(beats: Sequence[Beat], frame_rate: int) -> Iterator[str]:
    """Yield a table of beats, under the names of their chapters where those have several."""
    width = max((len(beat.name) for beat in beats), default=0)
    has_chapters = any(beat.chapter != beat.title for beat in beats)
    chapter = None
    for beat in beats:
        if has_chapters and beat.chapter != chapter:
            yield f"\n{beat.chapter}"
        chapter = beat.chapter
        yield f"  {beat.name:{width}}  {beat.frame_count / frame_rate:6.1f} s  {beat.title}"
    frames = sum(beat.frame_count for beat in beats)
    yield f"\n  {'in all':{width}}  {frames / frame_rate:6.1f} s"
