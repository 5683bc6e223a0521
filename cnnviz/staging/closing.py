"""How a scene about one layer ends: its result goes home, and the whole network is seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from manim import FadeOut, Mobject

from cnnviz.animations.drive import Drive
from cnnviz.animations.landing import Part, land, land_in
from cnnviz.animations.turns import turns
from cnnviz.animations.zoom import Place, Zoom
from cnnviz.mobjects.network_map.network_map import NetworkMap
from cnnviz.model.architecture import INPUT
from cnnviz.staging.scene import LectureScene
from cnnviz.staging.transition import NETWORK
from cnnviz.staging.whole_network import network_with
from cnnviz.style.geometry import Corners


@dataclass(frozen=True)
class Homes:
    """Where what is on the stage belongs in the network; all of it is in the scene's own list.

    Attributes
    ----------
    tiles
        Maps, by the place of the tile that they become.
    groups
        Texts and bars, each with the part of the network that says the same. What is in a
        group goes together, and each group a little after the one before.
    places
        What vanishes in a place: a part of what is seen there.
    """

    tiles: Mapping[Place, Mobject] = field(default_factory=dict)
    groups: Sequence[Sequence[tuple[Part, Part]]] = ()
    places: Sequence[tuple[Mobject, Corners]] = ()

    @property
    def mobjects(self) -> list[Mobject]:
        """All that goes home."""
        return [
            *self.tiles.values(),
            *(mobject for group in self.groups for mobject, _ in group),
            *(mobject for mobject, _ in self.places),
        ]


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
        homes = Homes({} if result is None else {(layer, channel): result})
        self.carry_home(layer, lambda network: homes, channel)

    def carry_home(
        self, layer: str, homes: Callable[[NetworkMap], Homes], channel: int | None = None
    ) -> None:
        """Let several things fly to where they belong while the view pulls back.

        Everything else on the stage fades out.

        Parameters
        ----------
        layer
            The layer that the scene was about; it is lit.
        homes
            Says what belongs where in the network that is to be seen.
        channel
            As for :meth:`show_whole_network`.
        """
        scene, timing = self.scene, self.scene.timing
        network = network_with(scene, layer, channel)
        network.light_layer(layer)
        going = homes(network)
        landed = [(part, part.opacity) for group in going.groups for _, part in group]
        for part, _ in landed:  # it would be seen twice
            part.opacity = 0.0
        zoom = Zoom(network, layer, going.tiles)
        leaving = scene.on_stage_but(going.mobjects)
        scene.bring_to_back(network)
        zoom.show(1.0)
        name = scene.words("common.picture") if layer == INPUT else layer
        scene.describe("home_with_result" if going.mobjects else "home", "after", layer=name)
        scene.play(
            *(FadeOut(each, run_time=timing.swap) for each in leaving),
            zoom.drive(1.0, 0.0, timing.zoom),
            *_landings(going.groups, timing.zoom),
            *(land_in(mobject, place, timing.zoom) for mobject, place in going.places),
        )
        for part, opacity in landed:
            part.opacity = opacity
        scene.remove(*going.mobjects)
        scene.leave(NETWORK, network)


def _landings(groups: Sequence[Sequence[tuple[Part, Part]]], run_time: float) -> list[Drive]:
    """Return the motions of groups of texts and bars, which begin one after the other."""
    begins = turns(len(groups))
    return [
        land(mobject, part, run_time, each, begins[-1])
        for group, each in zip(groups, begins, strict=True)
        for mobject, part in group
    ]
