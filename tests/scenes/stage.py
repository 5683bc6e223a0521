"""What the tests of all scenes share: the stage at every pause, numbers, stored pictures."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from manim import Scene
from PIL import Image

from cnnviz.auditing.audit import audit
from cnnviz.cli.main import main
from cnnviz.errors import UserError
from cnnviz.locales import Words
from cnnviz.model.trace import Trace
from cnnviz.rendering.checking import check_film
from cnnviz.rendering.film import film_config, stills
from cnnviz.rendering.renderer import FilmRenderer
from cnnviz.rendering.settings import FilmSettings
from cnnviz.rendering.sinks import NoFrames
from cnnviz.staging.pair.scene import PairScene
from cnnviz.staging.registry import load_scene, scene_names
from cnnviz.staging.scene import LectureScene
from cnnviz.staging.scene_setting import SceneSetting
from cnnviz.staging.scene_words import words_with
from cnnviz.style.theme import Theme, dark_theme

COMPARISONS = [name for name in scene_names() if load_scene(name).compares]
"""They are about two traces, and have tests of their own."""

SINGLE_SCENES = [name for name in scene_names() if name not in ("lecture", *COMPARISONS)]
"""The lecture is made of them, and has tests of its own."""

CHAIN_SCENES = [name for name in SINGLE_SCENES if name not in ("skip", "average")]
"""Those that a network without additions and average pooling has something for."""

ODD = ("frozen", "nearly_empty")
"""Rules that a network cannot keep of which there is little to see, such as one with a single cell
or two equal scores: only where a test names such a network they are left out."""

PICTURES = Path(__file__).parent / "pictures"

MEAN_DIFFERENCE = 1.0
"""Tolerance in levels of 255, over the whole picture: anti-aliasing differs by less."""

BLOCK_DIFFERENCE = 16.0
"""And over every block of 10x10 pixels: a missing number or a moved map differs by more."""


def words_of(scene: str, language: str = "en") -> Words:
    """Return the words of one of cnnviz's scenes."""
    return words_with(Words(language), load_scene(scene))


def small_film(theme: Theme) -> FilmSettings:
    """Return the settings of a small film in the theme's proportions."""
    layout = theme.layout
    sizes = {"16:9": (320, 180), "9:16": (180, 320), "1:1": (180, 180)}
    return FilmSettings(
        *sizes[layout.aspect],
        frame_rate=10,
        background=theme.palette.background,
        frame_height=layout.frame_height,
    )


def manifest_of_film(scene: str, film: Path, weights: Path, *options: str) -> dict[str, Any]:
    """Make a small film by the command, and return what its manifest says."""
    call = ["render", scene, "-q", "l", "--fps", "2", "--pace", "0.1", *options]
    assert main([*call, "--weights", str(weights), "-o", str(film)]) == 0
    manifest: dict[str, Any] = json.loads(film.with_suffix(".json").read_text(encoding="utf-8"))
    return manifest


def setting_of(
    scene: type[LectureScene],
    trace: Trace,
    theme: Theme | None = None,
    language: str = "en",
    **parameters: object,
) -> SceneSetting:
    resolved = scene.resolve(trace, scene.Parameters(**parameters))
    return SceneSetting(trace, resolved, theme or dark_theme(), Words(language))


def pair_setting(
    scene: type[PairScene],
    traces: tuple[Trace, Trace],
    theme: Theme | None = None,
    language: str = "en",
    **parameters: object,
) -> SceneSetting:
    resolved = scene.resolve_both(*traces, scene.Parameters(**parameters))
    words = Words(language)
    return SceneSetting(traces[0], resolved, theme or dark_theme(), words, other=traces[1])


def visit_beats(
    scene: type[LectureScene],
    setting: SceneSetting,
    look: Callable[[LectureScene, str], None],
) -> LectureScene:
    """Play a scene without drawing; call `look` with the stage and the beat at every rest."""
    with film_config(small_film(setting.theme)):
        played = scene(setting, renderer=_RestingRenderer(look))
        played.render()
    return played


class _RestingRenderer(FilmRenderer):
    """A renderer that draws nothing, leaps from rest to rest, and looks there."""

    def __init__(self, look: Callable[[LectureScene, str], None]) -> None:
        super().__init__(NoFrames())
        self._look = look

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        super().play(scene, *args, **kwargs)
        if isinstance(scene, LectureScene):
            self._look(scene, self._sections.sections[-1].name)


def faults_in(
    scene: type[LectureScene], setting: SceneSetting, but: Sequence[str] = ()
) -> list[str]:
    """Return all faults, each with its time and its beat.

    Those of the rules in `but` are left out: a network of a single value, for one, has nothing
    that fills a stage.
    """
    return [str(fault) for fault in audit(scene, setting) if fault.rule not in but]


def faults_but_small_type(scene: type[LectureScene], setting: SceneSetting) -> list[str]:
    """Return all faults but that a text is small, as names of a sentence's length must be."""
    return faults_in(scene, setting, but=["too_small"])


def numbers_in(scene: type[LectureScene], setting: SceneSetting) -> list[dict[str, Any]]:
    """Return every number shown, as the manifest lists it."""
    made = visit_beats(scene, setting, lambda made, beat: None)
    return [number.to_json() for beat in made.beats for number in beat.numbers]


def assert_refused(
    scene: type[LectureScene], trace: Trace, message: str, **parameters: object
) -> None:
    """Parameters that do not fit the trace get one line, which says what does."""
    with pytest.raises(UserError) as caught:
        scene.resolve(trace, scene.Parameters(**parameters))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def assert_looks_as_stored(
    scene: type[LectureScene], setting: SceneSetting, request: pytest.FixtureRequest
) -> None:
    """Compare each beat's last frame, small; `make pictures` stores them anew."""
    beats = visit_beats(scene, setting, lambda made, beat: None).beats
    frames = stills(
        lambda renderer: scene(setting, renderer=renderer),
        small_film(setting.theme),
        [beat.last_frame for beat in beats],
    )
    for beat, frame in zip(beats, frames, strict=True):
        path = PICTURES / f"{scene.name}_{beat.name}.png"
        picture = np.ascontiguousarray(frame[..., :3])
        if request.config.getoption("--update-pictures"):
            PICTURES.mkdir(exist_ok=True)
            Image.fromarray(picture).save(path, optimize=True)
        stored = np.asarray(Image.open(path).convert("RGB"), np.float64)
        difference = np.abs(picture - stored).mean(axis=2)
        blocks = difference.reshape(18, 10, 32, 10).mean(axis=(1, 3))
        assert difference.mean() < MEAN_DIFFERENCE, beat.name
        assert blocks.max() < BLOCK_DIFFERENCE, beat.name


def assert_is_exact(scene: type[LectureScene], setting: SceneSetting) -> None:
    """Compare every 7th frame with a full repaint and a full conversion, byte for byte."""
    film = FilmSettings(426, 240, 6, background=setting.theme.palette.background)
    assert check_film(lambda renderer: scene(setting, renderer=renderer), film, every=7).is_exact
