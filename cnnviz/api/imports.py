"""Networks of other programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from cnnviz.importing import ImportResult, ImportSettings
from cnnviz.importing import import_network as run


def import_network(
    source: str | Path,
    output: str | Path,
    *,
    name: str | None = None,
    classes: str | Path | None = None,
    names: Mapping[str, str | Path] | None = None,
    input_size: tuple[int, int] | None = None,
    mean: Sequence[float] | None = None,
    std: Sequence[float] | None = None,
    like: str | Path | None = None,
    check: tuple[str | Path, str | Path] | None = None,
    force: bool = False,
) -> ImportResult:
    """Import a network and write its weights file, ``output``, with a model card beside it.

    Parameters
    ----------
    source
        ONNX, a ``model.json`` of TensorFlow.js, ``.keras`` or ``.h5``, or with `like` a state_dict
        of PyTorch or safetensors; which of them is told by the content. Nothing in it is run.
    name
        What the network is called; by default as in the file.
    classes
        A file with the classes' names, one a line, or JSON.
    names
        TOML files with what films call the classes, by language.
    input_size
        (height, width), where the file leaves them open.
    mean, std
        What the network wants subtracted from a picture from 0 to 1, and what that is divided by:
        one number, or one for each channel.
    like
        The network description that weights alone belong to: a TOML file, or a name.
    check
        Two ``.npy`` files, an input and what the network gives for it, to compare with.
    force
        Whether files that are there already are replaced.

    Returns
    -------
    ImportResult
        The network, what was changed, the proof, and the files.

    Raises
    ------
    UserError
        If the file cannot be read or shown, naming the layer and what could be done; then nothing
        is written.
    """
    settings = ImportSettings(
        name=name,
        classes=None if classes is None else Path(classes),
        names=names,
        input_size=input_size,
        mean=mean,
        std=std,
        like=like,
        check=None if check is None else (Path(check[0]), Path(check[1])),
    )
    return run(source, output, settings, force=force)
