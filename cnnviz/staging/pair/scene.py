"""The base of scenes that compare two pictures, or two networks."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from cnnviz.errors import UserError
from cnnviz.model.trace import Trace
from cnnviz.staging.pair.sides import Sides
from cnnviz.staging.scene import LectureScene


class PairScene(LectureScene):
    """A scene about two traces: `trace` and `setting.other`."""

    compares = True

    @classmethod
    def resolve(cls, trace: Trace, parameters: Any) -> Any:
        """Refuse to be about one picture and one network alone."""
        raise UserError(
            f'the scene "{cls.name}" compares two pictures, or two networks: '
            "cnnviz compare A.png B.png, or cnnviz compare A.png --weights X --weights Y"
        )

    @classmethod
    @abstractmethod
    def resolve_both(cls, trace: Trace, other: Trace, parameters: Any) -> Any:
        """Check `parameters` against both traces and fill in what was left open.

        Raises
        ------
        UserError
            If something asked for does not exist in both; the message says what does.
        """

    def make_sides(self) -> Sides:
        """Return the two that are compared."""
        assert self.setting.other is not None  # or it would have been refused
        return Sides.of(self.trace, self.setting.other, self.words)
