"""How a scene says what can be chosen about it.

A scene's parameters are a frozen dataclass whose fields are made here. The command line
turns each into an option and Python takes each as a keyword of ``cnnviz.render``; a scene
that comes from elsewhere gets both for free.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from keyword import iskeyword
from typing import Any, Literal

Kind = Literal["text", "number", "pixel", "choice", "flag"]


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
    """

    kind: Kind
    help: str
    choices: tuple[str, ...] = ()
    default: Any = None


def parameter(
    kind: Kind,
    help: str,  # noqa: A002 (as Click calls it)
    default: Any = None,
    choices: tuple[str, ...] = (),
) -> Any:
    """Return a dataclass field for one parameter of a scene."""
    return field(default=default, metadata={"parameter": Parameter(kind, help, choices, default)})


def parameters_of(parameters_class: type) -> dict[str, Parameter]:
    """Return the parameters of a scene by name, in their order."""
    return {
        each.name: each.metadata["parameter"]
        for each in fields(parameters_class)
        if "parameter" in each.metadata
    }


def option_name(name: str) -> str:
    """Return the command line option for the parameter called `name`, such as ``--pixel``.

    ``class_name`` is ``--class``: no field of a dataclass can have the name of a Python
    keyword, so ``_name`` follows it there and is left out here.
    """
    stem = name.removesuffix("_name")
    return "--" + (stem if iskeyword(stem) else name).replace("_", "-")
