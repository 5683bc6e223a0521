"""What a scene is made of: the one import of somebody who writes one.

::

    from cnnviz.authoring import LectureScene, Photo, parameter

What a scene is
    :class:`LectureScene` is told in beats, each a :class:`Beat` in the end; :func:`parameter`
    declares what can be chosen about it, :class:`SceneSetting` is all that it reads, and a
    :class:`UserError` says what cannot be.
What it reads
    A :class:`Trace` is everything that the network did with the picture, a :class:`LayerTrace` one
    layer's part of it.
Nouns
    :class:`Label` is a line of text, :class:`TextBlock` several, :class:`Number` a value with what
    it is (a :class:`Quantity`), so that the manifest lists it and the audit checks it;
    :class:`HeatMap` shows a map, :class:`Photo` a picture, :class:`NumberGrid` values in cells,
    :class:`ColourBar` a scale's legend, :class:`KernelWindow` the frame around a window.
Verbs
    :class:`Drive` lets one number run that everything else follows, :class:`FadeTo` changes
    opacity; :class:`Opening` shows the photo and where in the network we are.
Places
    A :class:`Zone` is a rectangle that can be divided, :func:`point` a place on the stage.
"""

from cnnviz.animations.drive import Drive
from cnnviz.animations.fade_to import FadeTo
from cnnviz.errors import UserError
from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.colour_bar import ColourBar
from cnnviz.mobjects.frames import KernelWindow
from cnnviz.mobjects.heat_map import HeatMap, Photo
from cnnviz.mobjects.number_grid import NumberGrid
from cnnviz.mobjects.text import Label, Number, TextBlock
from cnnviz.model.trace import LayerTrace, Trace
from cnnviz.staging.beats import Beat
from cnnviz.staging.opening import Opening
from cnnviz.staging.parameters import parameter
from cnnviz.staging.scene import LectureScene
from cnnviz.staging.scene_setting import SceneSetting
from cnnviz.style.geometry import Zone, point

__all__ = [
    "Beat",
    "ColourBar",
    "Drive",
    "FadeTo",
    "HeatMap",
    "KernelWindow",
    "Label",
    "LayerTrace",
    "LectureScene",
    "Number",
    "NumberGrid",
    "Opening",
    "Photo",
    "Quantity",
    "SceneSetting",
    "TextBlock",
    "Trace",
    "UserError",
    "Zone",
    "parameter",
    "point",
]
