from __future__ import annotations

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cnnviz.errors import UserError
from cnnviz.network.training.checkpoint import _sealed, load_checkpoint, save_checkpoint
from cnnviz.network.training.loop import EpochResult, new_state
from cnnviz.network.training.settings import TrainingSettings

IDENTITY = {"network": {"name": "tiny"}, "settings": {"epochs": 3}}


@pytest.fixture
def state(tiny_network):
    state = new_state(tiny_network.architecture, TrainingSettings())
    state.module(torch.rand(4, 1, 6, 5)).sum().backward()
    for optimizer in state.optimizers:
        optimizer.step()
    state.history.append(EpochResult(1, 0.9, 0.5, 0.8, 0.6))
    return state


def test_everything_comes_back(state, tiny_network, tmp_path):
    torch.manual_seed(3)
    save_checkpoint(tmp_path / "c", state, IDENTITY)
    expected = torch.rand(3)
    other = new_state(tiny_network.architecture, TrainingSettings())
    load_checkpoint(tmp_path / "c", other, IDENTITY)
    assert torch.equal(torch.rand(3), expected)
    assert other.history == state.history
    for name in ("module", "average"):
        kept, loaded = getattr(state, name).state_dict(), getattr(other, name).state_dict()
        assert all(torch.equal(value, loaded[key]) for key, value in kept.items())
    for one, two in zip(state.optimizers, other.optimizers, strict=True):
        kept, loaded = one.state_dict()["state"], two.state_dict()["state"]
        assert kept
        assert kept.keys() == loaded.keys()
        assert all(torch.equal(kept[0][key], loaded[0][key]) for key in kept[0])


def test_another_training_is_refused(state, tmp_path):
    save_checkpoint(tmp_path / "c", state, IDENTITY)
    with pytest.raises(UserError, match=r"made with another settings: .*3.*, now .*4"):
        load_checkpoint(tmp_path / "c", state, IDENTITY | {"settings": {"epochs": 4}})


def test_damaged_files_are_refused(state, tmp_path):
    path = tmp_path / "c"
    save_checkpoint(path, state, IDENTITY)
    content = path.read_bytes()
    for damaged in (b"", b"something else", content[:500], content[:-10]):
        path.write_bytes(damaged)
        with pytest.raises(UserError, match=r"checkpoint '.*c' is damaged, delete it") as caught:
            load_checkpoint(path, state, IDENTITY)
        assert "\n" not in str(caught.value)


@given(st.data())
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_single_changed_byte_is_damage(state, tmp_path, data):
    path = tmp_path / "c"
    save_checkpoint(path, state, IDENTITY)
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"checkpoint '.*c' is damaged, delete it"):
        load_checkpoint(path, state, IDENTITY)


@pytest.mark.parametrize("facts", ["[]", "null", '{"identity": 3}', "[" * 100_000, "{}", "{"])
def test_what_somebody_made_up_is_damaged(state, tmp_path, facts):
    tensors = {"generator": torch.zeros(3)}
    (tmp_path / "c").write_bytes(_sealed(tensors, facts))
    with pytest.raises(UserError, match="is damaged, delete it"):
        load_checkpoint(tmp_path / "c", state, IDENTITY)
