from __future__ import annotations

import pytest

from cnnviz.errors import UserError
from cnnviz.layers import Conv2d, Linear, MaxPool2d
from cnnviz.network.descriptions import (
    bundled_descriptions,
    description_table,
    parse_architecture,
    read_description,
)

SMALL = """
name = "small"
[input]
channels = 1
height = 20
width = 28
[[layers]]
kind = "conv"
name = "conv_1"
out_channels = 4
kernel_size = 5
stride = 2
padding = 1
[[layers]]
kind = "max_pool"
name = "max_pool_1"
kernel_size = 3
[[layers]]
kind = "flatten"
name = "flatten"
[[layers]]
kind = "linear"
name = "output"
"""


def test_tiny_vgg_is_cnn_explainers():
    assert "tiny_vgg" in bundled_descriptions()
    architecture = read_description("tiny_vgg", [f"class {n}" for n in range(10)])
    assert architecture.parameter_count == 19_920
    assert architecture.input.shape == (3, 64, 64)
    assert {name: output for (layer, _, output) in architecture.shapes() for name in [layer.name]}[
        "max_pool_2"
    ] == (10, 13, 13)


def test_sizes_are_computed(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(SMALL)
    conv, pool, _, output = read_description(path, ["a", "b", "c"]).layers
    assert conv == Conv2d("conv_1", 1, 4, 5, stride=2, padding=1, dilation=1)
    assert pool == MaxPool2d("max_pool_1", 3, 3)
    assert output == Linear("output", 4 * 3 * 4, 3)


def test_the_table_of_an_architecture_gives_it_back(tiny_network):
    architecture = tiny_network.architecture
    table = description_table(architecture)
    mean, std = architecture.input.mean, architecture.input.std
    assert parse_architecture(table, architecture.classes, mean, std) == architecture


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('name = "small"', "name = small", r"\.toml:2: "),
        ('name = "small"', "name = 3", "the description: name is 3; it must be text"),
        ('name = "small"', "", "the description: 'name' is missing"),
        ('name = "small"', 'colour = "red"', "the description: unknown key 'colour'"),
        ("height = 20", "", r"\[input\]: 'height' is missing"),
        ("height = 20", 'height = "20"', r"\[input\]: height is '20'; it must be a whole number"),
        ("height = 20", "height = true", r"\[input\]: height is True; it must be a whole"),
        ("height = 20", "height = 10000000", r"\[input\]: height is too large"),
        ("stride = 2", "strides = 2", r"number 1 \('conv_1'\): unknown key 'strides'; known are"),
        ("stride = 2", "stride = 0", r"number 1 \('conv_1'\): stride is 0; it must be 1 or more"),
        ("out_channels = 4", "", r"number 1 \('conv_1'\): 'out_channels' is missing"),
        ('kind = "conv"', 'kind = "dense"', r"number 1 \('conv_1'\): unknown kind 'dense'"),
        ('kind = "conv"', "", r"number 1 \('conv_1'\): 'kind' is missing"),
        ('kind = "flatten"', 'kind = "relu"', "0 flatten layers"),
        ("kernel_size = 5", "kernel_size = 50", "'conv_1': its window does not fit"),
        ('name = "output"', 'name = "output"\nout_features = 7', "7 scores, .* 3 classes"),
    ],
)
def test_mistakes_are_told_with_file_and_place(tmp_path, old, new, reason):
    path = tmp_path / "small.toml"
    path.write_text(SMALL.replace(old, new, 1))
    with pytest.raises(UserError, match=reason) as caught:
        read_description(path, ["a", "b", "c"])
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_hidden_linear_layers_must_say_their_outputs(tmp_path):
    path = tmp_path / "small.toml"
    hidden = '[[layers]]\nkind = "linear"\nname = "hidden"\n'
    output = '[[layers]]\nkind = "linear"\nname = "output"\n'
    path.write_text(SMALL.replace(output, hidden + output))
    with pytest.raises(UserError, match=r"number 4 \('hidden'\): 'out_features' is missing"):
        read_description(path, ["a", "b"])


def test_files_that_cannot_be_read_are_told(tmp_path):
    with pytest.raises(UserError, match=r"'nothing' is neither a file nor one of .*tiny_vgg"):
        read_description("nothing", ["a", "b"])
    with pytest.raises(UserError, match="it is a folder"):
        read_description(tmp_path, ["a", "b"])
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match=r":1: this is not UTF-8"):
        read_description(tmp_path / "binary.toml", ["a", "b"])
