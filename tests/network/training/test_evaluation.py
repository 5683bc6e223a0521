from __future__ import annotations

import numpy as np
import torch
from torch import nn

from cnnviz.model.architecture import InputDescription
from cnnviz.network.training.dataset import Dataset
from cnnviz.network.training.evaluation import Evaluation, confusion_text, evaluate

CONFUSION = np.array([[8, 2, 0], [0, 5, 0], [1, 1, 3]])


def test_figures():
    evaluation = Evaluation(("cat", "dog", "owl"), CONFUSION, 0.5)
    assert evaluation.accuracy == 16 / 20
    np.testing.assert_allclose(evaluation.recall, [0.8, 1, 0.6])
    np.testing.assert_allclose(evaluation.precision, [8 / 9, 5 / 8, 1])


def test_a_class_that_is_never_predicted_has_precision_0():
    evaluation = Evaluation(("cat", "dog"), np.array([[0, 2], [0, 5]]), 0.5)
    assert evaluation.precision[0] == 0


def test_text():
    assert confusion_text(Evaluation(("cat", "dog", "owl"), CONFUSION, 0.5)).splitlines() == [
        "true \\ predicted  1 2 3   right",
        "1 cat             8 2 .   80.0%",
        "2 dog             . 5 .  100.0%",
        "3 owl             1 1 3   60.0%",
        "16 of 20 right: 80.0%",
    ]


def test_evaluate_counts_pairs_of_true_and_predicted():
    pictures = torch.tensor([[0, 255], [255, 0], [255, 0]], dtype=torch.uint8)
    dataset = Dataset(pictures[:, None, None, :], torch.tensor([1, 1, 0]), ("left", "right"))
    module = nn.Flatten().train()
    description = InputDescription(1, 1, 2, (0.5,), (0.25,))
    evaluation = evaluate(module, description, dataset)
    np.testing.assert_array_equal(evaluation.confusion, [[1, 0], [1, 1]])
    wrong, right = np.log(1 + np.exp(4)), np.log(1 + np.exp(-4))
    np.testing.assert_allclose(evaluation.loss, (wrong + 2 * right) / 3, rtol=1e-5)
    assert module.training
