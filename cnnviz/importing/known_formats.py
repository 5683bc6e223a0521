"""Which formats there are, and which of them a file is of, whatever it is called."""

from __future__ import annotations

from cnnviz.errors import UserError
from cnnviz.importing.formats import ModelFormat, NetworkFile
from cnnviz.importing.keras_format import KerasFormat, KerasHdf5Format
from cnnviz.importing.onnx_format import OnnxFormat
from cnnviz.importing.safetensors_format import SafetensorsFormat
from cnnviz.importing.tfjs_format import TensorFlowJsFormat
from cnnviz.importing.torch_format import TorchFormat

FORMATS: tuple[ModelFormat, ...] = (
    OnnxFormat(),
    TensorFlowJsFormat(),
    KerasFormat(),
    KerasHdf5Format(),
    TorchFormat(),
    SafetensorsFormat(),
)
"""Every format, in the order in which files are compared with them."""


def model_format_of(file: NetworkFile) -> ModelFormat:
    """Return the format that a file's content is of.

    Raises
    ------
    UserError
        If it cannot be read, or is of none.
    """
    path = file.path
    try:
        if path.is_dir():
            raise UserError(_about_folder(file))
        if not path.exists():
            raise UserError("there is no such file")
        if not path.is_file():
            raise UserError("it is not an ordinary file")
        if not file.head:
            raise UserError("it is empty")
        for kind in FORMATS:
            if kind.recognises(file):
                return kind
    except UserError as error:
        raise UserError(f"cannot import '{path}': {error}") from None
    except OSError as error:
        raise UserError(f"cannot import '{path}': {error.strerror}") from None
    names = ", ".join(kind.name for kind in FORMATS)
    raise UserError(f"cannot import '{path}': its content is none of {names}")


def _about_folder(file: NetworkFile) -> str:
    if (file.path / "model.json").is_file():
        return f"it is a folder; give '{file.path / 'model.json'}'"
    if (file.path / "saved_model.pb").is_file():
        return (
            "it is a SavedModel of TensorFlow; save the network with model.save('model.keras'), or "
            "convert it to ONNX (tf2onnx)"
        )
    return "it is a folder"
