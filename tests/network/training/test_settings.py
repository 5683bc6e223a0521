from __future__ import annotations

import pytest

from cnnviz.errors import UserError
from cnnviz.network.training import TrainingSettings


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("epochs", 0, "epochs is 0; allowed is 1 or more"),
        ("batch_size", 1, "batch size is 1; allowed is 2 or more"),
        ("learning_rate", 0.0, "learning rate is 0"),
        ("kernel_rate", 0.0, "kernel rate is 0"),
        ("learning_rate", float("nan"), "learning rate is nan"),
        ("weight_decay", -1.0, "weight decay is -1"),
        ("validation", 1.0, "validation is 1"),
        ("patience", 0, "patience is 0"),
        ("dropout", 1.0, "dropout is 1"),
        ("average", 1.0, "average is 1"),
        ("temperature", 0.0, "temperature is 0"),
        ("seed", -1, "seed is -1"),
    ],
)
def test_settings_without_sense_are_refused(name, value, reason):
    with pytest.raises(UserError, match=reason):
        TrainingSettings(**{name: value})
