"""The beginning: the photo becomes pixels, and those part into what the network receives."""

from __future__ import annotations

from manim import Animation, FadeIn, FadeOut

from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.network_map.network_map import NetworkMap
from cnnviz.scenes.overview.picture import PictureChannels
from cnnviz.staging.opening import Opening
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import Zone

GAP = 0.3
"""Between the photo and the channels."""

LINE_UP = 0.8
"""How long the channels take to their places, in moves."""


def part_photo(scene: LectureScene, opening: Opening, network: NetworkMap) -> PictureChannels:
    """Let the picture go to its place while its channels part from it; return those.

    Parameters
    ----------
    scene
        Has the opening's picture and note on its stage; afterwards the network's photo and
        the picture's channels, large, with their names.
    opening, network
        Where the picture is, and where it goes.
    """
    timing, picture = scene.timing, opening.picture
    room = _beside_photo(network, scene.theme.layout.stage)
    channels = PictureChannels(scene.trace, room, scene.theme, scene.words)
    copies = [
        each.copy().scale(_growth(each, picture)).move_to(picture) for each in channels.coloured
    ]
    scene.remove(picture)
    scene.add(*copies, picture)
    parting = 1.5 * timing.move
    is_grey = len(copies) == 1  # it keeps its colour: all that is to be seen of it is its way
    on_its_way = scene.while_read(parting, after=2 * timing.fade) if is_grey else parting
    scene.play(
        *map(FadeOut, opening.question),
        picture.animate.scale(_growth(picture, network.photo)).move_to(network.photo),
        *(
            copy.animate.scale(_growth(copy, target)).move_to(target)
            for copy, target in zip(copies, channels.coloured, strict=True)
        ),
        *scene.settle_title(),
        run_time=on_its_way,
    )
    scene.remove(picture)
    scene.add(network.photo)
    scene.fade_in(*channels.labels)
    turning = timing.fade if is_grey else scene.while_read(parting)
    scene.fade_in(*channels.grey, run_time=turning)
    scene.remove(*copies)
    return channels


def line_up_channels(
    scene: LectureScene, channels: PictureChannels, network: NetworkMap, *along: Animation
) -> None:
    """Let the picture's channels go to their places in the network, where their name appears.

    Meanwhile `along` goes on: the stage would be nearly empty. Where the first layer has but one
    map, nothing more will move in this beat, and it all takes as long as its caption is read.
    """
    slots = network.input.maps
    run_time = LINE_UP * scene.timing.move
    if len(network.columns[1].maps) == 1:
        run_time = scene.while_read(run_time)
    scene.play(
        *map(FadeOut, channels.labels),
        *map(FadeIn, network.headings.of(0)),
        *(
            channel.animate.scale(_growth(channel, slot)).move_to(slot)
            for channel, slot in zip(channels.grey, slots, strict=True)
        ),
        *along,
        run_time=run_time,
    )
    scene.remove(*channels.grey)
    scene.add(*slots)


def _growth(picture: HeatMap, target: HeatMap) -> float:
    """Return how many times larger the cells of one are than those of another, borders aside."""
    return target.cell_size()[0] / picture.cell_size()[0]


def _beside_photo(network: NetworkMap, stage: Zone) -> Zone:
    """Return what the photo in its place leaves of the stage: at its right, or below it."""
    _, _, right, bottom = network.photo.corners()
    if network.plan.runs_down:
        return Zone(stage.left, bottom - GAP, stage.right, stage.bottom)
    return Zone(right + GAP, stage.top, stage.right, stage.bottom)
