"""Training: any network description, on any folder of class folders."""

from cnnviz.network.training.settings import TrainingSettings
from cnnviz.network.training.train import TrainingResult, train_network

__all__ = ["TrainingResult", "TrainingSettings", "train_network"]
