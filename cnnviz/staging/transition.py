"""What one scene of a lecture leaves on the stage for the next."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from manim import Group, Mobject

PHOTO: Hashable = "photo"
"""Key of the photo, as it is before the network sees it."""

NETWORK: Hashable = "network"
"""Key of the whole network, a :class:`~cnnviz.mobjects.network_map.network_map.NetworkMap`."""


@dataclass(frozen=True)
class Transition:
    """The stage as a scene leaves it.

    Attributes
    ----------
    mobjects
        All that is on it, in the order in which it is drawn.
    caption
        The caption among them.
    caption_text
        What it says.
    objects
        Those that the next scene may go on with, by what they are: :data:`PHOTO`, :data:`NETWORK`.
    cache_key
        Digest of what decided how the stage looks, apart from the caption: see
        :attr:`cnnviz.staging.beats.Beat.cache_key`.
    last_beat
        Name of the scene's last beat.
    """

    mobjects: list[Mobject]
    caption: Group
    caption_text: str | None
    objects: dict[Hashable, Mobject]
    cache_key: str
    last_beat: str
