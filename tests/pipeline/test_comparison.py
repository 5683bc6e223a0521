"""What can be compared is the same for whoever calls and whoever types."""

from __future__ import annotations

from cnnviz.cli.compare import FILMS as OFFERED
from cnnviz.pipeline.comparison import FILMS
from cnnviz.staging.registry import load_scene


def test_the_command_line_offers_all_comparisons_and_each_is_a_scene() -> None:
    assert tuple(FILMS) == OFFERED
    assert all(load_scene(name).compares for name in FILMS.values())
