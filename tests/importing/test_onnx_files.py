"""ONNX files that are damaged, lie, or have parts elsewhere: one line says what is wrong."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from cnnviz.errors import UserError

from .conftest import assert_no_fault, damaged, numbers, save_onnx, small_onnx, two_branches


def external(path, location: str = "weights.bin", **entries) -> onnx.ModelProto:
    model = small_onnx()
    tensor = next(each for each in model.graph.initializer if each.name == "v")
    values = tensor.raw_data
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    held = {"location": location, "offset": 8, "length": len(values)} | entries
    for key, value in held.items():
        entry = tensor.external_data.add()
        entry.key, entry.value = key, str(value)
    (path / "weights.bin").write_bytes(b"12345678" + values)
    return model


def test_weights_beside_the_model(import_file, tmp_path):
    inside = import_file(save_onnx(tmp_path / "plain", small_onnx())).network
    beside = import_file(save_onnx(tmp_path / "m", external(tmp_path))).network
    for one, other in zip(inside.module.parameters(), beside.module.parameters(), strict=True):
        np.testing.assert_array_equal(one.detach(), other.detach())


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ({"location": "../weights.bin"}, "outside of the model's folder"),
        ({"location": "/etc/passwd"}, "outside of the model's folder"),
        ({"location": "none.bin"}, "'none.bin', which is missing"),
        ({"location": "a\0b"}, "no name"),
        ({"offset": 80}, "ends at byte"),
        ({"offset": -8}, "declares"),
        ({"length": 10**12}, "declares"),
        ({"offset": "x"}, "no number"),
    ],
)
def test_weights_elsewhere_are_refused(import_file, tmp_path, entries, reason):
    folder = tmp_path / "in"
    folder.mkdir()
    with pytest.raises(UserError, match=reason):
        import_file(save_onnx(folder / "m.onnx", external(folder, **entries)))


def test_a_link_out_of_the_folder_is_refused(import_file, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    model = external(folder)
    (folder / "weights.bin").rename(tmp_path / "secret")
    (folder / "weights.bin").symlink_to(tmp_path / "secret")
    with pytest.raises(UserError, match="outside of the model's folder"):
        import_file(save_onnx(folder / "m.onnx", model))


def test_every_layer_that_cannot_be_shown_is_named(import_file, tmp_path):
    middle = [
        helper.make_node("Elu", ["maps"], ["a"], "bent"),
        helper.make_node("Sigmoid", ["a"], ["s"], "gate"),
        helper.make_node("Mul", ["a", "s"], ["u"], "swish"),
        helper.make_node("Elu", ["u"], ["more"], "bent again"),
    ]
    with pytest.raises(UserError) as caught:
        import_file(save_onnx(tmp_path / "m", small_onnx(middle)))
    message = str(caught.value)
    assert "3 layers cannot be shown: 'bent' (Elu), 'bent again' (Elu): its slope" in message
    assert "'gate' (Sigmoid): it is a part of SiLU" in message
    assert "train the network with ReLU, ReLU6 or a leaky ReLU" in message
    assert "\n" not in message


def test_a_sigmoid_over_classes_and_attention_are_told_apart(import_file, tmp_path):
    last = helper.make_node("Sigmoid", ["scores"], ["judged"], "each by itself")
    model = small_onnx()
    model.graph.node.append(last)
    model.graph.output[0].name = "judged"
    with pytest.raises(UserError, match=r"'each by itself' \(Sigmoid\): it judges each class by"):
        import_file(save_onnx(tmp_path / "m", model))
    middle = [
        helper.make_node("GlobalAveragePool", ["maps"], ["squeezed"]),
        helper.make_node("Sigmoid", ["squeezed"], ["weights"], "excite"),
        helper.make_node("Mul", ["maps", "weights"], ["more"]),
    ]
    with pytest.raises(UserError, match=r"'excite' \(Sigmoid\): its values weigh others \(attent"):
        import_file(save_onnx(tmp_path / "m", small_onnx(middle)))


def bad_models():
    two = small_onnx()
    two.graph.output.add().CopyFrom(two.graph.output[0])
    yield "2 outputs", two
    no_input = small_onnx()
    del no_input.graph.input[:]
    yield "0 inputs", no_input
    cycle = small_onnx()
    cycle.graph.node[0].input[0] = "flat"
    yield "cycle", cycle
    text = small_onnx()
    text.graph.initializer.append(helper.make_tensor("t", onnx.TensorProto.STRING, [1], [b"<a>"]))
    yield "STRING", text
    huge = small_onnx()
    huge.graph.initializer[0].dims[0] = 10**12
    yield "at most 150,000,000", huge
    negative = small_onnx()
    negative.graph.initializer[0].dims[0] = -4
    yield "declares the shape", negative
    lie = small_onnx()
    lie.graph.initializer[0].dims[0] = 8
    yield "declares 864 bytes, but holds 432", lie
    infinite = small_onnx()
    array = np.full((5, 4), np.inf, np.float32)
    infinite.graph.initializer[2].CopyFrom(numpy_helper.from_array(array, "v"))
    yield "no finite", infinite
    twice = small_onnx()
    twice.graph.node.append(twice.graph.node[0])
    yield "two nodes give", twice
    functions = small_onnx()
    functions.functions.add().name = "f"
    yield "functions", functions
    one = small_onnx(constants={"v": numbers(1, 4), "c": numbers(1)})
    yield "one score", one
    maps = small_onnx()
    maps.graph.output[0].name = "maps"
    yield "its output has the shape", maps
    volume = small_onnx(picture=("n", 3, 8, 8, 8))
    yield "4 axes", volume
    spectrum = small_onnx(picture=("n", 31, 8, 8))
    yield "31 channels", spectrum
    small = small_onnx(picture=("n", 3, 2, 2))
    yield "'first': its window", small
    bomb = small_onnx(constants={"big": np.zeros(1000, np.float32)})
    for number in range(30):
        source = "big" if number == 0 else f"d{number - 1}"
        bomb.graph.node.insert(
            number, helper.make_node("Concat", [source, source], [f"d{number}"], axis=0)
        )
    yield "numbers", bomb


@pytest.mark.parametrize(("reason", "model"), list(bad_models()))
def test_bad_models_get_one_line_and_nothing_is_written(import_file, tmp_path, reason, model):
    path = save_onnx(tmp_path / "bad.onnx", model)
    with pytest.raises(UserError, match=reason) as caught:
        import_file(path)
    assert "bad.onnx" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "imported").exists()


def test_a_model_of_many_empty_nodes_is_refused_before_it_is_parsed(import_file, tmp_path):
    nodes = b"\x0a\x00" * 260_000
    graph = nodes + small_onnx().graph.SerializeToString()
    size, length = len(graph), bytearray()
    while size:
        length.append(size & 127 | (128 if size > 127 else 0))
        size >>= 7
    (tmp_path / "m").write_bytes(b"\x08\x08\x3a" + length + graph)
    with pytest.raises(UserError, match="fields"):
        import_file(tmp_path / "m")


WHOLE = two_branches().SerializeToString()


@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.data())
def test_damage_is_an_error_of_the_users(import_file, tmp_path, data):
    path = tmp_path / "damaged"
    path.write_bytes(data.draw(damaged(WHOLE, kept=1)))
    assert_no_fault(import_file, path)


def test_outputs_of_another_program_prove_what_onnxs_evaluator_cannot_run(
    import_file, tmp_path, monkeypatch
):
    """It has bugs of its own."""
    model = small_onnx()
    evaluator = ReferenceEvaluator(model)
    taken = np.random.default_rng(3).random((2, 3, 8, 8), np.float32)
    wanted = np.concatenate([evaluator.run(None, {"image": each[None]})[0] for each in taken])
    check = (tmp_path / "taken.npy", tmp_path / "wanted.npy")
    for file, values in zip(check, (taken, wanted), strict=True):
        np.save(file, values)

    def fail(*_):
        raise ValueError("no such axis")

    monkeypatch.setattr(ReferenceEvaluator, "run", fail)
    path = save_onnx(tmp_path / "m", model)
    with pytest.raises(UserError, match=r"cannot run it: no such axis; .* --check INPUT\.npy"):
        import_file(path)
    assert import_file(path, check=check).proof.pictures == 2
