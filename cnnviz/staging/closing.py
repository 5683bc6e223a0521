"""How a scene about one layer ends: its result goes home, and the whole network is seen."""

from __future__ import annotations

from manim import FadeOut, Mobject

from cnnviz.animations.zoom import Zoom
from cnnviz.model.architecture import INPUT
from cnnviz.staging.scene import LectureScene
from cnnviz.staging.transition import NETWORK
from cnnviz.staging.whole_network import network_with


class Closing:
    """The way back from a scene's stage to the whole network.

    In a lecture the next scene goes on from there: see :class:`cnnviz.staging.opening.Opening`.
    Every scene goes back, even where the next one works on the same map: so it is seen each
    time how far the picture has come, and no scene needs to know which one follows.
    """

    def __init__(self, scene: LectureScene) -> None:
        self.scene = scene

    def show_whole_network(
        self, layer: str, result: Mobject | None = None, channel: int | None = None
    ) -> None:
        """Let the result fly into its tile while the view pulls back; the layer is lit.

        Everything on the stage but the result fades out.

        Parameters
        ----------
        layer
            The layer that the scene was about.
        result
            What it made, a part of the scene's own list of mobjects: a map, or a column of
            values; None if there is nothing to go home.
        channel
            The result's channel, or class; None for all of the layer.
        """
        scene, timing = self.scene, self.scene.timing
        network = network_with(scene, layer, channel)
        network.light_layer(layer)
        zoom = Zoom(network, layer, {} if result is None else {(layer, channel): result})
        leaving = scene.on_stage_but([] if result is None else [result])
        scene.bring_to_back(network)
        zoom.show(1.0)
        name = scene.words("common.picture") if layer == INPUT else layer
        scene.describe("home" if result is None else "home_with_result", "after", layer=name)
        scene.play(
            *(FadeOut(each, run_time=timing.fade) for each in leaving),
            zoom.drive(1.0, 0.0, timing.zoom),
        )
        if result is not None:
            scene.remove(result)
        scene.leave(NETWORK, network)
