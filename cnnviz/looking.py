"""A network's look at a picture, wherever picture and network come from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cnnviz.cache.store import Cache
from cnnviz.cache.traces import Colour, Crop, DoneLook, Look, looking_at_file

if TYPE_CHECKING:
    from cnnviz.network import Network


@contextmanager
def looking(
    image: object,
    network: Network | str | Path | None,
    crop: Crop | None,
    background: Colour,
    cache: Cache | None,
) -> Iterator[Look]:
    """Let a network look at a picture: here if it is in memory, else in another process.

    See :func:`cnnviz.render` for the parameters.

    Raises
    ------
    UserError
        If the picture or the weights cannot be used; here or from the look's ``trace``.
    """
    if isinstance(image, str | Path) and (network is None or isinstance(network, str | Path)):
        with looking_at_file(image, network, crop, background, cache) as look:
            yield look
        return
    from cnnviz.network import load_network, trace  # torch, only where it is needed

    loaded = (
        load_network(network) if network is None or isinstance(network, str | Path) else network
    )
    yield DoneLook(trace(image, loaded, crop, background))
