from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cnnviz.errors import UserError
from cnnviz.model.architecture import InputDescription
from cnnviz.network.training.dataset import Dataset, find_classes, load_dataset, split

INPUT = InputDescription(3, 4, 4, (0.0,) * 3, (1.0,) * 3)


@pytest.fixture
def folder(tmp_path):
    for name, colour in (("bell_pepper", 10), ("cat", 20), (".cache", 0)):
        (tmp_path / name).mkdir()
        for number in range(3):
            Image.new("RGB", (4, 4), (colour, number, 0)).save(tmp_path / name / f"{number}.png")
    (tmp_path / "README.md").write_text("About the data.")
    return tmp_path


def test_sub_folders_are_classes(folder):
    names = [entry.name for entry in find_classes(folder)]
    assert names == ["bell pepper", "cat"]
    picked = find_classes(folder, ["cat", "bell_pepper"])
    assert [entry.name for entry in picked] == ["cat", "bell pepper"]
    assert [path.name for path in picked[0].files] == ["0.png", "1.png", "2.png"]


def test_pictures_come_with_their_labels(folder):
    dataset = load_dataset(find_classes(folder), INPUT, pytest.fail)
    assert dataset.pictures.shape == (6, 3, 4, 4)
    assert dataset.pictures.dtype == torch.uint8
    assert dataset.labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert dataset.pictures[:, :, 0, 0].tolist() == [
        [10, 0, 0],
        [10, 1, 0],
        [10, 2, 0],
        [20, 0, 0],
        [20, 1, 0],
        [20, 2, 0],
    ]


def test_empty_classes_are_refused(folder):
    (folder / "dog").mkdir()
    (folder / "dog" / "text.png").write_text("no picture")
    warnings = []
    with pytest.raises(UserError, match="class 'dog' has 0 readable pictures"):
        load_dataset(find_classes(folder), INPUT, warnings.append)
    assert len(warnings) == 1
    assert "text.png" in warnings[0]


def test_a_folder_without_classes_is_refused(tmp_path):
    with pytest.raises(UserError, match="gives 0 classes"):
        find_classes(tmp_path)
    (tmp_path / "bell_pepper").mkdir()
    (tmp_path / "bell pepper").mkdir()
    with pytest.raises(UserError, match="class 'bell pepper' is there twice"):
        find_classes(tmp_path)


def test_the_fingerprint_sees_every_pixel_label_and_name(folder):
    dataset = load_dataset(find_classes(folder), INPUT, pytest.fail)
    changed = dataset.pictures.clone()
    changed[5, 2, 3, 3] += 1
    others = [
        Dataset(changed, dataset.labels, dataset.classes),
        Dataset(dataset.pictures, 1 - dataset.labels, dataset.classes),
        Dataset(dataset.pictures, dataset.labels, ("bell pepper", "dog")),
    ]
    assert len({entry.fingerprint() for entry in (dataset, *others)}) == 4


@given(
    st.lists(st.integers(2, 30), min_size=2, max_size=5),
    st.floats(0.01, 0.99),
    st.integers(0, 100),
)
def test_the_split_is_stratified_whole_and_repeatable(counts, fraction, seed):
    labels = torch.repeat_interleave(torch.arange(len(counts)), torch.tensor(counts))
    pictures = torch.arange(len(labels), dtype=torch.uint8)[:, None, None, None]
    dataset = Dataset(pictures, labels, tuple(map(str, counts)))
    training, validation = split(dataset, fraction, seed)
    together = torch.cat([training.pictures, validation.pictures]).flatten().tolist()
    assert sorted(together) == list(range(len(labels)))
    for part in (training, validation):
        np.testing.assert_array_equal(labels[part.pictures.flatten().long()], part.labels)
        assert min(part.class_counts()) >= 1
    for held_out, count in zip(validation.class_counts(), counts, strict=True):
        assert abs(held_out - count * fraction) <= 1
    again = split(dataset, fraction, seed)[1]
    np.testing.assert_array_equal(again.pictures, validation.pictures)


@given(st.data(), st.floats(0.05, 0.95), st.integers(0, 100))
def test_the_split_of_a_class_ignores_all_other_classes(data, fraction, seed):
    def held_out(order):
        labels = torch.repeat_interleave(torch.arange(len(order)), 10)
        pictures = torch.cat([torch.arange(name * 10, name * 10 + 10) for name in order])
        dataset = Dataset(
            pictures.to(torch.uint8)[:, None, None, None], labels, tuple(map(str, order))
        )
        validation = split(dataset, fraction, seed)[1]
        values = validation.pictures.flatten()
        return {
            name: set(values[validation.labels == label].tolist())
            for label, name in enumerate(order)
        }

    everything = held_out(range(6))
    order = data.draw(st.permutations(range(6)))
    picked = order[: data.draw(st.integers(2, 6))]
    assert held_out(picked) == {name: everything[name] for name in picked}


def test_the_split_depends_on_the_seed_and_not_on_file_order():
    pictures = torch.arange(100, dtype=torch.uint8)[:, None, None, None]
    labels = torch.zeros(100, dtype=torch.int64)
    labels[50:] = 1
    dataset = Dataset(pictures, labels, ("a", "b"))

    def held_out(dataset, seed):
        return set(split(dataset, 0.2, seed)[1].pictures.flatten().tolist())

    assert held_out(dataset, 0) != held_out(dataset, 1)
    assert held_out(dataset.part(torch.arange(99, -1, -1)), 0) == held_out(dataset, 0)


def test_the_split_of_a_seed_never_changes():
    pictures = torch.arange(20, dtype=torch.uint8)[:, None, None, None]
    dataset = Dataset(pictures, torch.arange(20) // 10, ("a", "b"))
    assert split(dataset, 0.3, 0)[1].pictures.flatten().tolist() == [5, 8, 9, 12, 17, 18]
