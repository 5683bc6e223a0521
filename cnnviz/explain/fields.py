"""What a cell sees of the picture, and what a pixel reaches in each layer.

Rows and columns are independent of each other, so a field is a set of rows and a set of
columns. Sizes and positions follow Araujo, Norris and Sim, "Computing Receptive Fields of
Convolutional Neural Networks", Distill, 2019.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cnnviz.layers import Shape
from cnnviz.layers.window_axis import WindowAxis
from cnnviz.model.architecture import INPUT, Architecture


@dataclass(frozen=True)
class Field:
    """Cells of one layer's maps, the same in every channel.

    Attributes
    ----------
    layer
        The layer whose output it lies in, or ``"input"`` for the picture.
    rows, columns
        Ascending. With dilation, or a stride beyond the window, they can have gaps; a
        pixel that no window looks at reaches nothing, and both may be empty. Where branches
        with windows of different proportions meet, they are the rows and the columns of all
        that is seen: not every cell at a crossing needs to be.
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

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns of that rectangle, with which it is cut out; not of an empty field."""
        rows, columns = self.rows, self.columns
        return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


@dataclass(frozen=True)
class ReceptiveGeometry:
    """The receptive fields of a layer's cells along one axis, on an input without borders.

    Attributes
    ----------
    size
        The field's cells along one axis of the input (r_0 in the article).
    jump
        Distance between the fields of neighbouring cells (the effective stride S_0).
    start
        First row (or column) of the field of cell (0, 0); negative with padding, because
        it begins in the border (-P_0, the effective padding).
    """

    size: int
    jump: int
    start: int

    def span(self, position: int) -> range:
        """Return the rows (or columns) that the cell in row (or column) `position` sees."""
        first = self.start + position * self.jump
        return range(first, first + self.size)


def receptive_geometry(architecture: Architecture, layer: str, axis: int = 0) -> ReceptiveGeometry:
    """Return size, distance and position of the receptive fields of `layer`'s cells.

    Layer by layer, with the effective kernel k' = d (k - 1) + 1:
    ``size += (k' - 1) jump``, ``start -= padding jump``, ``jump *= stride``. Where branches
    meet, the field reaches from the first start to the last end of theirs.

    Parameters
    ----------
    axis
        0 for rows, 1 for columns: the same where all windows are square.

    Raises
    ------
    KeyError
        If there is no layer of that name, or if its output is no map.
    """
    found = {INPUT: ReceptiveGeometry(1, 1, 0)}
    for each in _spatial_layers(architecture, layer):
        along = each.axes[axis]
        read = [found[source] for source in architecture.sources_of(each.name)]
        start = min(field.start for field in read)
        end = max(field.start + field.size for field in read)
        jump = read[0].jump
        found[each.name] = ReceptiveGeometry(
            size=end - start + along.dilation * (along.kernel_size - 1) * jump,
            jump=jump * along.stride,
            start=start - along.before * jump,
        )
    return found[layer]


def receptive_cone(
    architecture: Architecture, layer: str, row: int, column: int
) -> tuple[Field, ...]:
    """Return what one cell sees in every layer before it, back to the picture.

    The first field is the cell itself, the last one lies in ``"input"``. Fields are exact:
    they end at the border, and skip what dilated windows skip. Of a layer that several read it
    is all that they see together; a layer that the cell does not see at all is left out.

    Parameters
    ----------
    layer
        Name of a layer whose output is maps.
    row, column
        Of the cell in them, from 0.

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
    seen: dict[str, tuple[set[int], set[int]]] = {layer: ({row}, {column})}
    cone = []
    for each in reversed(layers):
        if each.name not in seen:
            continue
        rows, columns = (tuple(sorted(cells)) for cells in seen[each.name])
        cone.append(Field(each.name, rows, columns))
        _, height, width = each.input_shape
        for source in architecture.sources_of(each.name):
            on_rows, on_columns = seen.setdefault(source, (set(), set()))
            on_rows.update(_seen(each.axes[0], rows, height))
            on_columns.update(_seen(each.axes[1], columns, width))
    rows, columns = (tuple(sorted(cells)) for cells in seen[INPUT])
    return (*cone, Field(INPUT, rows, columns))


def receptive_field(architecture: Architecture, layer: str, row: int, column: int) -> Field:
    """Return what one cell sees of the picture: the last of :func:`receptive_cone`.

    Parameters
    ----------
    layer, row, column
        As for :func:`receptive_cone`, as are the errors.
    """
    return receptive_cone(architecture, layer, row, column)[-1]


def projective_field(architecture: Architecture, row: int, column: int) -> tuple[Field, ...]:
    """Return which outputs of every layer one pixel of the picture reaches.

    From the first layer to the last one whose output is a map. A pixel reaches a cell if
    the cell's receptive field contains it, whatever the weights are.

    Parameters
    ----------
    row, column
        Of the pixel, from 0, at the network's input size.

    Raises
    ------
    IndexError
        If there is no such pixel.
    """
    _, height, width = architecture.input.shape
    if not (0 <= row < height and 0 <= column < width):
        raise IndexError(f"no pixel ({row}, {column}) in an input of {height} x {width}")
    reached = {INPUT: Field(INPUT, (row,), (column,))}
    for each in _spatial_layers(architecture):
        _, height, width = each.input_shape
        rows: set[int] = set()
        columns: set[int] = set()
        for source in architecture.sources_of(each.name):
            rows.update(_reached(each.axes[0], reached[source].rows, height))
            columns.update(_reached(each.axes[1], reached[source].columns, width))
        reached[each.name] = Field(each.name, tuple(sorted(rows)), tuple(sorted(columns)))
    return tuple(field for name, field in reached.items() if name != INPUT)


@dataclass(frozen=True)
class _SpatialLayer:
    """A layer whose output is a stack of maps."""

    name: str
    axes: tuple[WindowAxis, WindowAxis]
    input_shape: Shape
    output_shape: Shape


def _spatial_layers(architecture: Architecture, last: str | None = None) -> list[_SpatialLayer]:
    """Return the layers whose outputs are maps, up to the one called `last`."""
    layers: list[_SpatialLayer] = []
    for each, input_shape, output_shape in architecture.shapes():
        if each.window is None or len(output_shape) != 3:
            break
        axes = (each.window.rows, each.window.columns)
        layers.append(_SpatialLayer(each.name, axes, input_shape, output_shape))
        if each.name == last:
            return layers
    if last is not None:
        raise KeyError(last)
    return layers


def _seen(axis: WindowAxis, positions: Iterable[int], size: int) -> set[int]:
    """Return the cells of an input of `size` cells under the windows at `positions`."""
    return {cell for at in positions for cell in axis.cells_inside(at, size)}


def _reached(axis: WindowAxis, cells: Iterable[int], size: int) -> set[int]:
    """Return the positions whose windows hold at least one of `cells`."""
    return {at for cell in cells for at in axis.positions_over(cell, size)}


def _extent(cells: Sequence[int]) -> int:
    return cells[-1] - cells[0] + 1 if cells else 0
