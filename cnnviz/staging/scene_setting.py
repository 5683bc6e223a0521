"""All that a scene may read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cnnviz.locales import Words
from cnnviz.model.trace import Trace
from cnnviz.staging.network_maps import NetworkMaps
from cnnviz.staging.visibility import Visibility
from cnnviz.style.theme import Theme
from cnnviz.style.typography import line_advance


@dataclass(frozen=True)
class SceneSetting:
    """All that a scene may read.

    Attributes
    ----------
    trace
        What the network did with the picture.
    parameters
        The scene's own frozen dataclass, every field filled in.
    theme
        How the screen looks.
    words
        The words of one language.
    pace
        How many times longer than usual everything takes.
    visibility
        What of its words is drawn.
    other
        What is compared with it, in a scene that compares two.
    networks
        Pictures of whole networks that were made before: scenes with this setting share them.

    Raises
    ------
    UserError
        If the fonts cannot draw one of the network's names.
    """

    trace: Trace
    parameters: Any
    theme: Theme
    words: Words
    pace: float = 1.0
    visibility: Visibility = field(default_factory=Visibility)
    other: Trace | None = None
    networks: NetworkMaps = field(default_factory=NetworkMaps, repr=False, compare=False)

    def __post_init__(self) -> None:
        for trace in self.traces:
            architecture = trace.architecture
            layers = (layer.name for layer in architecture.layers)
            classes = architecture.class_names(self.words.language)
            for name in (architecture.name, *layers, *classes):
                line_advance(name)

    @property
    def traces(self) -> tuple[Trace, ...]:
        """What the scene reads: one trace, or the two that it compares."""
        return (self.trace,) if self.other is None else (self.trace, self.other)
