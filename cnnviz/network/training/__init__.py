"""Training: any network description, on any folder of class folders."""

from cnnviz.network.training.settings import TrainingSettings
from cnnviz.network.training.source import CardTexts, TrainingSource
from cnnviz.network.training.train import TrainingResult, train_network

__all__ = ["CardTexts", "TrainingResult", "TrainingSettings", "TrainingSource", "train_network"]
