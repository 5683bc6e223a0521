from __future__ import annotations

import pytest
import torch

from cnnviz.errors import UserError
from cnnviz.network.training.dataset import Dataset
from cnnviz.network.training.loop import (
    TrainingTask,
    batches_per_epoch,
    new_state,
    train_epochs,
)
from cnnviz.network.training.settings import TrainingSettings


def dark_and_light(count: int) -> Dataset:
    labels = torch.arange(count) % 2
    pictures = (labels * 200)[:, None, None, None].expand(-1, 1, 6, 5) + torch.arange(5)
    return Dataset(pictures.to(torch.uint8), labels, ("dark", "light"))


@pytest.mark.parametrize(
    ("count", "batches"), [(2, 1), (7, 1), (8, 1), (15, 1), (16, 2), (100, 12)]
)
def test_no_picture_is_dropped(tiny_network, count, batches):
    dataset = dark_and_light(count)
    settings = TrainingSettings(batch_size=8, epochs=1, augmentation="none")
    assert batches_per_epoch(dataset, settings) == batches
    state = new_state(tiny_network.architecture, settings)
    steps = []
    task = TrainingTask(tiny_network.architecture, dataset, dataset)
    list(train_epochs(state, task, settings, lambda *figures: steps.append(figures)))
    assert len(steps) == batches


def test_the_best_epoch_is_kept(tiny_network):
    dataset = dark_and_light(32)
    settings = TrainingSettings(batch_size=8, epochs=8, augmentation="none", average=0.5)
    state = new_state(tiny_network.architecture, settings)
    kept = {}
    task = TrainingTask(tiny_network.architecture, dataset, dataset)
    for result in train_epochs(state, task, settings, lambda *_: None):
        kept[result.epoch] = {name: v.clone() for name, v in state.average.state_dict().items()}
    losses = [result.validation_loss for result in state.history]
    assert state.best_epoch == 1 + losses.index(min(losses))
    assert losses[-1] < losses[0]
    for name, value in kept[state.best_epoch].items():
        assert torch.equal(state.best[name], value)


def test_a_training_that_diverges_is_told(tiny_network):
    dataset = dark_and_light(32)
    settings = TrainingSettings(batch_size=8, epochs=3, learning_rate=1.0)
    state = new_state(tiny_network.architecture, settings)
    with torch.no_grad():
        state.module.get_submodule("output")[1].weight.fill_(3e38)
    task = TrainingTask(tiny_network.architecture, dataset, dataset)
    with pytest.raises(UserError, match=r"diverged: the loss is .*learning rate \(it is 1\)"):
        list(train_epochs(state, task, settings, lambda *_: None))
