"""The two that are compared: what each is called, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.explain.comparison import is_same_network
from cnnviz.locales import Words
from cnnviz.model.trace import Trace


@dataclass(frozen=True)
class Sides:
    """What is compared.

    Attributes
    ----------
    traces
        Of the first and of the second.
    names
        What they are called in captions and headings.
    are_pictures
        Whether they are two pictures that one network saw, and not two networks.
    """

    traces: tuple[Trace, Trace]
    names: tuple[str, str]
    are_pictures: bool

    @classmethod
    def of(cls, trace: Trace, other: Trace, words: Words) -> Sides:
        """Return what two traces are: pictures A and B, or networks by their names."""
        letters = (words("common.first_side"), words("common.second_side"))
        if is_same_network(trace, other):
            return cls((trace, other), letters, are_pictures=True)
        names = (trace.architecture.name, other.architecture.name)
        if names[0] == names[1]:
            names = letters
        return cls((trace, other), names, are_pictures=False)

    @property
    def kind(self) -> str:
        """The ending of keys of words that differ: ``"pictures"`` or ``"networks"``."""
        return "pictures" if self.are_pictures else "networks"

    def picture_name(self, side: int, words: Words) -> str:
        """Return what stands above a side's picture: which it is, or whose network receives it."""
        name = self.names[side]
        return words("common.picture_named", name=name) if self.are_pictures else name

    @property
    def facts(self) -> dict[str, str]:
        """The names, for captions."""
        return {"first": self.names[0], "second": self.names[1]}
