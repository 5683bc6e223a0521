from __future__ import annotations

from dataclasses import replace

import pytest

from cnnviz.errors import UserError
from cnnviz.layers import Add, AvgPool2d, Conv2d, Flatten, Linear, MaxPool2d, ReLU
from cnnviz.model.architecture import InputDescription
from cnnviz.network.validation import check_architecture


def conv(**changes) -> Conv2d:
    sizes = {"name": "conv_1", "in_channels": 1, "out_channels": 2, "kernel_size": 3, "padding": 1}
    return Conv2d(**{**sizes, **changes})


CONV = conv()
FLATTEN = Flatten("flatten")
OUTPUT = Linear("output", 60, 2)


def grey(**changes) -> InputDescription:
    return replace(InputDescription(1, 6, 5, (0.0,), (1.0,)), **changes)


@pytest.mark.parametrize(
    ("layers", "reason"),
    [
        ((), "number of layers is 0"),
        ((FLATTEN, Linear("output", 30, 2)), "no conv layer"),
        ((CONV, OUTPUT), "0 flatten layers"),
        ((CONV, FLATTEN, Flatten("again"), OUTPUT), "2 flatten layers"),
        ((Linear("first", 6, 2), CONV, FLATTEN, OUTPUT), "'first' .linear. must come after"),
        ((CONV, FLATTEN, MaxPool2d("pool", 2, 2), OUTPUT), "'pool' .max_pool. must come before"),
        ((CONV, FLATTEN), "last layer 'flatten' is of kind flatten"),
        ((CONV, FLATTEN, OUTPUT, ReLU("relu")), "last layer 'relu' is of kind relu"),
        ((CONV, FLATTEN, Linear("output", 60, 3)), "'output' gives 3 scores, .* 2 classes"),
        ((CONV, FLATTEN, Linear("output", 61, 2)), "in_features is 61, .* gives 60"),
        ((conv(in_channels=3), FLATTEN, OUTPUT), "in_channels is 3, .* gives 1"),
        ((conv(kernel_size=9), FLATTEN, OUTPUT), "does not fit into the 6 x 5"),
        ((conv(kernel_size=65), FLATTEN, OUTPUT), "kernel_size is 65; allowed is 1 to"),
        ((conv(stride=0), FLATTEN, OUTPUT), "stride is 0"),
        ((conv(padding=-1), FLATTEN, OUTPUT), "padding is -1"),
        ((conv(dilation=0), FLATTEN, OUTPUT), "dilation is 0"),
        ((conv(out_channels=0), FLATTEN, OUTPUT), "out_channels is 0"),
        ((conv(stride=(1, 0)), FLATTEN, OUTPUT), "stride is 0"),
        ((conv(padding=(1, 1, 65, 1)), FLATTEN, OUTPUT), "padding is 65"),
        ((conv(groups=2), FLATTEN, OUTPUT), "in_channels is 1, which 2 groups do not divide"),
        ((CONV, MaxPool2d("pool", 2, 1, 2), FLATTEN, OUTPUT), "padding is 2; .* less than .* 2"),
        ((CONV, MaxPool2d("pool", 7, 7), FLATTEN, OUTPUT), "'pool': its window does not fit"),
        ((CONV, MaxPool2d("pool", 65, 64), FLATTEN, OUTPUT), "kernel_size is 65; .* 1 to 64"),
        ((CONV, MaxPool2d("pool", 1025), FLATTEN, OUTPUT), "kernel_size is 1025; .* 1 to 1024"),
        ((CONV, ReLU("flatten"), FLATTEN, OUTPUT), "layer name 'flatten' is used 2 times"),
        ((conv(name="Conv"), FLATTEN, OUTPUT), "layer name 'Conv' must be"),
        ((conv(name="1_conv"), FLATTEN, OUTPUT), "layer name '1_conv' must be"),
        ((conv(name="conv.1"), FLATTEN, OUTPUT), "layer name 'conv.1' must be"),
        ((conv(name="forward"), FLATTEN, OUTPUT), "'forward' means something else"),
        ((conv(name="input"), FLATTEN, OUTPUT), "'input' means the picture"),
        ((conv(name="training"), FLATTEN, OUTPUT), "'training' means something else"),
        ((CONV, Add("add", inputs=("conv_1",)), FLATTEN, OUTPUT), "reads 1 layer; it must read 2"),
        (
            (CONV, Add("add", inputs=("conv_1", "input")), FLATTEN, OUTPUT),
            "different shapes .*2, 6",
        ),
        (
            (CONV, ReLU("relu", inputs=("flatten",)), FLATTEN, OUTPUT),
            "'flatten', .* no layer before",
        ),
        ((conv(inputs=("conv_1",)), FLATTEN, OUTPUT), "reads 'conv_1', .*without cycles"),
        (
            (CONV, conv(name="b", inputs=("input",)), FLATTEN, OUTPUT),
            "'conv_1' is read by no other",
        ),
        ((CONV, FLATTEN, Linear("output", 2, 2, inputs=("conv_1",))), "'flatten' is read by no"),
        ((CONV, FLATTEN, Add("a", inputs=("flatten", "conv_1")), OUTPUT), "different shapes"),
        ((CONV, FLATTEN, Linear("big", 60, 90_000), Linear("output", 90_000, 600)), "600 scores"),
    ],
)
def test_layers_that_do_not_fit_are_refused(tiny_network, layers, reason):
    architecture = replace(tiny_network.architecture, layers=layers)
    with pytest.raises(UserError, match=reason):
        check_architecture(architecture)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"channels": 2}, "input channels is 2; allowed is 1 .grey. or 3"),
        ({"height": 0}, "input height is 0"),
        ({"width": 4000}, "input width is 4000; allowed is 1 to 1024"),
        ({"mean": ()}, "input mean is ..; it must be 1 finite"),
        ({"std": (float("inf"),)}, "input std is .inf."),
        ({"std": (-1.0,)}, "it must be greater than 0"),
    ],
)
def test_inputs_that_do_not_fit_are_refused(tiny_network, changes, reason):
    architecture = replace(tiny_network.architecture, input=grey(**changes))
    with pytest.raises(UserError, match=reason):
        check_architecture(architecture)


@pytest.mark.parametrize(
    ("classes", "reason"),
    [
        (("one",), "number of classes is 1; allowed is 2 to"),
        (("one", ""), "class name '' must be"),
        (("one", "two\nlines"), "class name 'two.*' must be"),
        (("one", "x" * 61), "class name 'x+' must be"),
        (("one", "one"), "class name 'one' is used 2 times"),
    ],
)
def test_classes_that_do_not_fit_are_refused(tiny_network, classes, reason):
    architecture = replace(tiny_network.architecture, classes=classes)
    with pytest.raises(UserError, match=reason):
        check_architecture(architecture)


def test_the_mean_of_a_whole_map_may_be_wide(tiny_network):
    layers = (CONV, AvgPool2d("mean", (112, 100)), FLATTEN, Linear("output", 2, 2))
    side = grey(height=112, width=100)
    check_architecture(replace(tiny_network.architecture, input=side, layers=layers))


def test_networks_of_unreasonable_size_are_refused(tiny_network):
    layers = (CONV, FLATTEN, Linear("big", 60, 90_000), Linear("more", 90_000, 2))
    check_architecture(replace(tiny_network.architecture, layers=layers))
    layers = (CONV, FLATTEN, Linear("a", 60, 9000), Linear("b", 9000, 18000), Linear("c", 18000, 2))
    with pytest.raises(UserError, match="at most 150,000,000"):
        check_architecture(replace(tiny_network.architecture, layers=layers))


def test_a_network_that_takes_too_much_memory_is_refused_with_the_figure(tiny_network):
    # 2 million weights, but windows of 100 MB at each of a million places
    side = grey(height=1000, width=1000)
    layers = (
        Conv2d("a", 1, 4, 1),
        Conv2d("b", 4, 1, 64, padding=32),
        Conv2d("c", 1, 1, 64, stride=64),
        FLATTEN,
        Linear("d", 225, 2),
    )
    wide = replace(tiny_network.architecture, input=side, layers=layers)
    with pytest.raises(UserError, match=r"takes about 122\.\d GiB of memory; at most 3 GiB"):
        check_architecture(wide)
