"""``cnnviz weights``: what is printed, what is written, and what is refused."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from cnnviz.cli.main import main
from cnnviz.network import load_network
from cnnviz.weights import NAMED_WEIGHTS, model_card, weights_file


@pytest.fixture
def plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the weights of Tiny VGG without what they are of."""
    monkeypatch.chdir(tmp_path)
    state = load_network().module.state_dict()
    save_file({name: value.contiguous() for name, value in state.items()}, "plain.bin")
    return Path("plain.bin")


def test_every_named_network_is_shown_with_its_card(capsys):
    for name, network in NAMED_WEIGHTS.items():
        assert model_card(name).is_file()
        if not network.is_installed:
            continue
        assert main(["weights", "show", name]) == 0
        printed = capsys.readouterr().out
        assert f"{name}.md" in printed.replace("\n", "")


SCRIPTS = ["<script>alert(1)</script>", "a|b", *(f"c{number}" for number in range(8))]


def test_import_writes_weights_and_a_card(plain, capsys):
    Path("classes.txt").write_text("\n".join(SCRIPTS))
    Path("zh.toml").write_text("\n".join(f"'{name}' = '{n}号'" for n, name in enumerate(SCRIPTS)))
    call = ["weights", "import", str(plain), "-o", "out/net.safetensors", "--like", "tiny_vgg"]
    call += ["--classes", "classes.txt", "--names", "zh:zh.toml", "--mean", "0.5", "--std", "1,2,3"]
    assert main([*call, "--name", "My network"]) == 0
    printed = capsys.readouterr()
    assert printed.out == "out/net.safetensors\n"
    assert "12 layers, 19,920 parameters, 10 classes" in printed.err
    network = load_network("out/net.safetensors")
    assert (network.name, network.classes) == ("My network", tuple(SCRIPTS))
    assert (network.input.mean, network.input.std) == ((0.5, 0.5, 0.5), (1.0, 2.0, 3.0))
    assert network.architecture.class_names("zh")[2] == "2号"
    card = Path("out/net.md").read_text(encoding="utf-8")
    assert "<script>" not in card
    assert "a\\|b" in card
    takes = "- Input: RGB, 64 x 64 pixels, values 0 to 1, normalised as (x - mean) / std"
    assert f"{takes} with mean (0.5, 0.5, 0.5) and std (1, 2, 3)" in card.splitlines()
    assert hashlib.sha256(plain.read_bytes()).hexdigest() in card
    assert main([*call]) == 2
    assert "--force" in capsys.readouterr().err
    assert main([*call, "--force", "-Q"]) == 0
    assert not capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["-o", "net.bin"], "must end in .safetensors"),
        (["-o", "net.safetensors"], "--like"),
        (["-o", "n.safetensors", "--like", "nothing"], "'nothing' is neither a file"),
        (["-o", "n.safetensors", "--like", "tiny_vgg", "--std", "0"], "greater than 0"),
        (["-o", "n.safetensors", "--like", "tiny_vgg", "--std", "1,2"], "3 channels"),
        (["-o", "n.safetensors", "--like", "tiny_vgg", "--std", "nan"], "number"),
        (["-o", "n.safetensors", "--mean", "x"], "'x' is not one number"),
        (["-o", "n.safetensors", "--input-size", "0"], "not HEIGHT,WIDTH"),
        (["-o", "n.safetensors", "--like", "tiny_vgg", "--classes", "none"], "is no file"),
        (["-o", "n.safetensors", "--like", "tiny_vgg", "--check", "a", "b"], "'a' is no file"),
        (["-o", "n.safetensors", "--like", "tiny_vgg", "--name", "a\nb"], "printable"),
    ],
)
def test_wrong_calls_get_one_line_and_write_nothing(plain, capsys, options, reason):
    before = sorted(Path().iterdir())
    assert main(["weights", "import", str(plain), *options]) == 2
    message = capsys.readouterr().err
    assert reason in message
    assert message.count("\n") == 1
    assert sorted(Path().iterdir()) == before


def test_list_names_what_weights_takes(capsys):
    assert main(["weights", "list"]) == 0
    names = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line[0] != " "]
    assert names == list(NAMED_WEIGHTS)


@pytest.mark.parametrize("name", ["tiny_vgg", "lenet_5"])
def test_show_prints_layers_and_classes(capsys, name):
    assert main(["weights", "show", name, "--card"]) == 0
    printed = capsys.readouterr().out
    architecture = load_network(name).architecture
    for layer in architecture.layers:
        assert layer.name in printed
    assert f"{architecture.parameter_count:,} parameters" in printed
    assert ", ".join(architecture.classes) in printed
    assert "## Layers" in printed


def test_receptive_fields_are_shown(capsys):
    main(["weights", "show", "lenet_5"])
    rows = {line.split()[0]: line for line in capsys.readouterr().out.splitlines() if line.strip()}
    assert rows["conv_2"].endswith("14 × 14")
    assert "5 × 5, padding 2" in rows["conv_1"]


def test_export(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["weights", "export", "lenet_5", "-o", "lenet.pt"]) == 0
    assert capsys.readouterr().out == "lenet.pt\n"
    state = torch.load("lenet.pt", weights_only=True)
    assert next(iter(state)) == "conv_1.weight"


def test_unknown_networks_are_refused_with_those_there_are(capsys):
    assert main(["weights", "show", "lenet"]) == 2
    message = capsys.readouterr().err
    assert "tiny_vgg, lenet_5" in message
    assert message.count("\n") == 1


def test_a_name_is_a_file_and_a_path_stays_one(tmp_path):
    assert weights_file("lenet_5").name == "lenet_5.safetensors"
    assert weights_file(None) == weights_file("tiny_vgg")
    assert weights_file(tmp_path / "x") == tmp_path / "x"


def test_a_model_of_others_given_to_weights_says_what_to_do(plain, capsys):
    assert main(["inspect", "x.png", "--weights", str(plain)]) == 2
    assert "cnnviz weights import" in capsys.readouterr().err
