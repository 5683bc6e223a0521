"""How a scene about one layer begins: the photo, what the network receives, the layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from manim import FadeIn, FadeOut, Mobject

from cnnviz.animations.drive import Drive
from cnnviz.animations.zoom import Place, Zoom
from cnnviz.explain.rounding import format_percent
from cnnviz.mobjects.network_map.class_bars import PERCENT_DECIMALS
from cnnviz.mobjects.network_map.network_map import NetworkMap
from cnnviz.mobjects.network_strip import NetworkStrip
from cnnviz.model.architecture import INPUT
from cnnviz.staging.first_look import FirstLook
from cnnviz.staging.rhythm import arriving
from cnnviz.staging.scene import LectureScene
from cnnviz.staging.transition import NETWORK
from cnnviz.staging.whole_network import network_with, take_over
from cnnviz.style.geometry import point

CORNER_WIDTH = 4.6
CORNER_HEIGHT = 0.5
"""Largest size of the strip in the title zone, in Manim units."""


ROOM = 0.6
"""Share of the way into a layer after which tiles of others are nearly gone."""


def once_there_is_room(share: float) -> float:
    """Rate function: appear where tiles have been, when hardly anything of them is seen."""
    return arriving(share, ROOM)


class Opening:
    """The photo on the stage, ready to become what the network sees of it.

    Making one puts the photo into the scene, so that the film's first frame shows it. In a
    lecture everybody has seen it: there the network alone appears.
    """

    def __init__(self, scene: LectureScene) -> None:
        self.scene = scene
        self._stage = scene.theme.layout.stage
        self._look = FirstLook(scene)
        self._has_shown_pixels = False
        self.photo, self.picture = self._look.photo, self._look.picture
        self.question = self._look.question
        if scene.inherited is None:
            scene.set_stage(self.photo)
        scene.expects(NETWORK)

    @property
    def photo_facts(self) -> dict[str, Any]:
        """What the caption of the photo's pixels is filled with."""
        return self._look.facts

    def tell_photo(self) -> None:
        """Tell in a beat of its own what the network receives, where nobody has seen it yet.

        Without it that is shown in the beat of :meth:`show_where_we_are`, below its caption.
        """
        if self.scene.inherited is None:
            with self.scene.beat("photo", **self.photo_facts):
                self.show_pixels()

    def show_where_we_are(
        self,
        layer: str,
        grows: Mapping[Place, Mobject] | None = None,
        arriving_late: Sequence[Mobject] = (),
    ) -> NetworkStrip:
        """Show the whole network, light `layer` in it, and go into it.

        Alone, a film comes to the network from the photo, which becomes pixels and takes its
        place in it; in a lecture, from the network that the scene before has left, where the
        light goes on to this layer. The view then goes in: some tiles grow into what the
        scene shows of them, all else slides out of sight.

        Parameters
        ----------
        layer
            The layer that the scene is about.
        grows
            What stands on the stage afterwards, by (layer, channel); it is where it will
            stay, and not in the scene yet.
        arriving_late
            What else appears while the view goes in, as soon as there is room.

        Returns
        -------
        NetworkStrip
            A small picture of the network, the layer lit, at the right of the title.
        """
        scene, grown = self.scene, dict(grows or {})
        corner = corner_strip(scene, layer)
        if scene.continues_previous:  # the stage is not empty: say in the corner only where we are
            scene.play(
                *map(FadeIn, [corner, *grown.values(), *arriving_late]),
                *scene.settle_title(),
                run_time=scene.timing.fade,
            )
            return corner
        channels = [channel for name, channel in grown if name == layer]
        network = self._arrive(network_with(scene, layer, channels[0] if channels else None), layer)
        if scene.inherited is not None:  # alone, the network has been seen while it came
            scene.wait(scene.timing.pause)
        shown = {place: each for place, each in grown.items() if network.shows(place[0])}
        zoom = Zoom(network, layer, shown)
        zoom.show(0.0)
        scene.add(*shown.values())
        others = [each for place, each in grown.items() if place not in shown]
        scene.play(
            zoom.drive(0.0, 1.0, scene.timing.zoom),
            *(FadeIn(each, run_time=scene.timing.zoom) for each in [corner, *others]),
            *(
                FadeIn(each, run_time=scene.timing.zoom, rate_func=once_there_is_room)
                for each in arriving_late
            ),
            *scene.settle_title(),
        )
        self._describe(layer)
        scene.remove(network)
        return corner

    def _describe(self, layer: str) -> None:
        """Say what has been seen until the layer is there."""
        scene, trace = self.scene, self.scene.trace
        probability = float(trace.probabilities[trace.predicted_index])
        facts = {
            "layer": layer,
            "winner": scene.class_name(trace.predicted_index),
            "probability": format_percent(probability, PERCENT_DECIMALS),
        }
        scene.describe("into" if scene.inherited is not None else "network", "before", **facts)

    # -- how the network comes, and the layer is lit --------------------------------------------

    def _arrive(self, network: NetworkMap, layer: str) -> NetworkMap:
        """Bring in the network, or go on with one that looks the same; return which."""
        scene, timing = self.scene, self.scene.timing
        if scene.inherited is None:
            if not self._has_shown_pixels:
                self.show_pixels()
            self._pull_back(network)
        else:
            network = take_over(scene, network)
        before = network.lit_layer
        calm = network.calming()

        def light(share: float) -> None:
            calm(share)
            network.light_layer(layer, before, share)

        scene.play(Drive([network], light, 0, 1), *scene.settle_title(), run_time=timing.move)
        return network

    def _pull_back(self, network: NetworkMap) -> None:
        """Let the picture shrink into its place while the network comes around it."""
        scene, timing = self.scene, self.scene.timing
        zoom = Zoom(network, INPUT, {(INPUT, None): self.picture})
        scene.bring_to_back(network)
        zoom.show(1.0)
        scene.play(
            *(FadeOut(each, run_time=timing.fade) for each in self.question),
            zoom.drive(1.0, 0.0, timing.zoom),
            *scene.settle_title(),
        )
        scene.remove(self.picture)

    def show_pixels(self) -> None:
        """Let the photo become what the network receives of it: see :class:`FirstLook`."""
        self._has_shown_pixels = True
        self._look.show_pixels()


def corner_strip(scene: LectureScene, layer: str | None) -> NetworkStrip:
    """Return a small picture of the network for the title zone, one layer or none of it lit."""
    room = scene.corner
    width, height = min(CORNER_WIDTH, room.width), min(CORNER_HEIGHT, room.height)
    strip = NetworkStrip(scene.trace, layer, scene.theme, scene.words, width, height)
    strip.scale(min(width / strip.width, height / strip.height))
    return strip.move_to(point(room.right - strip.width / 2, room.y))
