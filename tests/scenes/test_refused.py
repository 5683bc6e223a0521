"""Parameters that do not fit the network are one line, which says what does."""

from __future__ import annotations

from typing import Any

import pytest

from cnnviz.model.trace import Trace
from cnnviz.staging.registry import load_scene
from tests.scenes.stage import assert_refused

WRONG = [
    ("conv", {"layer": "relu_1"}, 'no convolution "relu_1": choose conv_1, conv_2'),
    ("conv", {"channel": 6}, "no channel 6: choose 0 to 5"),
    ("conv", {"channel": -1}, "no channel -1: choose 0 to 5"),
    ("conv", {"pixel": (30, 0)}, "no pixel 30,0: choose row 0 to 29 and column 0 to 29"),
    ("flatten", {"class_name": "lion"}, 'no class "lion": choose cat, dog, owl'),
    ("flatten", {"channel": 4}, "no channel 4: choose 0 to 3"),
    ("flatten", {"pixel": (8, 0)}, "no pixel 8,0: choose row 0 to 7 and column 0 to 7"),
    ("pool", {"layer": "relu_1"}, 'no max pooling layer "relu_1": choose max_pool_1'),
    ("pool", {"channel": 6}, "no channel 6: choose 0 to 5"),
    ("pool", {"pixel": (15, 0)}, "no pixel 15,0: choose row 0 to 14 and column 0 to 14"),
    ("relu", {"layer": "conv_1"}, 'no ReLU "conv_1": choose relu_1, relu_2'),
    ("relu", {"channel": 6}, "no channel 6: choose 0 to 5"),
    ("relu", {"pixel": (30, 0)}, "no pixel 30,0: choose row 0 to 29 and column 0 to 29"),
    ("journey", {"pixel": (32, 0)}, "the picture has no pixel 32,0: choose row 0 to 31"),
    ("journey", {"class_name": "wolf"}, 'there is no class "wolf": choose cat, dog, owl'),
    ("journey", {"channel": "6"}, "no convolution has a channel 6: choose 0 to 5"),
    ("journey", {"channel": "conv_9=1"}, 'no layer "conv_9": choose conv_1'),
    ("journey", {"channel": "conv_2=4"}, 'layer "conv_2" has no channel 4: choose 0 to 3'),
    ("overview", {"layer": "conv_9"}, 'no layer "conv_9": choose conv_1, relu_1,'),
    ("overview", {"layer": "conv_2", "channel": 4}, '"conv_2" has no channel 4: choose 0 to 3'),
    ("overview", {"layer": "output", "channel": 3}, '"output" has no output 3: choose 0 to 2'),
    ("overview", {"channel": -1}, '"conv_1" has no channel -1: choose 0 to 5'),
]


@pytest.mark.parametrize(("name", "parameters", "message"), WRONG)
def test_what_does_not_exist(
    name: str, parameters: dict[str, Any], message: str, small_trace: Trace
) -> None:
    assert_refused(load_scene(name), small_trace, message, **parameters)
