"""How a scene says what can be chosen about it.

A scene's parameters are a frozen dataclass whose fields are made here. The command line
turns each into an option and Python takes each as a keyword of ``cnnviz.render``; a scene
that comes from elsewhere gets both for free.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from keyword import iskeyword
from operator import index
from typing import Any, Literal, get_args

from cnnviz.errors import UserError
from cnnviz.system.suggestions import choose

Kind = Literal["text", "number", "pixel", "choice", "flag"]

KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Parameter:
    """One thing that can be chosen.

    Attributes
    ----------
    kind
        ``"text"``, ``"number"`` (a whole one), ``"pixel"`` (row, column), ``"choice"`` or
        ``"flag"`` (given or not: True or False).
    help
        One sentence; says what happens when it is left out.
    choices
        The allowed texts of a ``"choice"``.
    default
        The value when it is left out; None lets the scene choose.
    minimum, maximum
        The range of a ``"number"``, both ends included; None where it has no end.
    """

    kind: Kind
    help: str
    choices: tuple[str, ...] = ()
    default: Any = None
    minimum: int | None = None
    maximum: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f'there is no kind "{self.kind}": choose {", ".join(KINDS)}')
        if (self.kind == "choice") != bool(self.choices):
            raise TypeError("a choice has choices, and nothing else has")
        if (self.minimum, self.maximum) != (None, None) and self.kind != "number":
            raise TypeError(f"a {self.kind} has no minimum and no maximum")
        if self.default is not None:
            self.check(self.default)

    @property
    def range(self) -> str:
        """What a number may be, such as ``1 to 5`` or ``0 or more``; empty if it may be any."""
        if self.minimum is not None and self.maximum is not None:
            return f"{self.minimum} to {self.maximum}"
        if self.minimum is not None:
            return f"{self.minimum} or more"
        return "" if self.maximum is None else f"{self.maximum} or less"

    def check(self, value: Any) -> Any:
        """Return `value` as a scene gets it: a Python integer for a NumPy one, a pixel as a tuple.

        Raises
        ------
        ValueError
            If it cannot be used; the message says what can.
        """
        if value is None and self.default is None and self.kind != "flag":
            return None
        checks = {
            "text": _text,
            "number": self._number,
            "pixel": _pixel,
            "choice": self._choice,
            "flag": _flag,
        }
        return checks[self.kind](value)

    def _number(self, value: Any) -> int:
        number = _whole(value, f"a whole number{self.range and ', '}{self.range}")
        least = number if self.minimum is None else self.minimum
        most = number if self.maximum is None else self.maximum
        if not least <= number <= most:
            raise ValueError(f"give {self.range}")
        return number

    def _choice(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.choices:
            raise ValueError(f"choose {', '.join(self.choices)}")
        return value


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):  # 3 for "3"
        raise ValueError("give a text")
    return str(value)


def _whole(value: Any, wanted: str) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise ValueError(f"give {wanted}")
    return index(value)


def _pixel(value: Any) -> tuple[int, int]:
    wanted = "(row, column), two whole numbers"
    try:
        row, column = value
    except (TypeError, ValueError):
        raise ValueError(f"give {wanted}") from None
    return _whole(row, wanted), _whole(column, wanted)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("give True or False")
    return value


def parameter(
    kind: Kind,
    help: str,  # noqa: A002 (as Click calls it)
    default: Any = None,
    choices: tuple[str, ...] = (),
    *,
    minimum: int | None = None,
    maximum: int | None = None,
) -> Any:
    """Return a dataclass field for one parameter of a scene; see :class:`Parameter`.

    Parameters
    ----------
    kind
        What it is: ``"text"``, ``"number"``, ``"pixel"``, ``"choice"`` or ``"flag"``.
    help
        A sentence for the command's help.
    default
        Its value where nothing is chosen; None leaves it to the scene's ``resolve``.
    choices
        What a choice may be.
    minimum, maximum
        What a number may be, both included.

    Raises
    ------
    TypeError
        If what is not a number has a minimum or a maximum, or what is not a choice has choices.
    ValueError
        If there is no such kind, or the default could not be chosen.
    """
    described = Parameter(kind, help, choices, default, minimum, maximum)
    return field(default=default, metadata={"parameter": described})


def parameters_of(parameters_class: type) -> dict[str, Parameter]:
    """Return the parameters of a scene by name, in their order."""
    return {
        each.name: each.metadata["parameter"]
        for each in fields(parameters_class)
        if "parameter" in each.metadata
    }


def make_parameters(scene: str, parameters_class: type, given: Mapping[str, Any]) -> Any:
    """Return a scene's parameters, each value checked by itself.

    Parameters
    ----------
    scene
        The scene's name, for messages.
    parameters_class
        Its frozen dataclass.
    given
        What was chosen, by name.

    Raises
    ------
    UserError
        If a parameter is unknown, or its value is of another kind or out of its range.
    """
    known = parameters_of(parameters_class)
    checked = {}
    for name, value in given.items():
        if name not in known:
            raise UserError(f'the scene "{scene}" has no parameter "{name}": {choose(name, known)}')
        try:
            checked[name] = known[name].check(value)
        except ValueError as error:
            raise UserError(f"{name} is {value!r}: {error}") from None
    return parameters_class(**checked)


def option_name(name: str) -> str:
    """Return the command line option for the parameter called `name`, such as ``--pixel``.

    ``class_name`` is ``--class``: no field of a dataclass can have the name of a Python
    keyword, so ``_name`` follows it there and is left out here.
    """
    stem = name.removesuffix("_name")
    return "--" + (stem if iskeyword(stem) else name).replace("_", "-")
