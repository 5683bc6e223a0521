"""Networks go out and come back as they were."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from onnx.reference import ReferenceEvaluator

from cnnviz.errors import UserError
from cnnviz.importing import exporter, importer
from cnnviz.importing.exporter import export_network
from cnnviz.layers import Add, AvgPool2d, Conv2d, Flatten, Linear, MaxPool2d, ReLU, ReLU6
from cnnviz.model.architecture import Architecture, InputDescription
from cnnviz.network import Network, load_network, save_network

LAYERS = (
    Conv2d("first", 3, 4, (3, 2), (1, 2), (1, 0, 2, 1)),
    ReLU("relu"),
    Conv2d("depthwise", 4, 4, 3, padding=2, dilation=2, groups=4),
    ReLU6("relu6"),
    Add("sum", inputs=("relu", "relu6")),
    MaxPool2d("pool", 2, 1, (0, 1, 1, 0)),
    AvgPool2d("mean", 3, 2, 1, count_include_pad=False),
    Flatten("flat"),
    Linear("scores", 4 * 5 * 3, 3),
)


@pytest.fixture
def network(tmp_path) -> Network:
    description = InputDescription(3, 9, 9, mean=(0.4, 0.5, 0.6), std=(0.2, 0.3, 0.4))
    architecture = Architecture("All kinds", description, LAYERS, ("a b", "<c>", "|d"))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        made = Network.build(architecture)
    save_network(made, tmp_path / "net.safetensors")
    return made


def assert_same_weights(one: Network, other: Network) -> None:
    for mine, theirs in zip(one.module.parameters(), other.module.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=0, atol=0)


def test_onnx_goes_out_and_comes_back(import_file, tmp_path, network):
    path = export_network(tmp_path / "net.safetensors", tmp_path / "net.onnx")
    back = import_file(path).network
    assert_same_weights(network, back)
    assert back.classes == network.classes
    assert back.name == network.name
    np.testing.assert_allclose(back.input.mean, network.input.mean, rtol=1e-5)
    np.testing.assert_allclose(back.input.std, network.input.std, rtol=1e-5)
    assert [layer.kind for layer in back.layers] == [layer.kind for layer in network.layers]


def test_an_onnx_model_takes_pictures_from_0_to_1(tmp_path, network):
    path = export_network(tmp_path / "net.safetensors", tmp_path / "net.onnx")
    picture = np.random.default_rng(0).random((1, 3, 9, 9)).astype(np.float32)
    (scores,) = ReferenceEvaluator(str(path)).run(None, {"image": picture})
    mean, std = (
        torch.tensor(each).reshape(1, 3, 1, 1) for each in (network.input.mean, network.input.std)
    )
    with torch.no_grad():
        expected = network.module((torch.from_numpy(picture) - mean) / std)
    np.testing.assert_allclose(scores, expected, atol=1e-5)


def test_a_state_dict_goes_out_and_comes_back(import_file, tmp_path):
    path = export_network("tiny_vgg", tmp_path / "net.pt")
    state = torch.load(path, weights_only=True)
    network = load_network("tiny_vgg")
    network.module.load_state_dict(state)
    assert_same_weights(network, import_file(path, like="tiny_vgg").network)


def test_nothing_is_replaced_without_being_asked(tmp_path, network):
    weights = tmp_path / "net.safetensors"
    (tmp_path / "net.onnx").write_text("mine")
    with pytest.raises(UserError, match="--force"):
        export_network(weights, tmp_path / "net.onnx")
    with pytest.raises(UserError, match="must end in"):
        export_network(weights, tmp_path / "net.h5")
    (tmp_path / "link.onnx").hardlink_to(weights)
    with pytest.raises(UserError, match="is an input"):
        export_network(weights, tmp_path / "link.onnx", force=True)
    export_network(weights, tmp_path / "net.onnx", force=True)
    assert (tmp_path / "net.onnx").read_bytes() != b"mine"


@pytest.mark.parametrize("ending", [".safetensors", ".onnx"])
def test_a_file_that_appears_meanwhile_is_not_replaced(tmp_path, network, monkeypatch, ending):
    model = export_network(tmp_path / "net.safetensors", tmp_path / "net.onnx")
    output = tmp_path / f"other{ending}"
    run, source, module, name = {
        ".safetensors": (importer.import_network, model, importer, "weights_bytes"),
        ".onnx": (export_network, tmp_path / "net.safetensors", exporter, "onnx_model"),
    }[ending]
    make = getattr(module, name)

    def make_while_another_writes(of: Network) -> object:
        output.write_text("mine")
        return make(of)

    monkeypatch.setattr(module, name, make_while_another_writes)
    with pytest.raises(UserError, match="is there already"):
        run(source, output)
    assert output.read_text() == "mine"
