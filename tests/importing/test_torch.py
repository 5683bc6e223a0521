"""State_dicts and safetensors: weights that a description tells what they are of."""

from __future__ import annotations

import io
import os
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file
from torch import nn

from cnnviz.errors import UserError

from .conftest import assert_no_fault, damaged

DESCRIPTION = """
name = "Small"
input = {channels = 1, height = 8, width = 8}
layers = [
  {kind = "conv", name = "first", out_channels = 4, kernel_size = 3},
  {kind = "relu", name = "r1"},
  {kind = "conv", name = "second", out_channels = 4, kernel_size = 3, groups = 2},
  {kind = "relu", name = "r2"},
  {kind = "flatten", name = "flat"},
  {kind = "linear", name = "scores"},
]
"""


class Module(nn.Sequential):
    """The same network as others write it, with batch normalisations."""

    def __init__(self) -> None:
        super().__init__(
            nn.Conv2d(1, 4, 3, bias=False),
            nn.BatchNorm2d(4),
            nn.ReLU(),
            nn.Conv2d(4, 4, 3, groups=2),
            nn.BatchNorm2d(4, affine=False),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(64, 3),
        )


@pytest.fixture
def module() -> Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        made = Module().eval()
        for norm in (made[1], made[4]):
            norm.running_mean.normal_()
            norm.running_var.uniform_(0.5, 2)
        nn.init.normal_(made[1].weight)
        nn.init.normal_(made[1].bias)
    return made


@pytest.fixture
def like(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(DESCRIPTION)
    return path


def assert_same(result, module: nn.Module) -> None:
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(0)
        pictures = torch.rand(3, 1, 8, 8)
        torch.testing.assert_close(result.network.module(pictures), module(pictures))


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_state_dict_is_mapped_by_order_and_shape(import_file, tmp_path, module, like, wrapped):
    state = module.state_dict()
    held = {"epoch": 3, "state_dict": {f"module.{k}": v for k, v in state.items()}}
    torch.save(held if wrapped else state, tmp_path / "net.bin")
    result = import_file(tmp_path / "net.bin", like=like)
    assert_same(result, module)
    assert "in the file's order" in " ".join(result.notes)
    assert [layer.name for layer in result.network.layers][:2] == ["first", "r1"]


def test_safetensors_are_mapped_by_the_order_of_names(import_file, tmp_path, module, like):
    save_file(module.state_dict(), tmp_path / "net.bin")
    assert_same(import_file(tmp_path / "net.bin", like=like), module)


def test_names_go_before_order(import_file, tmp_path, module, like):
    linear = {"scores.weight": module[7].weight, "scores.bias": module[7].bias}
    state = linear | {"second.weight": module[3].weight, "first.weight": module[0].weight}
    save_file({name: value.detach() for name, value in state.items()}, tmp_path / "net.bin")
    result = import_file(tmp_path / "net.bin", like=like)
    weight = result.network.module.get_submodule("first").get_parameter("weight")
    torch.testing.assert_close(weight, module[0].weight)
    assert not result.notes


TWINS = DESCRIPTION.replace(", groups = 2", "").replace("out_channels = 4", "out_channels = 1")


def test_layers_of_one_shape_are_said_to_be_uncertain(import_file, tmp_path, like):
    like.write_text(TWINS)
    module = nn.Sequential(nn.Conv2d(1, 1, 3), nn.Conv2d(1, 1, 3), nn.Linear(16, 2))
    torch.save(module.state_dict(), tmp_path / "net.pt")
    notes = import_file(tmp_path / "net.pt", like=like).notes
    assert "first, second" in notes[0]
    assert "--check" in notes[0]


class Harm:
    def __reduce__(self):
        return os.system, ("touch harmed",)


def torchscript(path: Path) -> None:
    torch.jit.save(torch.jit.trace(Module().eval(), torch.rand(1, 1, 8, 8)), path)


def exported(path: Path) -> None:
    torch.export.save(torch.export.export(Module().eval(), (torch.rand(1, 1, 8, 8),)), path)


def whole_model(path: Path) -> None:
    torch.save(Module(), path)


def code(path: Path) -> None:
    torch.save({"weight": Harm()}, path)


def legacy(path: Path) -> None:
    torch.save(Module().state_dict(), path, _use_new_zipfile_serialization=False)


def plain_pickle(path: Path) -> None:
    path.write_bytes(pickle.dumps(Harm(), protocol=4))


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("net/data.pkl", pickle.dumps({}))
        archive.writestr("net/data/0", bytes(30_000_000))


def strided(path: Path) -> None:
    torch.save({"w.weight": torch.zeros(1).expand(7_000, 7_000)}, path)


def no_state(path: Path) -> None:
    torch.save([1, 2], path)


def two_scores(path: Path) -> None:
    torch.save({"w.weight": torch.zeros(1, 9)}, path)


@pytest.mark.parametrize(
    ("write", "reason"),
    [
        (torchscript, "TorchScript.*torch.onnx.export"),
        (exported, r"\.pt2.*torch.onnx.export"),
        (whole_model, "whole model.*torch.onnx.export"),
        (code, "could run code"),
        (legacy, "can run code and are not read"),
        (plain_pickle, "can run code and are not read"),
        (bomb, "made to fill memory"),
        (strided, "holds fewer"),
        (no_state, "no state_dict"),
        (two_scores, "two or more classes"),
    ],
)
def test_what_is_refused_says_what_to_do(import_file, tmp_path, monkeypatch, like, write, reason):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "net.bin")
    with pytest.raises(UserError, match=reason) as caught:
        import_file(tmp_path / "net.bin", like=like)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "harmed").exists()
    assert not (tmp_path / "imported").exists()


def test_weights_alone_ask_for_a_description(import_file, tmp_path, module):
    torch.save(module.state_dict(), tmp_path / "net.pt")
    with pytest.raises(UserError, match=r"--like.*lenet_5"):
        import_file(tmp_path / "net.pt")
    with pytest.raises(UserError, match="3 layers, but the description has 5"):
        import_file(tmp_path / "net.pt", like="lenet_5")


@settings(max_examples=50, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.data(), st.booleans())
def test_damage_is_an_error_of_the_users(import_file, tmp_path, module, like, data, is_zip):
    buffer = io.BytesIO()
    path = tmp_path / "damaged"
    if is_zip:
        torch.save(module.state_dict(), buffer)
        path.write_bytes(buffer.getvalue())
    else:
        save_file(module.state_dict(), path)
    path.write_bytes(data.draw(damaged(path.read_bytes())))
    assert_no_fault(import_file, path, like=like)


def test_unknown_contents_are_refused(import_file, tmp_path):
    for content, reason in ((b"", "empty"), (b"MZ" * 99, "is none of"), (b"PK\x03\x04", "damaged")):
        (tmp_path / "x").write_bytes(content)
        with pytest.raises(UserError, match=reason):
            import_file(tmp_path / "x")
    with pytest.raises(UserError, match="no such file"):
        import_file(tmp_path / "none")
    with pytest.raises(UserError, match="folder"):
        import_file(tmp_path)


def test_zips_of_a_million_names_are_refused_before_they_are_listed(import_file, tmp_path):
    path = tmp_path / "many.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", "{}")
    content = bytearray(path.read_bytes())
    end = content.rfind(b"PK\x05\x06")
    content[end + 12 : end + 16] = (2**28).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(UserError, match="more names"):
        import_file(path)


def test_numbers_are_exact(import_file, tmp_path, module, like):
    """A batch normalisation is folded in double precision."""
    torch.save(module.state_dict(), tmp_path / "net.pt")
    network = import_file(tmp_path / "net.pt", like=like).network
    norm = module[1]
    gain = norm.weight.double() / torch.sqrt(norm.running_var.double() + norm.eps)
    expected = module[0].weight.double() * gain[:, None, None, None]
    found = network.module.get_submodule("first").get_parameter("weight").detach().numpy()
    np.testing.assert_array_equal(found, expected.float().detach().numpy())
