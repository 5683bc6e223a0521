"""The network while something outside of it is told: a small strip beside the title."""

from __future__ import annotations

from collections.abc import Mapping

from manim import FadeIn, FadeOut, Mobject

from cnnviz.animations.landing import land, says_the_same
from cnnviz.animations.zoom import Place, Zoom
from cnnviz.explain.interest import interesting_channel
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.network_map.network_map import NetworkMap
from cnnviz.mobjects.text import Label
from cnnviz.model.architecture import INPUT
from cnnviz.staging.opening import corner_strip
from cnnviz.staging.scene import LectureScene
from cnnviz.staging.transition import NETWORK
from cnnviz.staging.whole_network import network_with, take_over


class NetworkAside:
    """Lets the whole network make room, and come back in the end.

    Each tile that the strip shows of a layer is the one of the network: none of them comes
    from nowhere. To be made before the first beat.

    Parameters
    ----------
    scene
        What it plays on.

    Attributes
    ----------
    pictures
        What is seen of the network meanwhile, by layer: the photo, as ``"input"``, and a map of
        each layer, or of some of many.
    kept
        These, and the numbers of what is left out between them.
    """

    def __init__(self, scene: LectureScene) -> None:
        self.scene = scene
        strip = corner_strip(scene, None)
        self.pictures: dict[str, HeatMap] = strip.thumbnails
        self.kept: list[Mobject] = [*self.pictures.values(), *strip.gaps]
        scene.expects(NETWORK)

    def make_room(self) -> None:
        """Let the network gather beside the title; where it was not seen, its pictures appear."""
        scene = self.scene
        if scene.inherited is None or NETWORK not in scene.inherited.objects:
            appear = map(FadeIn, self.kept)
            scene.play(*appear, *scene.settle_title(), run_time=scene.timing.fade)
            return
        network = take_over(scene, network_with(scene, INPUT, None))
        zoom = Zoom(network, INPUT, self._grows(network))
        zoom.show(0.0)
        scene.add(*zoom.grown)
        gaps = [each for each in self.kept if each not in self.pictures.values()]
        scene.play(
            zoom.drive(0.0, 1.0, scene.timing.zoom),
            *(FadeIn(each, run_time=scene.timing.zoom) for each in gaps),
            *scene.settle_title(),
        )
        scene.remove(network)

    def come_back(self, names: Mapping[str, Label]) -> None:
        """Let the network come from where its pictures are, and all else on the stage go.

        Parameters
        ----------
        names
            Labels on the stage, by the layer whose name they show: they go to its heading.
        """
        scene = self.scene
        network = network_with(scene, INPUT, None)
        headings = _headings(network)
        known = {
            layer: label
            for layer, label in names.items()
            if layer in headings and says_the_same(label, headings[layer])
        }
        for layer in known:  # two texts in one place would be seen while one arrives
            headings[layer].opacity = 0.0
        run_time = scene.timing.zoom
        moving = [land(label, headings[layer], run_time) for layer, label in known.items()]
        zoom = Zoom(network, INPUT, self._grows(network))
        leaving = scene.on_stage_but([*zoom.grown, *known.values()])
        scene.bring_to_back(network)
        zoom.show(1.0)
        scene.play(
            *(FadeOut(each, run_time=scene.timing.fade) for each in leaving),
            *moving,
            zoom.drive(1.0, 0.0, run_time),
        )
        for layer in known:
            headings[layer].opacity = 1.0
        scene.remove(*scene.present(self.kept), *known.values())
        scene.leave(NETWORK, network)

    def _grows(self, network: NetworkMap) -> dict[Place, Mobject]:
        """Return the pictures by what they show of the network, as far as that shows it.

        The scores are not among them: the network has bars for them.
        """
        shown = _headings(network)
        places: dict[Place, Mobject] = {}
        if self.scene.theme.layout.aspect != "9:16":  # there its way would cross the subtitle
            places[INPUT, None] = self.pictures[INPUT]
        for layer in self.scene.trace.layers[:-1]:
            if layer.name not in shown or layer.name not in self.pictures:
                continue
            channel = interesting_channel(layer) if layer.output.ndim == 3 else None
            places[layer.name, channel] = self.pictures[layer.name]
        return places


def _headings(network: NetworkMap) -> dict[str, Label]:
    """Return the names above the network's columns, by layer."""
    names = [column.layer.name for column in network.columns]
    return dict(zip(names, network.headings.names, strict=True))
