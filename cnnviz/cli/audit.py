"""``cnnviz audit SCENE``: what is wrong with a scene's stage, for whoever writes scenes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cnnviz.catalog import SceneDescription, load_scene
from cnnviz.cli.scene_commands import SceneGroup, scene_command
from cnnviz.errors import UserError
from cnnviz.locales import LANGUAGES
from cnnviz.theme import THEMES
from cnnviz.zones import ASPECTS

if TYPE_CHECKING:
    from cnnviz.scene import LectureScene, SceneSetting

LOOKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("theme", THEMES),
    ("language", LANGUAGES),
    ("aspect", ASPECTS),
)
"""What a scene can be shown in."""


class AuditGroup(SceneGroup):
    """Every scene as a command that audits it."""

    def make_command(self, scene: SceneDescription) -> click.Command:
        """Return the command that audits a scene."""
        return scene_command(scene, audit_scene, f"cnnviz audit {scene.name}", audit_options)


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


def audit_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say which looks are tried."""
    for name, choices in reversed(LOOKS):
        command = click.option(
            f"--{name}", type=click.Choice(choices), help=f"Only this {name}. [default: all]"
        )(command)
    return command


def audit_scene(
    scene: str,
    parameters: dict[str, Any],
    image: Path | None,
    weights: Path | None,
    crop: tuple[int, int, int, int] | None,
    background: tuple[int, int, int],
    **looks: str | None,
) -> None:
    """Audit a scene in all its looks and print the faults."""
    from cnnviz.auditing.audit import audit as audit_stage

    scene_class = load_scene(scene)
    count = 0
    for name, setting in _settings(
        scene_class, parameters, image, weights, crop, background, looks
    ):
        for fault in audit_stage(scene_class, setting):
            click.echo(f"{name}: {fault}")
            count += 1
    if count:
        raise UserError(f"{count} faults in the scene {scene}: mend what is listed above")
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
        *(choices if looks[name] is None else (looks[name],) for name, choices in LOOKS)
    ):
        look = theme_of(str(theme), str(aspect))
        words = Words(str(language))
        yield f"{theme} {language} {aspect}", SceneSetting(what_happened, resolved, look, words)
