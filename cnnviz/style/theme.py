"""Everything about how the screen looks, in one place: colours by role, sizes, times.

Lengths are in Manim units: at 16:9 the frame is 14.22 wide and 8 high. Font sizes are in
points, 72 to a unit. Times are in seconds at a pace of 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from cnnviz.errors import UserError
from cnnviz.style.colour import ColourScale, contrast_ratio
from cnnviz.style.layout import Layout
from cnnviz.style.names import ASPECTS
from cnnviz.style.oklab import Hues, Ramp

FLAT = 0.5
"""The share of a range whose colour stands for a sign as such."""


@dataclass(frozen=True)
class Palette:
    """Colours by role, each ``"#rrggbb"``."""

    background: str
    text: str
    text_muted: str
    accent: str
    """Means "the one we talk about"."""
    line: str
    """Frames and rules that only separate."""
    on_light: str
    on_dark: str
    """Text on cells, by the cell's luminance: of black and white one always reaches 4.5 to 1."""
    values: Ramp
    """What the network computes: activations, products, contributions, scores."""
    weights: Ramp
    """What it has learned, in a hue pair of its own."""
    grey_low: str
    grey_high: str
    channels: tuple[str, str, str]
    """Red, green and blue as labels of a photo's channels."""

    @property
    def negative(self) -> str:
        """Bars and signs of negative values: the middle of their side of the ramp."""
        return self.values.colour(-FLAT)

    @property
    def zero(self) -> str:
        """Where a map or a bar has no value."""
        return self.values.colour(0.0)

    @property
    def positive(self) -> str:
        """Bars and signs of positive values: the middle of their side of the ramp."""
        return self.values.colour(FLAT)


@dataclass(frozen=True)
class FontSizes:
    """Type sizes in points; `small` has capitals 20 pixels high at 1080p."""

    title: float = 40
    settled_title: float = 24
    """A title that has been read, in its corner."""
    subtitle: float = 18
    caption: float = 23
    long_caption: float = 23
    """The least size of a caption that would take more than two lines."""
    number: float = 30
    """A single number that matters."""
    body: float = 19
    label: float = 16
    small: float = 15


SIZES_BY_ASPECT: dict[str, FontSizes] = {
    "1:1": FontSizes(title=46, settled_title=28, subtitle=19, caption=27)
}
"""Where a unit is a smaller share of the frame's height, what has room for it is set larger."""


@dataclass(frozen=True)
class Timing:
    """How long things take, in seconds at a pace of 1."""

    swap: float = 0.3
    """One caption gives way to the next."""
    lead: float = 0.5
    """From a caption's appearing to the first motion: people read on while it moves."""
    hold: float = 2.6
    """The last picture of a film stays; no pace makes it shorter."""
    fade: float = 0.5
    move: float = 1.0
    step: float = 0.45
    """One term of a calculation, the first time."""
    example_step: float = 0.8
    """One term that is written out in a line."""
    quick_step: float = 0.12
    read: float = 1.6
    """A look at a card full of words."""
    pause: float = 0.8
    """The least rest at the end of a beat."""
    zoom: float = 1.2
    """From the whole network into a part of it, or back."""
    sweep_first_row: float = 1.4
    sweep: float = 3.2
    loop: float = 0.8
    """From the last picture of a clip that is repeated back to its first."""


@dataclass(frozen=True)
class Strokes:
    """Line widths, in Manim's stroke units (about 1 pixel each at 1080p)."""

    hairline: float = 1.5
    thin: float = 2.0
    normal: float = 3.0
    window: float = 4.0
    halo: float = 7.0
    """Behind a window's line, in the background's colour: it shows on cells of any colour."""


@dataclass(frozen=True)
class Theme:
    """The whole look. :func:`theme_of` has those that are ready."""

    name: str
    palette: Palette
    sizes: FontSizes = field(default_factory=FontSizes)
    layout: Layout = field(default_factory=Layout)
    timing: Timing = field(default_factory=Timing)
    strokes: Strokes = field(default_factory=Strokes)
    dimmed: float = 0.3
    """Opacity of what is not in play."""
    aside: float = 0.6
    """Opacity of what only says where we are."""

    def signed_scale(self, largest: float) -> ColourScale:
        """Return the scale of signed activations: symmetric about 0, orange to blue."""
        return self.palette.values.scale(-largest, largest)

    def weight_scale(self, largest: float) -> ColourScale:
        """Return the scale of weights: symmetric about 0, in a hue pair of their own."""
        return self.palette.weights.scale(-largest, largest)

    def positive_scale(self, largest: float) -> ColourScale:
        """Return the scale of ReLU and pooling outputs: the blue half of the signed one."""
        return self.palette.values.scale(0.0, largest)

    def grey_scale(self, low: float = 0.0, high: float = 1.0) -> ColourScale:
        """Return the scale of the picture's channels: black to white."""
        return ColourScale(low, high, (self.palette.grey_low, self.palette.grey_high))

    def text_on(self, colour: str) -> str:
        """Return the colour of text on a cell of `colour`: whichever reads better."""
        dark, light = self.palette.on_light, self.palette.on_dark
        return max((dark, light), key=lambda ink: contrast_ratio(ink, colour))


def dark_theme() -> Theme:
    """Return the theme for dark rooms and dark slides."""
    return Theme(
        "dark",
        Palette(
            background="#0e1117",
            text="#eef1f6",
            text_muted="#9aa4b2",
            accent="#ffde45",
            line="#4a5361",
            on_light="#000000",
            on_dark="#ffffff",
            values=Ramp(Hues(38, 62), Hues(262, 222), zero=0.235, end=0.95, chroma=0.155),
            weights=Ramp(Hues(310, 322), Hues(162, 155), zero=0.235, end=0.95, chroma=0.13),
            grey_low="#000000",
            grey_high="#ffffff",
            channels=("#ff7b72", "#7ee787", "#79b8ff"),
        ),
    )


def light_theme() -> Theme:
    """Return the theme for bright rooms and printed stills."""
    return Theme(
        "light",
        Palette(
            background="#fbfbf8",
            text="#16191f",
            text_muted="#59626f",
            accent="#b3005e",
            line="#9aa2ad",
            on_light="#000000",
            on_dark="#ffffff",
            values=Ramp(Hues(62, 38), Hues(235, 262), zero=0.925, end=0.31, chroma=0.155),
            weights=Ramp(Hues(318, 305), Hues(160, 158), zero=0.925, end=0.31, chroma=0.13),
            grey_low="#000000",
            grey_high="#ffffff",
            channels=("#b3261e", "#1b7837", "#1f5fae"),
        ),
    )


def theme_of(name: str, aspect: str = "16:9") -> Theme:
    """Return the theme of a name, laid out for a frame.

    Parameters
    ----------
    name
        One of :data:`cnnviz.style.names.THEMES`.
    aspect
        The frame's proportions, one of :data:`cnnviz.style.names.ASPECTS`.

    Raises
    ------
    UserError
        If there is no such theme, or no such aspect.
    """
    themes = {"dark": dark_theme, "light": light_theme}
    if name not in themes:
        raise UserError(f'there is no theme "{name}": choose {", ".join(themes)}')
    for known in ASPECTS:
        if known == aspect:
            sizes = SIZES_BY_ASPECT.get(known, FontSizes())
            return replace(themes[name](), sizes=sizes, layout=Layout.of_aspect(known))
    raise UserError(f'there is no aspect "{aspect}": choose {", ".join(ASPECTS)}')
