"""The network while something outside of it is told: a small strip beside the title."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from manim import AnimationGroup, FadeIn, FadeOut, Mobject

from cnnviz.animations.zoom import Place, Zoom
from cnnviz.explain.interest import interesting_channel
from cnnviz.mobjects.fitting import FittedLabel
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
        What is seen of the network meanwhile: the photo and a map of each layer.
    """

    def __init__(self, scene: LectureScene) -> None:
        self.scene = scene
        self.pictures = list(corner_strip(scene, None).thumbnails)
        scene.expects(NETWORK)

    def make_room(self) -> None:
        """Let the network gather beside the title; where it was not seen, its pictures appear."""
        scene = self.scene
        if scene.inherited is None or NETWORK not in scene.inherited.objects:
            appear = map(FadeIn, self.pictures)
            scene.play(*appear, *scene.settle_title(), run_time=scene.timing.fade)
            return
        network = take_over(scene, network_with(scene, INPUT, None))
        zoom = Zoom(network, INPUT, self._grows(network))
        zoom.show(0.0)
        scene.add(*zoom.grown)
        scene.play(zoom.drive(0.0, 1.0, scene.timing.zoom), *scene.settle_title())
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
            if layer in headings and _lines(label) == _lines(headings[layer])
        }
        for layer in known:  # two texts in one place would be seen while one arrives
            headings[layer].opacity = 0.0
        moves = [_move_onto(label, headings[layer]) for layer, label in known.items()]
        moving = [AnimationGroup(*moves, run_time=scene.timing.zoom)] if moves else []
        zoom = Zoom(network, INPUT, self._grows(network))
        leaving = scene.on_stage_but([*zoom.grown, *known.values()])
        scene.bring_to_back(network)
        zoom.show(1.0)
        scene.play(
            *(FadeOut(each, run_time=scene.timing.fade) for each in leaving),
            *moving,
            zoom.drive(1.0, 0.0, scene.timing.zoom),
        )
        for layer in known:
            headings[layer].opacity = 1.0
        scene.remove(*scene.present(self.pictures), *known.values())
        scene.leave(NETWORK, network)

    def picture_of(self, layer: str) -> HeatMap:
        """Return what is seen of a layer."""
        names = [each.name for each in self.scene.trace.layers]
        return self.pictures[names.index(layer) + 1]

    def _grows(self, network: NetworkMap) -> dict[Place, Mobject]:
        """Return the pictures by what they show of the network, as far as that shows it.

        The scores are not among them: the network has bars for them.
        """
        picture, *others = self.pictures
        shown = _headings(network)
        places: dict[Place, Mobject] = {}
        if self.scene.theme.layout.aspect != "9:16":  # there its way would cross the subtitle
            places[INPUT, None] = picture
        for layer, thumbnail in zip(self.scene.trace.layers[:-1], others, strict=False):
            if layer.name not in shown:
                continue
            has_maps = layer.output.ndim == 3
            places[layer.name, interesting_channel(layer) if has_maps else None] = thumbnail
        return places


def _move_onto(label: Label, heading: Label) -> Any:
    """Return the motion of a label to where another says the same."""
    return label.animate.scale(heading.em / label.em).move_to(heading)


def _lines(label: Label) -> tuple[str, ...]:
    """Return what a label says, line by line."""
    return label.lines if isinstance(label, FittedLabel) else (label.text,)


def _headings(network: NetworkMap) -> dict[str, Label]:
    """Return the names above the network's columns, by layer."""
    names = [column.layer.name for column in network.columns]
    return dict(zip(names, network.headings.names, strict=True))
