"""The picture of the whole network that a scene opens and closes with."""

from __future__ import annotations

from manim import FadeIn, FadeOut, Group

from cnnviz.explain.interest import interesting_channel
from cnnviz.explain.overview import Node
from cnnviz.explain.scaling import Scale
from cnnviz.mobjects.network_map.network_map import NetworkMap
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.staging.rhythm import following, leaving
from cnnviz.staging.scene import LectureScene
from cnnviz.staging.transition import NETWORK


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
    node = None
    if layer != INPUT:
        node = Node(layer, _some_channel(scene.trace, layer) if channel is None else channel)
    scale: Scale = getattr(scene.parameters, "scale", "unit")
    return scene.setting.networks.copy_of(scene.trace, scene.theme, scene.words, node, scale)


def take_over(scene: LectureScene, network: NetworkMap) -> NetworkMap:
    """Go on with the network that the scene before has left, or let it come.

    The scene must have said that it expects it: see :meth:`Stage.expects`.

    Returns
    -------
    NetworkMap
        The one that was left, if it looks the same, else `network`; it is on the stage.
    """
    left = None if scene.inherited is None else scene.inherited.objects.get(NETWORK)
    if isinstance(left, NetworkMap) and left.looks_like(network):
        return left
    if isinstance(left, NetworkMap):
        _exchange(scene, left, network)
    else:
        scene.play(FadeIn(network), run_time=scene.timing.move)
    return network


def _exchange(scene: LectureScene, left: NetworkMap, network: NetworkMap) -> None:
    """Let another view of the network follow the one that was left.

    Its names and numbers lie elsewhere: they come when those of before are gone. The classes
    stay where they are the same.
    """
    stays = left.bars.looks_like(network.bars)
    goes, comes = (
        Group(*(part for part in each.submobjects if not (stays and part is each.bars)))
        for each in (left, network)
    )
    scene.play(
        FadeOut(goes, rate_func=leaving),
        FadeIn(comes, rate_func=following),
        run_time=scene.timing.move,
    )
    scene.remove(left, left.bars)  # its parts are no longer one mobject of the scene's
    scene.add(network)


def _some_channel(trace: Trace, layer: str) -> int:
    """Return a channel that is worth showing: of scores, the best."""
    layer_trace = trace[layer]
    if layer_trace is trace.layers[-1]:
        return trace.predicted_index
    return interesting_channel(layer_trace)
