"""Where a channel's products stand while the window glides, and the map of their sums."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.arrays import Float64Array
from cnnviz.mobjects.maps import fitted_size, longest_within
from cnnviz.style.geometry import Zone, point

PRODUCTS_SHARE, MAP_SHARE = 0.34, 0.65
"""Of the products, and of what they add, in the room that the sign leaves them."""

SIGN_WIDTH, SIGN_HEIGHT = 0.64, 0.4
"""Of the sign between both, in Manim units: beside them, and below the products."""


@dataclass(frozen=True)
class ChannelPlaces:
    """Where the parts of one channel stand.

    Attributes
    ----------
    products, sign_centre, added
        Centres of the products, of the sign, and of the map of what the channel adds.
    products_size, added_size
        (width, height) of products and map.
    sign
        What is done with the products, and where the sum is seen.
    """

    products: Float64Array
    products_size: tuple[float, float]
    sign_centre: Float64Array
    sign: str
    added: Float64Array
    added_size: tuple[float, float]

    @classmethod
    def of(cls, room: Zone, products: tuple[int, ...], added: tuple[int, ...]) -> ChannelPlaces:
        """Return the places, side by side or one above the other: where the map is larger.

        Parameters
        ----------
        room
            For all of it.
        products, added
            Rows and columns of products and map.
        """
        beside, below = _beside(room, products, added), _below(room, products, added)
        return max((beside, below), key=lambda each: each.added_size)

    @property
    def top(self) -> float:
        """The upper edge of what stands highest."""
        pairs = (self.products, self.products_size), (self.added, self.added_size)
        return max(float(centre[1]) + size[1] / 2 for centre, size in pairs)


def _beside(room: Zone, products: tuple[int, ...], added: tuple[int, ...]) -> ChannelPlaces:
    width = room.width - SIGN_WIDTH
    grid = fitted_size(products, longest_within(products, PRODUCTS_SHARE * width, room.height))
    map_ = fitted_size(added, longest_within(added, MAP_SHARE * width, room.height))
    left = room.x - (grid[0] + SIGN_WIDTH + map_[0]) / 2
    return ChannelPlaces(
        point(left + grid[0] / 2, room.y),
        grid,
        point(left + grid[0] + SIGN_WIDTH / 2, room.y),
        "Σ →",
        point(left + grid[0] + SIGN_WIDTH + map_[0] / 2, room.y),
        map_,
    )


def _below(room: Zone, products: tuple[int, ...], added: tuple[int, ...]) -> ChannelPlaces:
    height = room.height - SIGN_HEIGHT
    grid = fitted_size(products, longest_within(products, room.width, PRODUCTS_SHARE * height))
    map_ = fitted_size(added, longest_within(added, room.width, MAP_SHARE * height))
    top = room.y + (grid[1] + SIGN_HEIGHT + map_[1]) / 2
    return ChannelPlaces(
        point(room.x, top - grid[1] / 2),
        grid,
        point(room.x, top - grid[1] - SIGN_HEIGHT / 2),
        "Σ ↓",
        point(room.x, top - grid[1] - SIGN_HEIGHT - map_[1] / 2),
        map_,
    )
