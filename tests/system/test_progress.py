"""How far a render is, in words."""

from __future__ import annotations

import pytest

from cnnviz.system.progress import progress_text, with_notebook_progress


@pytest.mark.parametrize(
    ("done", "seconds", "expected"),
    [
        (0, 0.0, "conv: 0 % (0 of 200 frames)"),
        (19, 9.0, "conv: 9 % (19 of 200 frames)"),
        (50, 4.0, "conv: 25 % (50 of 200 frames), 12 s left"),
        (200, 9.0, "conv: 100 % (200 of 200 frames), 0 s left"),
    ],
)
def test_what_is_left_is_told_when_it_can_be_known(
    done: int, seconds: float, expected: str
) -> None:
    assert progress_text("conv", done, 200, seconds) == expected


def test_outside_a_notebook_nothing_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    @with_notebook_progress
    def render(scene: str, *, on_progress: object = None) -> tuple[str, object]:
        """Render."""
        return scene, on_progress

    assert render("conv") == ("conv", None)
    assert render(scene="conv", on_progress=print) == ("conv", print)
    assert render.__doc__ == "Render."
    assert capsys.readouterr() == ("", "")
