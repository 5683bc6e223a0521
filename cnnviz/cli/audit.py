"""``cnnviz audit SCENE``: what is wrong with a scene's stage, for whoever writes scenes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import click

from cnnviz.cache.store import Cache
from cnnviz.cli.options import with_options
from cnnviz.cli.pictures import image_option
from cnnviz.cli.scene_commands import SceneGroup, scene_command
from cnnviz.errors import UserError
from cnnviz.locales import LANGUAGES
from cnnviz.staging.registry import SceneDescription, load_scene
from cnnviz.style.names import ASPECTS, THEMES
from cnnviz.system.installation import how_to_add

ALL = "all"
"""Every theme, language or aspect."""

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
        example = f"cnnviz audit {scene.reference}"
        return scene_command(scene, audit_scene, example, image_option, audit_options)


@click.command(cls=AuditGroup, short_help="Check that a scene is legible, lively and true.")
def audit() -> None:
    """Check that a scene is legible, lively and true, without rendering it.

    \b
    Example:
      cnnviz audit conv cat.png --language zh

    Themes, languages and aspects that are not chosen are all tried. Each fault is a line on
    stdout, with its time in the film and the beat: text outside the safe frame, on other text
    or on a busy map, struck through by a line, too small, too pale or cut; captions that are too
    long for their room or gone before they can be read; a stage that does not change for more
    than two seconds, or of which less than a third is used; a last picture that does not stay;
    maps too near to the ground; the accent's colour on more than one thing; numbers that are not
    the network's. The exit code is 2 if there are any.
    """  # noqa: D301


def audit_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say which looks are tried."""
    return with_options(
        command,
        *(
            click.option(
                f"--{name}",
                type=click.Choice([ALL, *choices]),
                default=ALL,
                show_default=True,
                help=f"Only this {name}.",
            )
            for name, choices in LOOKS
        ),
    )


def audit_scene(
    scene: str,
    parameters: dict[str, Any],
    image: Any,
    weights: Any,
    crop: tuple[int, int, int, int] | None,
    background: tuple[int, int, int],
    **looks: str,
) -> None:
    """Audit a scene in all its looks and print the faults."""
    from cnnviz.auditing.audit import audit as audit_stage
    from cnnviz.pipeline.look import Look
    from cnnviz.pipeline.request import FilmRequest, RenderRequest
    from cnnviz.pipeline.setting import scene_setting
    from cnnviz.pipeline.tracing import traces_for
    from cnnviz.style.typography import has_chinese, require_font_of

    if looks["language"] != ALL:
        require_font_of(looks["language"])
    asked = RenderRequest.of(scene, image, weights=weights, crop=crop, background=background)
    traces = traces_for(scene, asked.pictures, Cache())
    scene_class = load_scene(scene)
    tried = {name: choices if looks[name] == ALL else (looks[name],) for name, choices in LOOKS}
    if looks["language"] == ALL and not has_chinese():
        tried["language"] = ("en",)
        click.echo(f"not in Chinese, which needs a font: {how_to_add('cjk')}", err=True)
    count = 0
    for theme, language, aspect in product(*tried.values()):
        request = FilmRequest(scene, parameters, Look(theme, aspect, language))
        setting = scene_setting(scene_class, traces, request)
        for fault in audit_stage(scene_class, setting):
            click.echo(f"{theme} {language} {aspect}: {fault}")
            count += 1
    if count:
        faults = "1 fault" if count == 1 else f"{count} faults"
        raise UserError(f"{faults} in the scene {scene_class.name}: mend what is listed above")
    click.echo("no faults")
