"""``import cnnviz``: the three calls, as a lecturer would use them in a notebook."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import cnnviz
from cnnviz.errors import UserError
from cnnviz.network import Network
from cnnviz.photos import bundled_photo


def test_network_and_trace() -> None:
    network = cnnviz.load_network()
    assert len(network.classes) == 10
    assert network.architecture.parameter_count == 19_920
    cnnviz.trace(bundled_photo("espresso"), network)
    trace = cnnviz.trace(bundled_photo(), network)  # the second call is a call, too
    assert trace.layers[0].name == "conv_1_1"
    assert trace.logits.shape == (10,)
    assert trace.probabilities.sum() == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("name", ["cat", "espresso"])
def test_the_bundled_photos_come_out_right(name: str) -> None:
    trace = cnnviz.trace(bundled_photo(name), cnnviz.load_network())
    assert trace.predicted_class == name


def test_render_with_a_picture_in_memory(tmp_path: Path, small_network: Network) -> None:
    picture = Image.fromarray(np.random.default_rng(0).integers(0, 255, (20, 30, 3), np.uint8))
    calls: list[tuple[int, int]] = []
    clip = cnnviz.render(
        "conv",
        image=picture,
        output=tmp_path / "new" / "clip.mp4",
        network=small_network,
        quality="l",
        fps=2,
        pace=0.2,
        theme="light",
        encode="small",
        on_progress=lambda done, total: calls.append((done, total)),
        layer="conv_1",
        channel=2,
        pixel=(3, 4),
    )
    assert calls[-1][0] == calls[-1][1]
    assert clip.seconds * 2 == calls[-1][1]
    for path in (clip.video, clip.captions_vtt, clip.captions_srt, clip.poster, clip.manifest):
        assert path.stat().st_size > 100
    manifest = json.loads(clip.manifest.read_text(encoding="utf-8"))
    assert manifest["theme"] == "light"
    assert manifest["parameters"] == {
        "layer": "conv_1",
        "channel": 2,
        "pixel": [3, 4],
        "scale": "unit",
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"scene": "conv", "stride": 2}, 'has no parameter "stride": choose layer, channel'),
        ({"scene": "conv", "channel": -1}, "channel is -1: give 0 or more"),
        ({"scene": "conv", "scale": "layers"}, "scale is 'layers': choose unit"),
        ({"scene": "hyperparameters", "stride": 7}, "stride is 7: give 1 to 6"),
        ({"scene": "conv", "pace": 0}, "the pace is 0"),
        ({"scene": "nothing"}, 'no scene "nothing"'),
        ({"scene": "conv", "theme": "blue"}, 'no theme "blue"'),
    ],
)
def test_wrong_arguments(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(UserError, match=message):
        cnnviz.render(**arguments)  # type: ignore[arg-type]
