"""``cnnviz audit SCENE``: what is wrong with a scene's stage, for whoever writes scenes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cnnviz.catalog import load_scene, scene_names
from cnnviz.cli.options import picture_options
from cnnviz.cli.scene_options import scene_options
from cnnviz.errors import UserError
from cnnviz.locales import LANGUAGES
from cnnviz.parameters import parameters_of
from cnnviz.zones import ASPECTS

if TYPE_CHECKING:
    from cnnviz.scene import LectureScene, SceneSetting

THEMES = ("dark", "light")


class AuditGroup(click.Group):
    """A group with one command per scene, made when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all scenes."""
        return scene_names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """Return the command of one scene; UserError if there is no such scene."""
        return _command(load_scene(cmd_name))


@click.command(cls=AuditGroup, short_help="Check that a scene's stage is legible and true.")
def audit() -> None:
    """Check that a scene's stage is legible and true, without rendering it.

    \b
    Example:
      cnnviz audit conv --image cat.png --language zh

    Themes, languages and aspects that are not chosen are all tried. Each fault is a line on
    stdout: text outside the safe frame, on other text or on a busy map, too small or too
    pale, captions that are too long, numbers that are not the network's. The exit code is 2
    if there are any.
    """  # noqa: D301


def _command(scene: type[LectureScene]) -> click.Command:
    def run(**values: Any) -> None:
        own = {name: values.pop(name) for name in parameters_of(scene.Parameters)}
        audit_scene(scene, own, **values)

    run.__doc__ = f"{scene.__doc__}\n\n    \b\n    Example:\n      cnnviz audit {scene.name}\n"
    summary = (scene.__doc__ or "").strip().splitlines()[0]
    looks = (("theme", THEMES), ("language", LANGUAGES), ("aspect", ASPECTS))
    command = run
    for name, choices in reversed(looks):
        command = click.option(
            f"--{name}", type=click.Choice(choices), help=f"Only this {name}. [default: all]"
        )(command)
    return click.command(scene.name, short_help=summary)(
        scene_options(scene)(picture_options(command))
    )


def audit_scene(
    scene: type[LectureScene],
    parameters: dict[str, Any],
    image: Path | None,
    weights: Path | None,
    crop: tuple[int, int, int, int] | None,
    background: tuple[int, int, int],
    **looks: str | None,
) -> None:
    """Audit a scene in all its looks and print the faults."""
    from cnnviz.auditing.audit import audit as audit_stage

    count = 0
    for name, setting in _settings(scene, parameters, image, weights, crop, background, looks):
        for fault in audit_stage(scene, setting):
            click.echo(f"{name}: {fault}")
            count += 1
    if count:
        raise UserError(f"{count} faults in the scene {scene.name}: mend what is listed above")
    click.echo("no faults")


def _settings(
    scene: type[LectureScene],
    parameters: dict[str, Any],
    image: Path | None,
    weights: Path | None,
    crop: tuple[int, int, int, int] | None,
    background: tuple[int, int, int],
    looks: dict[str, str | None],
) -> Iterator[tuple[str, SceneSetting]]:
    """Yield every look's name and setting."""
    from cnnviz.locales import Words
    from cnnviz.network import load_network, trace
    from cnnviz.photos import bundled_photo
    from cnnviz.scene import SceneSetting
    from cnnviz.theme import theme_of

    picture = bundled_photo() if image is None else image
    what_happened = trace(picture, load_network(weights), crop, background)
    resolved = scene.resolve(what_happened, scene.Parameters(**parameters))
    for theme, language, aspect in product(
        *(
            choices if looks[name] is None else (looks[name],)
            for name, choices in (("theme", THEMES), ("language", LANGUAGES), ("aspect", ASPECTS))
        )
    ):
        look = theme_of(str(theme), str(aspect))
        words = Words(str(language))
        yield f"{theme} {language} {aspect}", SceneSetting(what_happened, resolved, look, words)
