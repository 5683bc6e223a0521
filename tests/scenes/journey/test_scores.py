"""What the pixel adds to the scores, as a table: its numbers stand clear of each other."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from cnnviz.mobjects.text import Number
from cnnviz.network import load_network, trace
from cnnviz.photos import bundled_photo
from cnnviz.scenes.journey.scores import ScoreBoard
from cnnviz.scenes.journey.stages import follow_pixel
from cnnviz.style.theme import theme_of
from tests.scenes.stage import words_of


@pytest.mark.parametrize("factor", [1.0, 1e-4, 1e-7])
@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
def test_scores_of_any_size_stand_in_their_column(aspect: str, factor: float) -> None:
    """Scores of four decimals lay on the powers of ten before them."""
    theme = theme_of("dark", aspect)
    seen = trace(bundled_photo("cat"), load_network())
    journey = follow_pixel(seen, 20, 30, 0)
    journey = replace(
        journey,
        own_scores=journey.own_scores * factor / 100,
        reached_scores=journey.reached_scores * factor,
    )
    small = replace(seen, logits=seen.logits * np.float32(factor))
    board = ScoreBoard(small, journey, 0, theme.layout.stage, theme, words_of("journey"))
    board.make_room(1.0)
    columns = [board.added_numbers, board.own_parts, board.score_parts]
    numbers = [[each for each in column if isinstance(each, Number)] for column in columns]
    for row in zip(*numbers, strict=True):
        for before, after in pairwise(row):
            assert before.get_right()[0] < after.get_left()[0], (before.text, after.text)
