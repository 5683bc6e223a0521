"""A network as a table: its layers with their shapes, parameters and receptive fields."""

from __future__ import annotations

from cnnviz.explain.fields import receptive_geometry
from cnnviz.layers import Conv2d, Layer, Shape
from cnnviz.model.architecture import Architecture

CLASSES_IN_A_LINE = 20
"""Names of classes that are listed together."""

Row = tuple[str, str, str, str, str, str, str]


def network_summary(architecture: Architecture) -> str:
    """Return one line: name, input, layers, parameters, classes."""
    picture = architecture.input
    colour = "RGB" if picture.channels == 3 else "grey"
    return (
        f"{architecture.name}: {colour} {picture.height} × {picture.width}, "
        f"{len(architecture.layers)} layers, {architecture.parameter_count:,} parameters, "
        f"{len(architecture.classes)} classes"
    )


def network_rows(architecture: Architecture) -> list[Row]:
    """Return a row for each layer.

    Name, kind, what it reads, its output's shape, its window (with stride and padding where they
    are not plain), its parameters, and its cells' receptive field in pixels, on an input without
    borders; of layers without maps nothing.
    """
    rows = []
    for layer, _, output in architecture.shapes():
        rows.append(
            (
                layer.name,
                layer.kind,
                ", ".join(architecture.sources_of(layer.name)),
                " × ".join(map(str, output)),
                _window(layer),
                f"{layer.parameter_count:,}",
                _field(architecture, layer, output),
            )
        )
    return rows


def _window(layer: Layer) -> str:
    """Return a sliding window's sizes; what is as usual is left out."""
    window = layer.window
    if window is None or not layer.slides:
        return ""
    parts = [" × ".join(map(str, window.kernel_sizes))]
    if window.strides != (1, 1):
        parts.append(f"stride {_listed(window.strides)}")
    if any(window.paddings):
        parts.append(f"padding {_listed(window.paddings)}")
    if window.dilations != (1, 1):
        parts.append(f"dilation {_listed(window.dilations)}")
    if isinstance(layer, Conv2d) and layer.groups > 1:
        parts.append(f"groups {layer.groups}")
    return ", ".join(parts)


def _field(architecture: Architecture, layer: Layer, output: Shape) -> str:
    if len(output) != 3:
        return ""
    sizes = [receptive_geometry(architecture, layer.name, axis).size for axis in (0, 1)]
    return " × ".join(map(str, sizes))


def _listed(numbers: tuple[int, ...]) -> str:
    return str(numbers[0]) if len(set(numbers)) == 1 else " ".join(map(str, numbers))
