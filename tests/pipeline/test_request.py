"""A request is checked once, when it is made."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cnnviz
from cnnviz.errors import UserError
from cnnviz.pipeline.options import RunOptions
from cnnviz.pipeline.request import Look, PictureRequest, RenderRequest
from cnnviz.rendering.profile import Profile


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"quality": "1080p"}, 'no quality "1080p": choose l, m, h, p, k'),
        ({"encode": "tiny"}, 'no encoding "tiny": choose default, small'),
        ({"theme": "blue"}, 'no theme "blue": choose dark, light'),
        ({"aspect": "4:3"}, 'no aspect "4:3"'),
        ({"language": "fr"}, 'no language "fr": choose en, zh'),
        ({"pace": 0}, "the pace is 0: give a number from 0.1 to 10"),
        ({"pace": 11}, "the pace is 11"),
        ({"pace": float("nan")}, "the pace is nan"),
        ({"fps": 0}, "at least 1 frame per second, not 0"),
    ],
)
def test_what_is_not_allowed_is_said(given: dict[str, object], message: str) -> None:
    with pytest.raises(UserError, match=re.escape(message)):
        Look(**given)  # type: ignore[arg-type]
    with pytest.raises(UserError, match=re.escape(message)):
        cnnviz.render("conv", **given)  # type: ignore[arg-type]
    with pytest.raises(UserError, match=re.escape(message)):
        cnnviz.render_batch("conv", ["a.png"], **given)


@pytest.mark.parametrize(
    ("options", "processes"),
    [
        (RunOptions(), 3),
        (RunOptions(jobs=2), 2),
        (RunOptions(profile=Profile()), 1),  # it counts the time of this process only
        (RunOptions(jobs=2, profile=Profile()), 2),
    ],
)
def test_films_are_drawn_by_as_many_processes_as_fill_the_machine(
    monkeypatch: pytest.MonkeyPatch, options: RunOptions, processes: int
) -> None:
    monkeypatch.setattr("cnnviz.pipeline.options.default_jobs", lambda: 3)
    assert options.processes == processes


def test_keywords_find_their_place() -> None:
    request = RenderRequest.of("conv", "a.png", language="zh", crop=(0, 0, 9, 9), channel=3)
    assert request.film.parameters == {"channel": 3}
    assert request.film.look.language == "zh"
    assert request.picture.crop == (0, 0, 9, 9)


def test_inputs_are_the_files_that_are_read() -> None:
    assert PictureRequest("a.png", "b.safetensors").inputs == [
        Path("a.png"),
        Path("b.safetensors"),
    ]
    photo, weights = PictureRequest().inputs
    assert (photo.name, weights.name) == ("cat.jpg", "tiny_vgg.safetensors")
    assert PictureRequest(b"in memory").inputs == [weights]
