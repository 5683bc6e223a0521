"""A scene's parameters as options: each kind arrives in the scene under its own name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import click
import pytest

from cnnviz.cli.pictures import image_option
from cnnviz.cli.scene_commands import scene_command
from cnnviz.model.trace import Trace
from cnnviz.staging.parameters import option_name, parameter
from cnnviz.staging.registry import SceneDescription
from cnnviz.staging.scene import LectureScene


@dataclass(frozen=True)
class EveryKind:
    """One parameter of each kind."""

    layer: str | None = parameter("text", "A layer.")
    channel: int | None = parameter("number", "A channel.")
    pixel: tuple[int, int] | None = parameter("pixel", "A pixel.")
    scale: str = parameter("choice", "A scale.", "unit", ("unit", "global"))
    class_name: str | None = parameter("text", "A class.")
    backward: bool = parameter("flag", "The way back.", default=False)


class EveryKindScene(LectureScene):
    """A scene with every kind of parameter."""

    name = "every_kind"
    Parameters = EveryKind

    @classmethod
    def resolve(cls, trace: Trace, parameters: EveryKind) -> EveryKind:
        """Take what is given."""
        return parameters


def call(*arguments: str) -> dict[str, Any]:
    """Call the scene's command and return the parameters that arrive at the scene."""
    found: dict[str, Any] = {}
    command = scene_command(
        SceneDescription.of(EveryKindScene),
        lambda scene, own, **others: found.update(own),
        "call",
        image_option,
    )
    command.main(list(arguments), standalone_mode=False)
    return found


def test_parameters_arrive() -> None:
    given = "--layer conv_1 --channel 3 --pixel 4,5 --scale global --class cat --backward"
    assert call(*given.split()) == {
        "layer": "conv_1",
        "channel": 3,
        "pixel": (4, 5),
        "scale": "global",
        "class_name": "cat",
        "backward": True,
    }


def test_what_is_left_out_has_its_default() -> None:
    arrived = call()
    default = EveryKind()
    assert arrived == {name: getattr(default, name) for name in arrived}
    assert arrived["backward"] is False


def test_a_flag_takes_no_value() -> None:
    with pytest.raises(click.UsageError, match="backward"):
        call("--backward=yes")


@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("pixel", "--pixel"),
        ("kernel_size", "--kernel-size"),
        ("class_name", "--class"),
        ("layer_name", "--layer-name"),
    ],
)
def test_names_of_options(name: str, option: str) -> None:
    assert option_name(name) == option
