"""The audit knows every kind of number, and finds each that is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from cnnviz.auditing.comparison import DECIDED_BY_BOTH
from cnnviz.auditing.numbers import (
    DECIDED,
    DECIDED_WITH_PIXEL,
    UNDECIDED,
    expected_value,
    fault_of,
)
from cnnviz.auditing.parts import PixelParts
from cnnviz.explain.convolution import explain_convolution
from cnnviz.explain.flattening import explain_score
from cnnviz.explain.pooling import winners
from cnnviz.explain.quantity import Quantity, QuantityKind
from cnnviz.explain.relu import explain_relu
from cnnviz.explain.scaling import value_range
from cnnviz.layers import AvgPool2d, Conv2d, Flatten
from cnnviz.model.trace import Trace
from cnnviz.network import Network, trace
from cnnviz.scenes.journey.influence import own_parts
from tests.scenes.pooled import pooled

PIXEL = (9, 11)


@pytest.fixture(scope="module")
def noise(small_network: Network) -> Trace:
    return trace(np.random.default_rng(3).random((32, 32, 3)).astype(np.float32), small_network)


def test_every_kind_is_known_in_one_way() -> None:
    known = [*DECIDED, *DECIDED_WITH_PIXEL, *DECIDED_BY_BOTH, *UNDECIDED]
    assert sorted(known) == sorted(get_args(QuantityKind))
    assert all(UNDECIDED.values())


def test_an_unknown_kind_is_an_error(noise: Trace) -> None:
    with pytest.raises(KeyError):
        expected_value(replace(Quantity("pixel", 0.0, "0"), quantity="new"), noise)  # type: ignore[arg-type]


def first(what: Trace, kind: str) -> str:
    """Return the name of the last layer of a kind: what comes before matters."""
    return [layer.name for layer in what.layers if layer.kind == kind][-1]


def right_numbers(what: Trace) -> dict[str, Quantity]:
    """Return numbers of all kinds that are calculated, as scenes calculate them."""
    conv, relu, pool = (first(what, kind) for kind in ("conv", "relu", "max_pool"))
    flat = next(layer for layer in what.layers if isinstance(layer.layer, Flatten))
    terms = explain_convolution(what[conv], 1, 2, 3)
    at = {"layer": conv, "channel": 1, "row": 2, "column": 3}
    clipping = explain_relu(what[relu], 0)
    share = clipping.below / clipping.count
    score = explain_score(what, 0)
    index = int(np.abs(score.contributions).argmax())
    name, head = what.classes[0], what.layers[-1].name
    won = winners(what[pool], 0).passed_share
    own, *_, parts = own_parts(what, *PIXEL)
    row, column = (int(each) for each in np.argwhere(own[0] != 0)[0])
    of = Quantity.of
    return {
        "product": of(
            "product",
            terms.products[0, 1, 2],
            4,
            **at,
            input_channel=0,
            kernel_row=1,
            kernel_column=2,
        ),
        "channel_sum": of("channel_sum", terms.channel_sums[0], 4, **at, input_channel=0),
        "contribution": of(
            "contribution", score.contributions[index], 4, class_name=name, index=index
        ),
        "positive": of(
            "contribution",
            score.contributions[score.contributions > 0].sum(),
            4,
            class_name=name,
            layer=head,
        ),
        "own part of a score": of("own_part", parts[0], 6, class_name=name),
        "own part of a value": of(
            "own_part",
            own[0, row, column],
            6,
            layer=what.layers[0].name,
            channel=0,
            row=row,
            column=column,
        ),
        "count": of("count", clipping.below, 0, layer=relu, channel=0),
        "share": Quantity("share", share, f"{share:.4%}", layer=relu, channel=0),
        "pool": Quantity("share", 1 - won, f"{1 - won:.4%}", layer=pool),
        "index": of("index", index, 0, layer=flat.name, index=index),
        "size": of("size", what[conv].output.shape[1], 0, layer=conv),
        "scale_end": of("scale_end", value_range(what, conv).high, 4, layer=conv),
        "extreme": of("extreme", float(what[conv].output[0].max()), 4, layer=conv),
    }


def right_numbers_of_means(what: Trace) -> dict[str, Quantity]:
    """Return numbers of an average pooling that leaves padding out, at its first window."""
    of, layer = Quantity.of, what["mean"]
    values = layer.input[1].astype(np.float64)
    at = {"layer": "mean", "channel": 1, "row": 0, "column": 0}
    return {
        "window_sum": of("window_sum", values[0, 0] + values[0, 1], 4, **at, index=2),
        "count": of("count", 4, 0, **at),
        "mean": of("mean", values.mean(), 4, layer="conv", channel=1),
        "mean of the output": of("mean", layer.output[1].mean(), 4, layer="mean", channel=1),
    }


def test_numbers_of_means_are_known() -> None:
    pool = AvgPool2d("mean", 3, 2, 1, count_include_pad=False)
    what = pooled(pool, (3, 12, 12), Conv2d("conv", 3, 2, 3))
    for right in right_numbers_of_means(what).values():
        assert fault_of(right, what) is None
        wrong = replace(right, value=right.value + 3.0, shown=f"{right.value + 3.0:.6f}")
        assert "but the trace says" in (fault_of(wrong, what) or "")


KINDS = (
    "product",
    "channel_sum",
    "contribution",
    "positive",
    "own part of a score",
    "own part of a value",
    "count",
    "share",
    "pool",
    "index",
    "size",
    "scale_end",
    "extreme",
)


@pytest.mark.parametrize("kind", KINDS)
def test_the_right_number_passes_and_a_wrong_one_does_not(kind: str, noise: Trace) -> None:
    parts = PixelParts(noise, PIXEL)
    right = right_numbers(noise)[kind]
    assert expected_value(right, noise, parts) == pytest.approx(right.value, rel=1e-4, abs=1e-6)
    assert fault_of(right, noise, parts) is None
    value = right.value + 1000.0
    wrong = replace(right, value=value, shown=f"{value:.6f}")
    assert "but the trace says" in (fault_of(wrong, noise, parts) or "")


def test_a_pixels_parts_are_those_of_the_journey(noise: Trace) -> None:
    parts = PixelParts(noise, PIXEL).of_layers
    for layer, part in zip(noise.layers, own_parts(noise, *PIXEL), strict=True):
        np.testing.assert_allclose(parts[layer.name], part, atol=1e-9)


def test_without_a_pixel_nothing_is_said_of_its_parts(noise: Trace) -> None:
    quantity = Quantity.of("own_part", 5.0, 2, class_name=noise.classes[0])
    assert expected_value(quantity, noise) is None
