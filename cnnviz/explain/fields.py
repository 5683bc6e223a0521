"""What a cell sees of the picture, and what a pixel reaches in each layer.

Rows and columns are independent of each other, so a field is a set of rows and a set of
columns. Sizes and positions follow Araujo, Norris and Sim, "Computing Receptive Fields of
Convolutional Neural Networks", Distill, 2019.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cnnviz.layers import Shape
from cnnviz.layers.windows import WindowGeometry
from cnnviz.model.architecture import Architecture


@dataclass(frozen=True)
class Field:
    """Cells of one layer's maps, the same in every channel.

    Attributes
    ----------
    layer
        The layer whose output it lies in, or ``"input"`` for the picture.
    rows, columns
        Ascending. With dilation, or a stride beyond the window, they can have gaps; a
        pixel that no window looks at reaches nothing, and both may be empty.
    """

    layer: str
    rows: tuple[int, ...]
    columns: tuple[int, ...]

    @property
    def is_empty(self) -> bool:
        """Whether it has no cells."""
        return not self.rows or not self.columns

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the smallest rectangle around it, in cells."""
        return _extent(self.rows), _extent(self.columns)


@dataclass(frozen=True)
class ReceptiveGeometry:
    """The receptive fields of a layer's cells, on an input without borders.

    Attributes
    ----------
    size
        Side of the square field, in input cells (r_0 in the article).
    jump
        Distance between the fields of neighbouring cells (the effective stride S_0).
    start
        First row and column of the field of cell (0, 0); negative with padding, because
        it begins in the border (-P_0, the effective padding).
    """

    size: int
    jump: int
    start: int

    def span(self, position: int) -> range:
        """Return the rows (or columns) that the cell in row (or column) `position` sees."""
        first = self.start + position * self.jump
        return range(first, first + self.size)


def receptive_geometry(architecture: Architecture, layer: str) -> ReceptiveGeometry:
    """Return size, distance and position of the receptive fields of `layer`'s cells.

    Layer by layer, with the effective kernel k' = d (k - 1) + 1:
    ``size += (k' - 1) jump``, ``start -= padding jump``, ``jump *= stride``.

    Raises
    ------
    KeyError
        If there is no layer of that name, or if its output is no map.
    """
    size, jump, start = 1, 1, 0
    for each in _spatial_layers(architecture, layer):
        geometry = each.window
        size += geometry.dilation * (geometry.kernel_size - 1) * jump
        start -= geometry.padding * jump
        jump *= geometry.stride
    return ReceptiveGeometry(size, jump, start)


def receptive_cone(
    architecture: Architecture, layer: str, row: int, column: int
) -> tuple[Field, ...]:
    """Return what one cell sees in every layer before it, back to the picture.

    The first field is the cell itself, the last one lies in ``"input"``. Fields are exact:
    they end at the border, and skip what dilated windows skip.

    Raises
    ------
    KeyError
        If there is no layer of that name, or if its output is no map.
    IndexError
        If there is no such cell.
    """
    layers = _spatial_layers(architecture, layer)
    _, height, width = layers[-1].output_shape
    if not (0 <= row < height and 0 <= column < width):
        raise IndexError(f"no cell ({row}, {column}) in {layer!r}: it has {height} x {width}")
    cone = [Field(layer, (row,), (column,))]
    for each in reversed(layers):
        seen_by, (_, height, width) = cone[-1], each.input_shape
        rows = _seen(each.window, seen_by.rows, height)
        columns = _seen(each.window, seen_by.columns, width)
        cone.append(Field(architecture.source_of(each.name), rows, columns))
    return tuple(cone)


def receptive_field(architecture: Architecture, layer: str, row: int, column: int) -> Field:
    """Return what one cell sees of the picture: the last of :func:`receptive_cone`."""
    return receptive_cone(architecture, layer, row, column)[-1]


def projective_field(architecture: Architecture, row: int, column: int) -> tuple[Field, ...]:
    """Return which outputs of every layer one pixel of the picture reaches.

    From the first layer to the last one whose output is a map. A pixel reaches a cell if
    the cell's receptive field contains it, whatever the weights are.

    Raises
    ------
    IndexError
        If there is no such pixel.
    """
    _, height, width = architecture.input.shape
    if not (0 <= row < height and 0 <= column < width):
        raise IndexError(f"no pixel ({row}, {column}) in an input of {height} x {width}")
    rows: tuple[int, ...] = (row,)
    columns: tuple[int, ...] = (column,)
    fields = []
    for each in _spatial_layers(architecture):
        _, height, width = each.input_shape
        rows = _reached(each.window, rows, height)
        columns = _reached(each.window, columns, width)
        fields.append(Field(each.name, rows, columns))
    return tuple(fields)


@dataclass(frozen=True)
class _SpatialLayer:
    """A layer whose output is a stack of maps."""

    name: str
    window: WindowGeometry
    input_shape: Shape
    output_shape: Shape


def _spatial_layers(architecture: Architecture, last: str | None = None) -> list[_SpatialLayer]:
    """Return the layers whose outputs are maps, up to the one called `last`."""
    layers: list[_SpatialLayer] = []
    for each, input_shape, output_shape in architecture.shapes():
        if each.window is None or len(output_shape) != 3:
            break
        layers.append(_SpatialLayer(each.name, each.window, input_shape, output_shape))
        if each.name == last:
            return layers
    if last is not None:
        raise KeyError(last)
    return layers


def _seen(geometry: WindowGeometry, positions: Iterable[int], size: int) -> tuple[int, ...]:
    """Return the cells of an input of `size` cells under the windows at `positions`."""
    cells = {cell for at in positions for cell in geometry.cells_inside(at, size)}
    return tuple(sorted(cells))


def _reached(geometry: WindowGeometry, cells: Iterable[int], size: int) -> tuple[int, ...]:
    """Return the positions whose windows hold at least one of `cells`."""
    positions = {at for cell in cells for at in geometry.positions_over(cell, size)}
    return tuple(sorted(positions))


def _extent(cells: Sequence[int]) -> int:
    return cells[-1] - cells[0] + 1 if cells else 0
