"""What moves to its place stays together and passes over nothing."""

from __future__ import annotations

from typing import Any

import pytest

from cnnviz.auditing.film_stage import FAINT
from cnnviz.auditing.visit import visit
from cnnviz.model.trace import Trace
from cnnviz.scenes.compare_overview.scene import CompareOverviewScene
from cnnviz.style.geometry import meet
from cnnviz.style.names import ASPECTS
from cnnviz.style.theme import theme_of
from tests.scenes.stage import pair_setting


class NamesAndPictures:
    """Notes where names of pictures are not above them, and what pictures pass over."""

    def __init__(self) -> None:
        self.frame_count = 0
        self.apart: list[float] = []
        self.passed: list[str] = []

    def look(self, scene: Any, beat: str, moment: Any, moving: Any) -> None:
        """Look at nothing but frames."""

    def see(self, scene: Any, beat: str, first_frame: int, frame_count: int) -> None:
        photos = getattr(scene, "photos", None)
        if beat != "layers" or not scene.present(photos.pictures):
            return
        self.frame_count += frame_count
        layers = [each.name for columns in scene.board.columns for each in columns if each.name]
        for picture, name in zip(photos.pictures, photos.names, strict=True):
            left, top, right, bottom = picture.corners()
            self.apart.append(abs(name.get_x() - picture.get_x()))
            for layer in scene.present(layers):
                is_under = left < layer.get_x() < right and bottom < layer.get_y() < top
                if is_under and layer.opacity > FAINT:
                    self.passed.append(layer.text)


@pytest.mark.parametrize("aspect", ASPECTS)
def test_pictures_take_their_names_along_and_pass_over_no_layers(
    small_trace: Trace, aspect: str
) -> None:
    """Names ran ahead, over the other picture, and names of layers came under pictures."""
    visitor = NamesAndPictures()
    setting = pair_setting(
        CompareOverviewScene, (small_trace, small_trace), theme_of("dark", aspect)
    )
    visit(CompareOverviewScene, setting, visitor)
    assert visitor.frame_count
    assert max(visitor.apart) < 0.05
    assert not visitor.passed


class GrowingPictures(NamesAndPictures):
    """Which names of layers are seen below pictures that grow to photos, at the end."""

    def see(self, scene: Any, beat: str, first_frame: int, frame_count: int) -> None:
        board = getattr(scene, "board", None)
        if beat != "answers" or not scene.present(board.pictures):
            return
        self.frame_count += frame_count
        names = [each.name for columns in board.columns for each in columns if each.name]
        for layer in scene.present(names):
            is_under = any(meet(layer.corners(), each.corners()) for each in board.pictures)
            if is_under and layer.opacity > FAINT:
                self.passed.append(layer.text)


def test_growing_pictures_come_over_no_names(small_trace: Trace) -> None:
    """They flew over names that were still fading."""
    visitor = GrowingPictures()
    setting = pair_setting(CompareOverviewScene, (small_trace, small_trace))
    visit(CompareOverviewScene, setting, visitor)
    assert visitor.frame_count
    assert not visitor.passed
