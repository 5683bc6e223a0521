from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cnnviz.explain.overview import Limits, Node, map_count, shown_layers

ALL = Limits(100, 100, 100)


def test_tiny_vgg_has_103_maps(tiny_vgg) -> None:
    assert map_count(tiny_vgg.architecture) == 103
    layers = shown_layers(tiny_vgg, ALL)
    assert [layer.name for layer in layers] == ["input", *(each.name for each in tiny_vgg.layers)]
    assert sum(len(layer.channels) for layer in layers if layer.has_maps) == 103
    assert not any(layer.left_out or layer.skipped for layer in layers)


def test_limits_and_nodes(any_network) -> None:
    @given(any_network, st.builds(Limits, *[st.integers(2, 6)] * 3), st.data())
    def check(trace, limits: Limits, data: st.DataObject) -> None:
        everything = shown_layers(trace, ALL)
        picked = data.draw(st.sampled_from(everything[1:]))
        channel = data.draw(st.integers(0, picked.total - 1))
        layers = shown_layers(trace, limits, Node(picked.name, channel))
        names = [layer.name for layer in layers]

        assert channel in layers[names.index(picked.name)].channels
        assert layers[0].name == "input"
        assert layers[-1].name == trace.layers[-1].name
        assert not layers[names.index(picked.name)].skipped, "its edges would be left out"
        assert len(layers) + sum(layer.skipped for layer in layers) == len(everything)
        assert len(layers[-1].channels) <= limits.classes
        for layer in layers[:-1]:
            assert 1 <= len(layer.channels) <= limits.channels
            assert layer.left_out == layer.total - len(layer.channels)
        for before, layer in pairwise(layers):
            if not layer.joins_all and not layer.skipped:
                assert layer.channels == before.channels

    check()


def test_layers_in_the_middle_are_left_out(tiny_vgg) -> None:
    layers = shown_layers(tiny_vgg, Limits(6, 100, 100))
    assert [layer.name for layer in layers] == [
        "input",
        "conv_1_1",
        "relu_1_1",
        "max_pool_2",
        "flatten",
        "output",
    ]
    assert [layer.skipped for layer in layers] == [0, 0, 0, 7, 0, 0]


def test_of_the_classes_the_most_probable_are_shown(tiny_vgg) -> None:
    shown = shown_layers(tiny_vgg, Limits(100, 100, 3))[-1]
    best = sorted(range(10), key=lambda index: -tiny_vgg.logits[index])[:3]
    assert shown.channels == tuple(sorted(best))
    assert shown.left_out == 7
