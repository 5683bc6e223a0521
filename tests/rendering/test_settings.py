import pytest

from cnnviz.errors import UserError
from cnnviz.rendering.settings import FilmSettings


@pytest.mark.parametrize(
    ("letter", "expected"),
    [
        ("l", (854, 480, 15)),
        ("m", (1280, 720, 30)),
        ("h", (1920, 1080, 60)),
        ("p", (2560, 1440, 60)),
        ("k", (3840, 2160, 60)),
    ],
)
def test_letters_mean_what_manim_means(letter, expected):
    made = FilmSettings.of_quality(letter)
    assert (made.pixel_width, made.pixel_height, made.frame_rate) == expected


def test_frame_rate_can_be_chosen():
    assert FilmSettings.of_quality("h", fps=24).frame_rate == 24


def test_frame_is_eight_units_high_at_any_aspect():
    assert FilmSettings(1080, 1080, 30).frame_width == 8
    assert FilmSettings(1080, 1920, 30).frame_width == 4.5


@pytest.mark.parametrize("wrong", [(321, 180, 30), (320, 181, 30), (0, 180, 30), (320, 180, 0)])
def test_what_cannot_be_filmed_is_refused(wrong):
    with pytest.raises(UserError):
        FilmSettings(*wrong)
