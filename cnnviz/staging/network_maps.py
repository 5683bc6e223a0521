"""Pictures of whole networks, each made once."""

from __future__ import annotations

from typing import Any, NamedTuple

from cnnviz.explain.overview import Node
from cnnviz.explain.scaling import Scale
from cnnviz.locales import Words
from cnnviz.mobjects.network_map.network_map import NetworkMap
from cnnviz.model.trace import Trace
from cnnviz.style.theme import Theme


class NetworkMaps:
    """Pictures of whole networks on the stage, as they are before anything is lit.

    A film shows its network at the start and at the end, and is played twice, to be measured and
    to be drawn: to copy a picture takes a hundredth of the time that it takes to make one. They
    stay behind where a setting goes to another process.
    """

    def __init__(self) -> None:
        self._made: dict[tuple[int, Theme, str, Node | None, Scale], _Made] = {}

    def __reduce__(self) -> tuple[type[NetworkMaps], tuple[()]]:
        return NetworkMaps, ()

    def copy_of(
        self, trace: Trace, theme: Theme, words: Words, node: Node | None, scale: Scale
    ) -> NetworkMap:
        """Return a picture of a network, all of it shown; see :class:`.NetworkMap`.

        What is looked up for it is noted in `words` each time.
        """
        key = (id(trace), theme, words.language, node, scale)
        if key not in self._made:
            noted = words.unread()
            network = NetworkMap(trace, theme.layout.stage, theme, noted, node, scale)
            network.show_all()
            self._made[key] = _Made(network, noted.looked_up, trace)
        made = self._made[key]
        words.looked_up.update(made.looked_up)
        return made.network.copy()


class _Made(NamedTuple):
    """A picture, the words in it, and the trace, whose identity is in the key."""

    network: NetworkMap
    looked_up: dict[str, Any]
    trace: Trace
