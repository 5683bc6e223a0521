from __future__ import annotations

import json
import os
import pickle
import re
import struct
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file as save_numpy
from safetensors.torch import load as load_bytes
from safetensors.torch import save as save_bytes

from cnnviz.errors import UserError
from cnnviz.network import Network, load_network, save_network
from cnnviz.network.weights import weights_bytes


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_random_networks_come_back_as_they_were(data, architectures, tmp_path_factory):
    network = Network.build(data.draw(architectures))
    path = tmp_path_factory.mktemp("weights") / "network.safetensors"
    save_network(network, path)
    loaded = load_network(path)
    assert loaded.architecture == network.architecture
    for name, value in network.module.state_dict().items():
        assert torch.equal(loaded.module.state_dict()[name], value)


def test_the_same_network_gives_the_same_bytes(tiny_network):
    assert weights_bytes(tiny_network) == weights_bytes(tiny_network)


def test_bundled_network_is_exactly_tiny_vgg():
    network = load_network()
    assert network.parameter_count == 19_920
    assert network.parameter_count == sum(p.numel() for p in network.module.parameters())
    assert not network.input.is_normalised
    names = [layer.name for layer in network.layers]
    assert names[:5] == ["conv_1_1", "relu_1_1", "conv_1_2", "relu_1_2", "max_pool_1"]
    assert names[5:10] == ["conv_2_1", "relu_2_1", "conv_2_2", "relu_2_2", "max_pool_2"]
    assert names[10:] == ["flatten", "output"]
    assert network.classes == (
        "cat",
        "ladybug",
        "pizza",
        "bell pepper",
        "school bus",
        "koala",
        "espresso",
        "red panda",
        "orange",
        "sports car",
    )


def test_saving_replaces_whole_files_and_leaves_no_others(tiny_network, tmp_path):
    path = tmp_path / "new" / "folder" / "tiny.safetensors"
    for _ in range(2):
        save_network(tiny_network, path)
        assert os.listdir(path.parent) == ["tiny.safetensors"]


def test_a_failed_save_leaves_the_old_file(tiny_network, tmp_path, monkeypatch):
    path = tmp_path / "tiny.safetensors"
    path.write_bytes(b"old")

    def fail(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(UserError, match=r"cannot write .*tiny.safetensors.*No space left"):
        save_network(tiny_network, path)
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["tiny.safetensors"]


def refusal(path) -> str:
    with pytest.raises(UserError) as caught:
        load_network(path)
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b"abc", "not a safetensors file"),
        (b"\x89PNG\r\n\x1a\n and so on", "not a safetensors file"),
        (pickle.dumps({"weight": [1.0]}), "pickle"),
        (b"PK\x03\x04 a zip", "never loaded"),
        (struct.pack("<Q", 50_000_000) + b"{", "header claims 50,000,000 bytes"),
        (struct.pack("<Q", 60) + b"{", "cannot load"),
        (struct.pack("<Q", 9) + b"{not json", "cannot load"),
    ],
)
def test_files_of_other_kinds_are_refused(tmp_path, content, reason):
    path = tmp_path / "other.safetensors"
    path.write_bytes(content)
    assert reason in refusal(path)


def test_missing_files_and_folders_are_refused(tmp_path):
    assert "No such file" in refusal(tmp_path / "missing.safetensors")
    assert "it is a folder" in refusal(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    assert "not an ordinary file" in refusal(tmp_path / "pipe")


def test_a_torch_file_is_refused(tiny_network, tmp_path):
    path = tmp_path / "tiny.pt"
    torch.save(tiny_network.module.state_dict(), path)
    assert "pickle" in refusal(path)


def test_a_truncated_file_is_refused(tiny_network, tmp_path):
    path = tmp_path / "tiny.safetensors"
    path.write_bytes(weights_bytes(tiny_network)[:-5])
    refusal(path)


def test_safetensors_of_other_programs_are_refused(tmp_path):
    path = tmp_path / "other.safetensors"
    save_numpy({"weight": np.zeros(3, np.float32)}, path, metadata={"format": "pt"})
    assert "does not say which network" in refusal(path)


def metadata_of(network) -> dict:
    content = weights_bytes(network)
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    return json.loads(header["__metadata__"]["cnnviz"])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"version": 2}, "format version 2"),
        ({"version": None}, "format version None"),
        ({"classes": ["one", "one"]}, "class name 'one' is used 2 times"),
        ({"classes": ["one", "two", "three"]}, "gives 2 scores, but there are 3 classes"),
        ({"classes": "ab"}, "list of names"),
        ({"mean": [float("nan")]}, "mean"),
        ({"mean": [0.5, 0.5]}, "mean"),
        ({"std": [0.0]}, "std"),
        ({"std": [True]}, "std"),
        ({"input": {"channels": 1, "height": 0, "width": 5}}, "input height is 0"),
        ({"input": {"channels": 10**300, "height": 6, "width": 5}}, "too large"),
        ({"layers": []}, "number of layers is 0"),
        ({"layers": [{"kind": "dropout", "name": "drop"}]}, "unknown kind 'dropout'"),
        ({"author": "me"}, "unknown key 'author'"),
    ],
)
def test_descriptions_that_do_not_fit_are_refused(tiny_network, tmp_path, change, reason):
    path = tmp_path / "changed.safetensors"
    metadata = json.dumps(metadata_of(tiny_network) | change)
    path.write_bytes(save_bytes(tiny_network.module.state_dict(), {"cnnviz": metadata}))
    assert reason in refusal(path)


@pytest.mark.parametrize("metadata", ["{", "[]", "[" * 100_000, "1" * 5000])
def test_metadata_that_is_no_description_is_refused(tiny_network, tmp_path, metadata):
    path = tmp_path / "changed.safetensors"
    path.write_bytes(save_bytes(tiny_network.module.state_dict(), {"cnnviz": metadata}))
    assert "its description is not" in refusal(path)


def without_bias(tensors):
    del tensors["conv_1.bias"]


def with_surplus(tensors):
    tensors["conv_9.bias"] = torch.zeros(1)


def of_half_precision(tensors):
    tensors["conv_1.bias"] = tensors["conv_1.bias"].half()


def of_other_shape(tensors):
    tensors["output.weight"] = torch.zeros(2, 13)


def with_nan(tensors):
    tensors["output.weight"][0, 0] = float("nan")


def with_infinity(tensors):
    tensors["conv_1.bias"][1] = float("inf")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (without_bias, "tensor 'conv_1.bias' is missing"),
        (with_surplus, "tensor 'conv_9.bias' belongs to no layer"),
        (of_half_precision, "'conv_1.bias' is of type F16; it must be F32"),
        (of_other_shape, r"'output.weight' has shape (2, 13); the layer needs (2, 12)"),
        (with_nan, "'output.weight' contains values that are not finite"),
        (with_infinity, "'conv_1.bias' contains values that are not finite"),
    ],
)
def test_tensors_that_do_not_fit_are_refused(tiny_network, tmp_path, change, reason):
    path = tmp_path / "changed.safetensors"
    tensors = load_bytes(weights_bytes(tiny_network))
    change(tensors)
    path.write_bytes(save_bytes(tensors, {"cnnviz": json.dumps(metadata_of(tiny_network))}))
    assert reason in refusal(path)


def named(network: Network, **names: tuple[str, ...]) -> Network:
    return replace(network, architecture=replace(network.architecture, names=names))


def test_names_in_several_languages_come_back(tiny_network, tmp_path):
    names = tuple(f"名 {index}" for index in range(len(tiny_network.classes)))
    save_network(named(tiny_network, zh=names), tmp_path / "named.safetensors")
    architecture = load_network(tmp_path / "named.safetensors").architecture
    assert architecture.class_names("zh") == names
    assert architecture.class_names("en") == tiny_network.classes


def test_a_network_without_names_has_the_bytes_it_had(tiny_network):
    assert "names" not in metadata_of(tiny_network)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["a"], "must be an object of lists"),
        ({"zh": "ab"}, "must be a list of names"),
        ({"zh": ["a"]}, "there are 1 class names in language 'zh'"),
        ({"zh": ["same"] * 2}, "is used 2 times"),
        ({"zh": ["", "b"]}, "must be 1 to"),
        ({"chinese!": ["a", "b"]}, "is no language's code"),
    ],
)
def test_names_that_make_no_sense_are_told(tiny_network, tmp_path, names, message):
    metadata = json.dumps(metadata_of(tiny_network) | {"names": names})
    path = tmp_path / "named.safetensors"
    path.write_bytes(save_bytes(tiny_network.module.state_dict(), {"cnnviz": metadata}))
    with pytest.raises(UserError, match=re.escape(message)):
        load_network(path)


def test_the_bundled_network_speaks_chinese():
    chinese = load_network().architecture.class_names("zh")
    assert chinese[:4] == ("猫", "瓢虫", "披萨", "甜椒")
    assert len(chinese) == 10
