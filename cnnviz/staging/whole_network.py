"""The picture of the whole network that a scene opens and closes with."""

from __future__ import annotations

from cnnviz.explain.interest import interesting_channel
from cnnviz.explain.overview import Node
from cnnviz.mobjects.network_map.network_map import NetworkMap
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.staging.scene import LectureScene


def network_with(scene: LectureScene, layer: str, channel: int | None) -> NetworkMap:
    """Return the whole network as it fits the scene's stage, nothing of it lit.

    Parameters
    ----------
    scene
        The scene that will show it.
    layer, channel
        What must be among the tiles where there is no room for all; of the channel None
        leaves the choice.
    """
    node = Node(layer, _some_channel(scene.trace, layer) if channel is None else channel)
    network = NetworkMap(
        scene.trace,
        scene.theme.layout.stage,
        scene.theme,
        scene.words,
        None if layer == INPUT else node,
        getattr(scene.parameters, "scale", "unit"),
    )
    network.show_all()
    return network


def _some_channel(trace: Trace, layer: str) -> int:
    """Return a channel that is worth showing: of scores, the best."""
    layer_trace = trace[layer]
    if layer_trace is trace.layers[-1]:
        return trace.predicted_index
    return interesting_channel(layer_trace)
