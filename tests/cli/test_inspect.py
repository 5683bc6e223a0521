from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from PIL import Image

from cnnviz.cli.inspect import inspect
from cnnviz.errors import UserError
from cnnviz.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from cnnviz.model.architecture import Architecture, InputDescription
from cnnviz.network import Network, save_network

SIZE = 9


def padded_network() -> Network:
    layers = (
        Conv2d("conv", 3, 2, 3, padding=1),
        ReLU("relu"),
        MaxPool2d("pool", 2, 2),
        Flatten("flatten"),
        Linear("hidden", 32, 4),
        ReLU("hidden_relu"),
        Linear("output", 4, 3),
    )
    description = InputDescription(3, SIZE, SIZE, (0.0,) * 3, (1.0,) * 3)
    classes = ("cat", "[red] panda", "学校")
    torch.manual_seed(5)
    return Network.build(Architecture("little", description, layers, classes))


@pytest.fixture(scope="module")
def network() -> Network:
    return padded_network()


@pytest.fixture(scope="module")
def weights(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "little.safetensors"
    save_network(network, path)
    return path


@pytest.fixture(scope="module")
def pixels() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (SIZE, SIZE, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def photo(pixels: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("photo") / "photo.png"
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture(scope="module")
def outputs(network: Network, pixels: np.ndarray) -> dict[str, np.ndarray]:
    """Every layer's output by torch alone."""
    values = torch.tensor(pixels.transpose(2, 0, 1)[None] / np.float32(255))
    found = {}
    with torch.no_grad():
        for name, module in network.module.named_children():
            values = module(values)
            found[name] = values[0].numpy()
    return found


@pytest.fixture
def run(photo: Path, weights: Path):
    def run(*arguments: str) -> str:
        command = [str(photo), "--weights", str(weights), *arguments]
        result = CliRunner().invoke(inspect, command, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


@pytest.fixture
def value(run):
    def value(*arguments: str) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(run("--json", *arguments))["value"]
        return data

    return value


def test_json_tells_predictions_and_layers(run, outputs) -> None:
    data = json.loads(run("--json"))
    assert list(data) == ["image", "network", "input", "parameters", "predictions", "layers"]
    assert data["network"] == "little"
    assert data["input"] == {"channels": 3, "height": SIZE, "width": SIZE}
    logits = outputs["output"]
    probabilities = torch.softmax(torch.tensor(logits), 0).numpy()
    assert [entry["index"] for entry in data["predictions"]] == list(np.argsort(-logits))
    for entry in data["predictions"]:
        assert entry["logit"] == pytest.approx(float(logits[entry["index"]]), abs=1e-5)
        assert entry["probability"] == pytest.approx(float(probabilities[entry["index"]]), abs=1e-5)
    assert {entry["class"] for entry in data["predictions"]} == {"cat", "[red] panda", "学校"}
    for entry in data["layers"]:
        output = outputs[entry["name"]]
        assert entry["output_shape"] == list(output.shape)
        for key in ("min", "mean", "max"):
            assert entry[key] == pytest.approx(float(getattr(output, key)()), abs=1e-5)
    assert sum(entry["parameters"] for entry in data["layers"]) == data["parameters"]


def test_text_tells_predictions_and_layers(run, outputs) -> None:
    text = run()
    lines = text.splitlines()
    assert lines[0].split() == ["class", "score", "probability"]
    best = ("cat", "[red] panda", "学校")[int(outputs["output"].argmax())]
    assert lines[1].startswith(best)
    assert "[red] panda" in text
    row = next(line for line in lines if line.startswith("conv "))
    assert "2 × 9 × 9" in row
    assert f"{outputs['conv'].max():.3f}" in row
    assert "\x1b" not in text


def test_a_convolutions_value(run, value, outputs) -> None:
    arguments = ("--layer", "conv", "--channel", "1", "--pixel", "0,4")
    data = value(*arguments)
    total = float(outputs["conv"][1, 0, 4])
    assert data["value"] == pytest.approx(total, abs=1e-5)
    assert sum(data["channel_sums"]) + data["bias"] == pytest.approx(total, abs=1e-5)
    assert (data["input_layer"], data["input_rows"]) == ("input", [-1, 0, 1])
    assert data["is_padding"][0] == [True, True, True]
    products = np.array(data["patch"]) * np.array(data["kernel"])
    np.testing.assert_allclose(products, data["products"], atol=1e-7)
    text = run(*arguments)
    assert f"conv, channel 1, row 0, column 4: {total:.4f}".replace("-", "−") in text
    assert "Window on input: rows −1 to 1, columns 3 to 5." in text
    assert "3 of its cells are padding" in text
    for channel_sum in data["channel_sums"]:
        assert f"{channel_sum:+.4f}".replace("-", "−") in text


def test_a_relus_value(run, value, outputs) -> None:
    row, column = map(int, np.unravel_index(outputs["conv"][0].argmin(), (SIZE, SIZE)))
    arguments = ("--layer", "relu", "--channel", "0", "--pixel", f"{row},{column}")
    data = value(*arguments)
    before = float(outputs["conv"][0].min())
    assert data["input_value"] == pytest.approx(before, abs=1e-5)
    assert data["value"] == max(0, data["input_value"])
    assert data["clipped"] == (outputs["conv"][0] < 0).sum()
    assert data["count"] == SIZE**2
    assert f"max(0, {before:.4f})".replace("-", "−") in run(*arguments)


def test_a_pools_value(run, value, outputs) -> None:
    arguments = ("--layer", "pool", "--channel", "0", "--pixel", "1,2")
    data = value(*arguments)
    window = outputs["relu"][0, 2:4, 4:6]
    np.testing.assert_allclose(data["values"], window, atol=1e-5)
    assert data["value"] == pytest.approx(float(window.max()), abs=1e-5)
    row, column = data["winner"]
    assert outputs["relu"][0, row, column] == window.max()
    assert data["unreached_rows"] == data["unreached_columns"] == [8]
    assert f"The winner is at row {row}, column {column}." in run(*arguments)


def test_a_tie_is_said(weights, tmp_path) -> None:
    black = tmp_path / "black.png"
    Image.new("RGB", (SIZE, SIZE)).save(black)
    arguments = [str(black), "--weights", str(weights), "--layer", "pool", "--pixel", "1,1"]
    result = CliRunner().invoke(inspect, arguments)
    assert "4 cells tie; the first in reading order counts." in result.stdout


def test_a_flattened_value(run, value, outputs) -> None:
    arguments = ("--layer", "flatten", "--channel", "1", "--pixel", "2,3")
    data = value(*arguments)
    assert data["index"] == (1 * 4 + 2) * 4 + 3
    assert data["value"] == pytest.approx(float(outputs["flatten"][data["index"]]), abs=1e-6)
    assert list(data["contributions"]) == ["cat", "[red] panda", "学校"]
    assert "(1 × 4 + 2) × 4 + 3 = 27" in run(*arguments)


def test_a_scores_value(run, value, outputs) -> None:
    data = value("--layer", "output", "--channel", "1")
    assert data["class"] == "[red] panda"
    assert data["value"] == pytest.approx(float(outputs["output"][1]), abs=1e-5)
    total = sum(data["contributions"]) + data["bias"]
    assert total == pytest.approx(data["value"], abs=1e-5)
    assert "output, class [red] panda:" in run("--layer", "output", "--channel", "1")
    text = run("--layer", "hidden")
    assert "The 10 strongest of 32 terms" in text
    assert "(channel " in text


def test_a_hidden_relus_value(run, value, outputs) -> None:
    data = value("--layer", "hidden_relu", "--channel", "2")
    assert data["input_value"] == pytest.approx(float(outputs["hidden"][2]), abs=1e-5)
    assert data["value"] == max(0, data["input_value"])
    assert "max(0, " in run("--layer", "hidden_relu", "--channel", "2")


@pytest.mark.parametrize("layer", ["conv", "relu", "pool", "flatten"])
def test_a_place_is_chosen_where_none_is_given(value, outputs, layer: str) -> None:
    data = value("--layer", layer)
    shape = outputs["pool" if layer == "flatten" else layer].shape
    assert data["layer"] == layer
    assert (0, 0, 0) <= (data["channel"], data["row"], data["column"]) < shape


def test_a_pixel_alone_is_one_of_the_first_convolution(value) -> None:
    data = value("--pixel", "3,4")
    assert (data["layer"], data["row"], data["column"]) == ("conv", 3, 4)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--layer", "conv_9"), "choose conv, relu, pool, flatten, hidden, hidden_relu, output"),
        (("--channel", "2"), "choose 0 to 1"),
        (("--pixel", "9,0"), "choose row 0 to 8 and column 0 to 8"),
        (("--layer", "output", "--pixel", "0,0"), '"output" has no pixels'),
        (("--layer", "output", "--channel", "3"), "no output 3: choose 0 to 2"),
        (("--crop", "0,0,99,99"), "crop"),
    ],
)
def test_what_does_not_exist_is_refused(
    photo: Path, weights: Path, arguments: tuple[str, ...], message: str
) -> None:
    result = CliRunner().invoke(inspect, [str(photo), "--weights", str(weights), *arguments])
    assert isinstance(result.exception, UserError)
    assert message in str(result.exception)


def test_a_missing_picture_is_refused(weights: Path) -> None:
    result = CliRunner().invoke(inspect, ["missing.png", "--weights", str(weights)])
    assert isinstance(result.exception, UserError)
    assert "missing.png" in str(result.exception)


def test_crop_and_background_reach_the_network(tmp_path: Path, weights: Path) -> None:
    see_through = tmp_path / "clear.png"
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(see_through)

    def patch(*arguments: str) -> float:
        command = [str(see_through), "--weights", str(weights), "--json", "--pixel", "4,4"]
        result = CliRunner().invoke(inspect, [*command, *arguments], catch_exceptions=False)
        return float(json.loads(result.stdout)["value"]["patch"][0][1][1])

    assert patch() == 1
    assert patch("--background", "#330000") == pytest.approx(0.2)
    half = Image.new("RGB", (20, 20))
    half.paste((255, 255, 255), (0, 0, 10, 20))
    half.save(see_through)
    assert patch("--crop", "0,0,9,9") == 1
    assert patch("--crop", "11,0,9,9") == 0


def test_importing_the_command_is_cheap() -> None:
    code = (
        "import sys; import cnnviz.cli.inspect; "
        "sys.exit(any(name in sys.modules for name in ('torch', 'manim', 'numpy', 'rich')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_help_has_an_example() -> None:
    text = CliRunner().invoke(inspect, ["--help"]).output
    assert "cnnviz inspect cat.png --layer conv_1_2 --channel 3 --pixel 20,31" in text


def test_names_in_other_languages_are_listed(network, tmp_path, photo) -> None:
    names = {"zh": ("猫", "小熊猫", "学校")}
    architecture = replace(network.architecture, names=names)
    path = tmp_path / "named.safetensors"
    save_network(replace(network, architecture=architecture), path)
    call = [str(photo), "--weights", str(path)]
    text = CliRunner().invoke(inspect, call).stdout
    assert text.splitlines()[0].split() == ["class", "class", "(zh)", "score", "probability"]
    assert any(line.startswith("cat ") and " 猫 " in line for line in text.splitlines())
    data = json.loads(CliRunner().invoke(inspect, [*call, "--json"]).stdout)
    called = {each["class"]: each["names"] for each in data["predictions"]}
    assert called["[red] panda"] == {"zh": "小熊猫"}
