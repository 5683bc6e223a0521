"""Files that hold nothing but weights: a description says which network they belong to."""

from __future__ import annotations

from pathlib import Path

from cnnviz.errors import UserError
from cnnviz.importing.formats import ReadingOptions
from cnnviz.importing.graph import ImportedGraph
from cnnviz.importing.state_dict import State, class_count_of, graph_of
from cnnviz.network.descriptions import bundled_descriptions, read_description


def described_graph(state: State, options: ReadingOptions, *, is_ordered: bool) -> ImportedGraph:
    """Return the network that `ReadingOptions.like` describes, with a file's weights.

    Raises
    ------
    UserError
        If there is no description, or the weights are not of the network that it describes.
    """
    if options.like is None:
        raise UserError(
            "it holds weights, but not what the network is made of; say it with --like and a "
            f"network description (a TOML file, or {', '.join(bundled_descriptions())})"
        )
    count = class_count_of(state)
    if count < 2:
        raise UserError(
            f"its last layer gives {count} score; cnnviz shows classifiers of two or more classes"
        )
    like: str | Path = options.like
    classes = [f"class {number}" for number in range(count)]
    return graph_of(state, read_description(like, classes), is_ordered=is_ordered)
