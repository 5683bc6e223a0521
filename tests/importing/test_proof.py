"""What an import's proof compares: scores, which probabilities may hide, and how they end."""

from __future__ import annotations

import numpy as np
import pytest
from onnx import helper
from onnx.reference import ReferenceEvaluator

from cnnviz.errors import UserError

from .conftest import numbers, onnx_model_of, save_onnx, small_onnx


def ending_in(kind: str, scale: float = 1.0, classes: int = 5):
    """Return a small model whose scores are about as large as `scale`, and end in probabilities."""
    constants = {"v": scale * numbers(classes, 4), "c": scale * numbers(classes, seed=1)}
    model = small_onnx(constants=constants)
    model.graph.node[-1].output[0] = "z"
    model.graph.node.append(helper.make_node(kind, ["z"], ["scores"], "end"))
    return model


@pytest.mark.parametrize(("kind", "classes"), [("Softmax", 5), ("LogSoftmax", 5), ("Sigmoid", 1)])
def test_scores_are_compared_though_their_probabilities_hardly_differ(
    import_file, tmp_path, monkeypatch, kind, classes
):
    path = save_onnx(tmp_path / "m", ending_in(kind, 0.01, classes))
    assert import_file(path).proof.largest < 0.1
    run = ReferenceEvaluator.run

    def run_and_mistake_scores(*given):
        outputs, scores = run(*given)
        return outputs, 1.01 * scores

    monkeypatch.setattr(ReferenceEvaluator, "run", run_and_mistake_scores)
    with pytest.raises(UserError, match="gives other outputs than onnx's reference evaluator"):
        import_file(path)


def test_scores_so_large_that_rounding_decides_their_probabilities(import_file, tmp_path):
    model = ending_in("Softmax", 1e9)
    result = import_file(save_onnx(tmp_path / "m", model))
    assert result.proof.largest > 1e7
    assert result.proof.difference < 1e-5 * result.proof.largest


def test_an_end_that_gives_other_probabilities_is_refused(import_file, tmp_path):
    nodes = [
        helper.make_node("Conv", ["image", "w"], ["maps"], "first"),
        helper.make_node("GlobalAveragePool", ["maps"], ["means"], "mean"),
        helper.make_node("Softmax", ["means"], ["scores"], "end"),  # over the last axis, of 1 cell
    ]
    model = onnx_model_of(nodes, {"w": numbers(5, 3, 3, 3)}, opset=13)
    with pytest.raises(UserError, match="gives other outputs"):
        import_file(save_onnx(tmp_path / "m", model))


def test_small_outputs_differ_by_a_share_of_their_own_size(import_file, tmp_path):
    model = small_onnx(constants={"v": 0.05 * numbers(5, 4), "c": np.zeros(5, np.float32)})
    path = save_onnx(tmp_path / "m", model)
    taken = np.full((1, 3, 8, 8), 0.5, np.float32)
    (wanted,) = ReferenceEvaluator(model).run(None, {"image": taken})
    assert np.abs(wanted).max() < 0.1
    files = tmp_path / "in.npy", tmp_path / "out.npy"
    for file, values in zip(files, (taken, wanted), strict=True):
        np.save(file, values)
    assert import_file(path, check=files).proof.pictures == 1
    np.save(files[1], 1.005 * wanted)
    with pytest.raises(UserError, match="gives other outputs"):
        import_file(path, check=files)
