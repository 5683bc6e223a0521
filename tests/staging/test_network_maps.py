"""Pictures of whole networks that are made once and copied."""

from __future__ import annotations

import pickle

from cnnviz.explain.overview import Node
from cnnviz.locales import Words
from cnnviz.model.trace import Trace
from cnnviz.staging.network_maps import NetworkMaps
from cnnviz.style.theme import dark_theme
from tests.scenes.conftest import small_trace  # noqa: F401  (a fixture)


def test_what_is_done_to_a_copy_is_not_done_to_the_next(
    small_trace: Trace,  # noqa: F811
) -> None:
    networks, theme, words = NetworkMaps(), dark_theme(), Words()
    node = Node(small_trace.layers[0].name, 1)
    first = networks.copy_of(small_trace, theme, words, node, "unit")
    before = first.get_center().copy()
    first.shift((1.0, 2.0, 0.0))
    first.light_layer(small_trace.layers[0].name)
    first.bars.light([0], 1.0)
    first.bundles[0].light(frozenset([0]))
    first.tiles[0].opacity = 0.5
    second = networks.copy_of(small_trace, theme, words, node, "unit")
    assert second.looks_like(first)
    assert second is not first
    assert (second.get_center() == before).all()
    assert second.lit_layer is None
    assert not second.bars.lit
    assert not second.bundles[0].lit
    assert second.tiles[0].opacity == 1.0
    assert second.tiles[0] in second.get_family()
    assert first.tiles[0] not in second.get_family()


def test_scales_nodes_looks_and_languages_have_pictures_of_their_own(
    small_trace: Trace,  # noqa: F811
) -> None:
    networks, theme, words = NetworkMaps(), dark_theme(), Words()
    plain = networks.copy_of(small_trace, theme, words, None, "unit")
    assert networks.copy_of(small_trace, theme, words, None, "global").scale_scope == "global"
    chinese = networks.copy_of(small_trace, theme, Words("zh"), None, "unit")
    assert chinese.headings.names[0].text != plain.headings.names[0].text


def test_the_words_of_a_copy_count_as_looked_up(
    small_trace: Trace,  # noqa: F811
) -> None:
    networks, first, second = NetworkMaps(), Words(), Words()
    networks.copy_of(small_trace, dark_theme(), first, None, "unit")
    networks.copy_of(small_trace, dark_theme(), second, None, "unit")
    assert first.looked_up == second.looked_up
    assert "common.input" in second.looked_up


def test_pictures_stay_behind_where_a_setting_goes_to_another_process(
    small_trace: Trace,  # noqa: F811
) -> None:
    networks = NetworkMaps()
    empty = len(pickle.dumps(networks))
    networks.copy_of(small_trace, dark_theme(), Words(), None, "unit")
    assert len(pickle.dumps(networks)) == empty
    assert isinstance(pickle.loads(pickle.dumps(networks)), NetworkMaps)
