from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from cnnviz.errors import UserError
from cnnviz.network.training.distillation import (
    Teacher,
    distillation_loss,
    taught_probabilities,
)


def test_classes_are_matched_by_name(tiny_network):
    student = replace(tiny_network.architecture, classes=("light", "dark"))
    teacher = Teacher.of(tiny_network, student)
    values = torch.rand(5, 1, 6, 5)
    taught = taught_probabilities([teacher], values, 1.0, "float32")
    with torch.no_grad():
        scores = tiny_network.module((values - 0.25) / 0.5)
    torch.testing.assert_close(taught, scores.softmax(1).flip(1))


def test_several_teachers_are_averaged(tiny_network):
    student = tiny_network.architecture
    one = Teacher.of(tiny_network, student)
    other = Teacher.of(tiny_network, replace(student, classes=("light", "dark")))
    taught = taught_probabilities([one, other], torch.rand(5, 1, 6, 5), 3.0, "float32")
    torch.testing.assert_close(taught, torch.full((5, 2), 0.5))


def test_an_unknown_class_is_told(tiny_network):
    student = replace(tiny_network.architecture, classes=("dark", "blue"))
    with pytest.raises(UserError, match="does not know class 'blue'; it knows dark, light"):
        Teacher.of(tiny_network, student)


def test_the_loss_is_0_where_the_student_agrees():
    scores = torch.tensor([[1.0, 2.0, -3.0], [0.0, 0.5, 0.5]])
    agreed = (scores / 4).softmax(1)
    assert distillation_loss(scores, agreed, 4.0).item() == pytest.approx(0, abs=1e-6)
    assert distillation_loss(scores + torch.tensor([1.0, 0, 0]), agreed, 4.0).item() > 0.1
