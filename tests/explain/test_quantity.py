from __future__ import annotations

import json
import math

from cnnviz.explain.quantity import Quantity


def test_the_entry_holds_only_the_indices_that_apply() -> None:
    quantity = Quantity.of(
        "product", -0.2371, 2, layer="conv_1_1", channel=0, input_channel=2, row=22, column=30
    )
    assert quantity.to_json() == {
        "quantity": "product",
        "layer": "conv_1_1",
        "channel": 0,
        "input_channel": 2,
        "row": 22,
        "column": 30,
        "value": -0.2371,
        "shown": "−0.24",
    }


def test_an_index_of_zero_is_kept() -> None:
    quantity = Quantity.of("weight", 1.0, 1, kernel_row=0, kernel_column=0, channel=0)
    assert {"kernel_row", "kernel_column", "channel"} <= quantity.to_json().keys()


def test_sign_and_width_follow_the_rule_of_rounding() -> None:
    assert Quantity.of("channel_sum", 0.5, 2, sign="always").shown == "+0.50"
    assert Quantity.of("activation", 123456.0, 2, width=5).shown == "1.2e5"


def test_numbers_that_json_lacks_become_null() -> None:
    entry = Quantity.of("activation", math.inf, 2, layer="conv").to_json()
    assert json.loads(json.dumps(entry, allow_nan=False)) == {
        "quantity": "activation",
        "layer": "conv",
        "value": None,
        "shown": "∞",
    }
