"""ONNX models: what is read, folded and left out, each proved by onnx's own evaluator."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from cnnviz.errors import UserError
from cnnviz.layers import AvgPool2d, Conv2d, MaxPool2d

from .conftest import numbers, onnx_model_of, save_onnx, small_onnx, two_branches


def kinds(result) -> list[str]:
    return [layer.kind for layer in result.network.layers]


def test_a_chain_keeps_its_sizes_and_proves_itself(import_file, tmp_path):
    middle = [
        helper.make_node("Relu", ["maps"], ["r"], "relu"),
        helper.make_node(
            "MaxPool",
            ["r"],
            ["more"],
            "pool",
            kernel_shape=[3, 2],
            strides=[2, 1],
            pads=[1, 0, 0, 1],
        ),
    ]
    result = import_file(save_onnx(tmp_path / "net.bin", small_onnx(middle)))
    assert kinds(result) == ["conv", "relu", "max_pool", "avg_pool", "flatten", "linear"]
    assert result.network.layers[2] == MaxPool2d("max_pool_1", (3, 2), (2, 1), (1, 0, 0, 1))
    assert result.proof.difference < 1e-5
    assert "onnx" in result.card.read_text()


def test_two_branches_meet_in_an_addition(import_file, tmp_path):
    result = import_file(save_onnx(tmp_path / "m", two_branches()))
    assert result.network.architecture.sources_of("add_1") == ("relu_1", "relu6_1")
    assert result.proof.difference < 1e-5


def norm_constants(channels: int) -> dict[str, np.ndarray]:
    return {
        "gamma": numbers(channels, seed=5),
        "beta": numbers(channels, seed=6),
        "mu": numbers(channels, seed=7),
        "var": np.abs(numbers(channels, seed=8)) + 0.5,
    }


def norm(source: str, target: str, **attributes) -> onnx.NodeProto:
    inputs = [source, "gamma", "beta", "mu", "var"]
    return helper.make_node("BatchNormalization", inputs, [target], "norm", **attributes)


@pytest.mark.parametrize("opset", [7, 8, 9, 13, 17])
def test_a_batch_normalisation_becomes_part_of_the_convolution(import_file, tmp_path, opset):
    model = small_onnx([norm("maps", "more", momentum=0.9)], norm_constants(4), opset=opset)
    result = import_file(save_onnx(tmp_path / "m", model))
    assert kinds(result) == ["conv", "avg_pool", "flatten", "linear"]
    assert result.proof.difference < 1e-5


def test_one_between_branches_becomes_a_layer_of_its_own(import_file, tmp_path):
    middle = [norm("maps", "n"), helper.make_node("Add", ["maps", "n"], ["more"], "sum")]
    result = import_file(save_onnx(tmp_path / "m", small_onnx(middle, norm_constants(4))))
    own = result.network.layers[1]
    assert isinstance(own, Conv2d)
    assert (own.groups, own.window.kernel_sizes) == (4, (1, 1))
    assert result.proof.difference < 1e-5


def test_one_before_everything_becomes_the_inputs_normalisation(import_file, tmp_path):
    constants = norm_constants(3) | {"gamma": np.array([1, 2, 0.5], np.float32)}
    model = small_onnx(constants=constants)
    model.graph.node.insert(0, norm("image", "seen"))
    model.graph.node[1].input[0] = "seen"
    result = import_file(save_onnx(tmp_path / "m", model))
    assert kinds(result)[0] == "conv"
    gain = constants["gamma"] / np.sqrt(constants["var"] + 1e-5)
    np.testing.assert_allclose(result.network.input.std, 1 / gain, rtol=1e-5)
    assert result.proof.difference < 1e-5


def test_factors_of_255_are_told_from_the_constants(import_file, tmp_path):
    model = small_onnx(constants={"part": np.array(1 / 255, np.float32)})
    model.graph.node.insert(0, helper.make_node("Mul", ["image", "part"], ["seen"], "scale"))
    model.graph.node[1].input[0] = "seen"
    result = import_file(save_onnx(tmp_path / "m", model))
    assert not result.network.input.is_normalised


@pytest.mark.parametrize("automatic", ["SAME_UPPER", "SAME_LOWER", "VALID"])
@pytest.mark.parametrize("stride", [1, 2])
def test_automatic_padding(import_file, tmp_path, automatic, stride):
    node = helper.make_node(
        "Conv", ["maps", "u"], ["more"], "same", auto_pad=automatic, strides=[stride, stride]
    )
    model = small_onnx([node], {"u": numbers(4, 4, 4, 2)})
    assert import_file(save_onnx(tmp_path / "m", model)).proof.difference < 1e-5


def test_padding_becomes_the_convolutions(import_file, tmp_path):
    middle = [
        helper.make_node("Pad", ["maps", "pads"], ["p"], "border"),
        helper.make_node("Conv", ["p", "u"], ["more"], "second", pads=[1, 1, 0, 0]),
    ]
    pads = np.array([0, 0, 1, 2, 0, 0, 0, 1], np.int64)
    model = small_onnx(middle, {"pads": pads, "u": numbers(4, 4, 2, 2)})
    result = import_file(save_onnx(tmp_path / "m", model))
    assert result.network.layers[1].window.paddings == (2, 3, 0, 1)
    assert result.proof.difference < 1e-5


@pytest.mark.parametrize("counts", [0, 1])
@pytest.mark.parametrize("ceiling", [0, 1])
def test_averages_of_padded_maps(import_file, tmp_path, counts, ceiling):
    attributes = {"kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": ceiling}
    pads = {} if ceiling else {"pads": [1, 1, 1, 1]}
    node = helper.make_node(
        "AveragePool", ["maps"], ["more"], "mean", count_include_pad=counts, **attributes, **pads
    )
    result = import_file(save_onnx(tmp_path / "m", small_onnx([node])))
    assert isinstance(result.network.layers[1], AvgPool2d)
    assert result.proof.difference < 1e-5


@pytest.mark.parametrize("kind", ["MaxPool", "AveragePool"])
@pytest.mark.parametrize("strides", [{}, {"strides": [1, 1]}])
def test_pooling_by_steps_of_one_has_nothing_to_round_up(import_file, tmp_path, kind, strides):
    """As in GoogLeNet, where onnx's evaluator makes the maps two rows larger."""
    node = helper.make_node(
        kind,
        ["maps"],
        ["more"],
        "window",
        kernel_shape=[3, 3],
        pads=[1, 1, 1, 1],
        ceil_mode=1,
        **strides,
    )
    result = import_file(save_onnx(tmp_path / "m", small_onnx([node])))
    assert result.proof.difference < 1e-5


@pytest.mark.parametrize("ending", ["Softmax", "LogSoftmax"])
def test_a_softmax_at_the_end_is_left_out_and_said(import_file, tmp_path, ending):
    model = small_onnx()
    model.graph.node[-1].output[0] = "z"
    model.graph.node.append(helper.make_node(ending, ["z"], ["scores"], "end", axis=1))
    result = import_file(save_onnx(tmp_path / "m", model))
    assert kinds(result)[-1] == "linear"
    assert "softmax" in " ".join(result.notes)
    assert result.proof.difference < 1e-5


@pytest.mark.parametrize("attributes", [{}, {"axis": 1}])
@pytest.mark.parametrize("ending", ["Softmax", "LogSoftmax"])
def test_a_softmax_of_means_that_nobody_flattened(import_file, tmp_path, ending, attributes):
    nodes = [
        helper.make_node("Conv", ["image", "w"], ["maps"], "first"),
        helper.make_node("GlobalAveragePool", ["maps"], ["means"], "mean"),
        helper.make_node(ending, ["means"], ["scores"], "end", **attributes),
    ]
    model = onnx_model_of(nodes, {"w": numbers(5, 3, 3, 3)}, opset=9)
    result = import_file(save_onnx(tmp_path / "m", model))
    assert kinds(result)[-2:] == ["flatten", "linear"]
    assert result.proof.difference < 1e-5


def test_a_softmax_over_anything_else_is_refused(import_file, tmp_path):
    nodes = [
        helper.make_node("Conv", ["image", "w"], ["maps"], "first"),
        helper.make_node("Softmax", ["maps"], ["scores"], "end", axis=1),
    ]
    model = onnx_model_of(nodes, {"w": numbers(5, 3, 3, 3)})
    with pytest.raises(UserError, match="only a softmax over classes"):
        import_file(save_onnx(tmp_path / "m", model))


def flattened_by(*nodes: onnx.NodeProto, **constants) -> onnx.ModelProto:
    """Return a network whose maps of 4 x 6 x 6 some nodes flatten, from "maps" to "flat"."""
    last = helper.make_node("MatMul", ["flat", "v"], ["z"], "last")
    bias = helper.make_node("Add", ["z", "c"], ["scores"], "bias")
    first = helper.make_node("Conv", ["image", "w"], ["maps"], "first")
    held = {"w": numbers(4, 3, 3, 3), "v": numbers(144, 5, seed=2), "c": numbers(5, seed=3)}
    return onnx_model_of([first, *nodes, last, bias], held | constants)


ZERO = numpy_helper.from_array(np.zeros(1, np.int64))


def disguise_by_shape() -> onnx.ModelProto:
    return flattened_by(
        helper.make_node("Shape", ["maps"], ["s"], "shape"),
        helper.make_node("Gather", ["s", "zero"], ["n"], "gather"),
        helper.make_node("Unsqueeze", ["n", "axes"], ["n1"], "unsqueeze"),
        helper.make_node("Concat", ["n1", "rest"], ["target"], "concat", axis=0),
        helper.make_node("Reshape", ["maps", "target"], ["flat"], "reshape"),
        zero=np.array(0, np.int64),
        axes=np.array([0], np.int64),
        rest=np.array([-1], np.int64),
    )


def disguise_by_transposition() -> onnx.ModelProto:
    return flattened_by(
        helper.make_node("Transpose", ["maps"], ["t"], "transpose", perm=[0, 2, 3, 1]),
        helper.make_node("Reshape", ["t", "target"], ["flat"], "reshape"),
        target=np.array([0, 144], np.int64),
    )


def disguise_by_single_axes() -> onnx.ModelProto:
    """Return means from which one axis after the other is taken, as ``squeeze(-1)`` twice does."""
    nodes = [
        helper.make_node("Squeeze", ["means", "axis"], ["rows"], "columns_go"),
        helper.make_node("Squeeze", ["rows", "axis"], ["flat"], "rows_go"),
    ]
    model = small_onnx(constants={"axis": np.array([-1], np.int64)})
    del model.graph.node[2]
    for place, node in enumerate(nodes, start=2):
        model.graph.node.insert(place, node)
    return model


@pytest.mark.parametrize("make", [disguise_by_shape, disguise_by_transposition])
def test_disguises_of_flattening(import_file, tmp_path, make):
    result = import_file(save_onnx(tmp_path / "m", make()))
    assert kinds(result) == ["conv", "flatten", "linear"]
    assert result.proof.difference < 1e-4


def test_axes_of_one_cell_may_go_one_by_one(import_file, tmp_path):
    result = import_file(save_onnx(tmp_path / "m", disguise_by_single_axes()))
    assert kinds(result) == ["conv", "avg_pool", "flatten", "linear"]
    assert result.proof.difference < 1e-5


def test_a_constant_that_is_filled_in(import_file, tmp_path):
    """PyTorch's older exporter writes the sides that ``ZeroPad2d`` leaves alone in this way."""
    middle = [
        helper.make_node("ConstantOfShape", ["rank"], ["none"], "none", value=ZERO),
        helper.make_node("Concat", ["none", "ones", "none", "ones"], ["pads"], "pads", axis=0),
        helper.make_node("Pad", ["maps", "pads"], ["wide"], "pad"),
        helper.make_node("Conv", ["wide", "w2"], ["more"], "second"),
    ]
    constants = {"rank": np.array([2]), "ones": np.array([1, 1]), "w2": numbers(4, 4, 3, 3)}
    result = import_file(save_onnx(tmp_path / "m", small_onnx(middle, constants)))
    assert result.network.layers[1].window.paddings == (1, 1, 1, 1)
    assert result.proof.difference < 1e-5


@pytest.mark.parametrize("is_flat", [True, False])
@pytest.mark.parametrize("is_rectified", [True, False])
def test_scores_that_are_means_of_maps(import_file, tmp_path, is_rectified, is_flat):
    """A fully convolutional classifier: its end becomes a linear layer that computes the same."""
    nodes = [
        helper.make_node("Conv", ["image", "w"], ["maps"], "first"),
        helper.make_node("Relu", ["maps"], ["r"], "relu"),
        helper.make_node("Conv", ["r", "v", "c"], ["z"], "last"),
        helper.make_node("Relu", ["z"], ["zr"], "last_relu"),
        helper.make_node("GlobalAveragePool", ["zr" if is_rectified else "z"], ["m"], "mean"),
        helper.make_node("Flatten" if is_flat else "Identity", ["m"], ["scores"], "flat"),
    ]
    if not is_rectified:
        del nodes[3]
    held = {"w": numbers(4, 3, 3, 3), "v": numbers(5, 4, 1, 1), "c": numbers(5)}
    result = import_file(save_onnx(tmp_path / "m", onnx_model_of(nodes, held)))
    ending = ["relu", "avg_pool", "flatten", "linear"]
    assert kinds(result) == (
        ["conv", "relu", "conv", *ending] if is_rectified else ["conv", *ending]
    )
    assert result.proof.difference < 1e-5
    assert "means" in " ".join(result.notes)


def test_pictures_with_channels_last(import_file, tmp_path):
    model = small_onnx(picture=("batch", 8, 8, 3))
    order = helper.make_node("Transpose", ["image"], ["seen"], "order", perm=[0, 3, 1, 2])
    model.graph.node.insert(0, order)
    model.graph.node[1].input[0] = "seen"
    result = import_file(save_onnx(tmp_path / "m", model))
    assert result.network.input.shape == (3, 8, 8)
    assert result.proof.difference < 1e-5


def test_a_last_convolution_over_whole_maps_becomes_linear(import_file, tmp_path):
    nodes = [
        helper.make_node("Conv", ["image", "w"], ["maps"], "first"),
        helper.make_node("Relu", ["maps"], ["r"], "relu"),
        helper.make_node("Conv", ["r", "v"], ["z"], "last"),
        helper.make_node("Flatten", ["z"], ["scores"], "flat"),
    ]
    model = onnx_model_of(nodes, {"w": numbers(4, 3, 3, 3), "v": numbers(5, 4, 6, 6)})
    result = import_file(save_onnx(tmp_path / "m", model))
    assert kinds(result) == ["conv", "relu", "flatten", "linear"]
    assert result.proof.difference < 1e-4


def test_an_open_size_is_asked_for(import_file, tmp_path):
    path = save_onnx(tmp_path / "m", small_onnx(picture=("n", 3, "h", "w")))
    with pytest.raises(UserError, match="--input-size"):
        import_file(path)
    assert import_file(path, input_size=(9, 7)).network.input.shape == (3, 9, 7)


@pytest.mark.parametrize("is_divided", [True, False])
def test_a_network_that_takes_bytes(import_file, tmp_path, is_divided):
    model = small_onnx(constants={"white": np.array(255, np.float32)})
    model.graph.input[0].type.tensor_type.elem_type = TensorProto.UINT8
    model.graph.node.insert(
        0, helper.make_node("Cast", ["image"], ["decimal"], "cast", to=TensorProto.FLOAT)
    )
    if is_divided:
        divide = helper.make_node("Div", ["decimal", "white"], ["seen"], "divide")
        model.graph.node.insert(1, divide)
    model.graph.node[1 + is_divided].input[0] = "seen" if is_divided else "decimal"
    result = import_file(save_onnx(tmp_path / "m", model))
    std = 1 if is_divided else 1 / 255
    np.testing.assert_allclose(result.network.input.std, [std] * 3, rtol=1e-5)
    assert result.proof.difference < 1e-3
    model.graph.input[0].type.tensor_type.elem_type = TensorProto.INT64
    with pytest.raises(UserError, match="neither decimal numbers nor bytes"):
        import_file(save_onnx(tmp_path / "m", model))


@pytest.mark.parametrize(
    ("picture", "target"),
    [
        (("batch", 8, 8, 1), (-1, 1, 8, 8)),  # as tf2onnx orders the axes of grey pictures
        (("batch", 8, 8), (-1, 1, 8, 8)),
        (("batch", 8, 8), None),
    ],
)
def test_grey_pictures_get_their_axis_of_channels(import_file, tmp_path, picture, target):
    axis = np.array([1] if target is None else target, np.int64)
    model = small_onnx(
        picture=picture, constants={"w": numbers(4, 1, 3, 3), "axis": axis, "half": np.float32(0.5)}
    )
    kind = "Unsqueeze" if target is None else "Reshape"
    model.graph.node.insert(0, helper.make_node("Sub", ["image", "half"], ["centred"], "centre"))
    model.graph.node.insert(1, helper.make_node(kind, ["centred", "axis"], ["seen"], "order"))
    model.graph.node[2].input[0] = "seen"
    result = import_file(save_onnx(tmp_path / "m", model))
    assert result.network.input.shape == (1, 8, 8)
    assert result.network.input.mean == (0.5,)
    assert result.proof.difference < 1e-5


def test_a_picture_without_channels_is_no_stack_of_maps(import_file, tmp_path):
    model = small_onnx(picture=("batch", 8, 8), constants={"w": numbers(4, 8, 3, 3)})
    with pytest.raises(UserError, match=r"'first' \(Conv\): its input must be \(batch, channels"):
        import_file(save_onnx(tmp_path / "m", model))


def test_the_sigmoid_of_one_score_tells_two_classes_apart(import_file, tmp_path):
    model = small_onnx(constants={"v": numbers(1, 4), "c": numbers(1)})
    model.graph.node[-1].output[0] = "score"
    model.graph.node.append(helper.make_node("Sigmoid", ["score"], ["scores"], "end"))
    result = import_file(save_onnx(tmp_path / "m", model))
    assert len(result.network.classes) == 2
    assert result.proof.difference < 1e-6
