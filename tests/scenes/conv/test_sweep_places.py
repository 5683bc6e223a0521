"""What each channel adds, while the window glides: as large as the room beside both maps allows."""

from __future__ import annotations

import pytest

from cnnviz.scenes.conv.pair import PairPlaces
from cnnviz.scenes.conv.sweep_places import ChannelPlaces
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import theme_of


def test_a_lone_channel_takes_the_width_of_an_upright_column() -> None:
    zone = PairPlaces.of(theme_of("dark", "9:16").layout).middle
    places = ChannelPlaces.of(zone, (5, 5), (28, 28))
    assert places.sign == "Σ ↓"
    assert places.added_size[0] == pytest.approx(zone.width)


@pytest.mark.parametrize(("width", "height"), [(3.0, 9.0), (3.0, 3.0), (2.4, 1.2), (9.0, 1.0)])
@pytest.mark.parametrize("added", [(28, 28), (64, 16), (16, 64), (1, 1)])
def test_products_sign_and_map_stay_in_their_room(
    width: float, height: float, added: tuple[int, int]
) -> None:
    room = Zone.centred_at(1.0, 2.0, width, height)
    places = ChannelPlaces.of(room, (3, 3), added)
    sizes = (places.products, places.products_size), (places.added, places.added_size)
    for (x, y, _), (wide, high) in sizes:
        assert room.left - 1e-9 <= x - wide / 2 <= x + wide / 2 <= room.right + 1e-9
        assert room.bottom - 1e-9 <= y - high / 2 <= y + high / 2 <= room.top + 1e-9
    assert places.top <= room.top + 1e-9
    ratio = places.added_size[1] / places.added_size[0]
    assert ratio == pytest.approx(added[0] / added[1])
