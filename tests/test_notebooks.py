"""Notebooks, run by a real kernel: what they show, and that ``jobs`` is safe there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from traitlets.config import Config

pytestmark = pytest.mark.slow

EXAMPLE = Path(__file__).parents[1] / "docs" / "example.ipynb"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., NotebookNode]]:
    """Return a function that runs a notebook in an empty folder and gives it back."""
    with TemporaryDirectory(prefix="nb-") as folder:  # short: sockets' paths have little room
        for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
            monkeypatch.setenv(name, folder)

        def execute(notebook: NotebookNode) -> NotebookNode:
            connection = {"transport": "ipc", "connection_file": f"{folder}/kernel.json"}
            client = NotebookClient(
                notebook,
                config=Config(KernelManager=connection),  # by files: ports might be taken by then
                resources={"metadata": {"path": str(tmp_path)}},
                startup_timeout=240,
                timeout=240,
            )
            return client.execute()

        yield execute


def outputs(cell: NotebookNode) -> list[dict[str, Any]]:
    """Return what a cell shows, by type, one thing after the other."""
    shown = []
    for output in cell.outputs:
        if output.output_type == "stream":
            shown.append({output.name: output.text})
        else:
            shown.append(dict(output.data))
    return shown


def test_the_example_works_as_it_is(run: Callable[..., NotebookNode], tmp_path: Path) -> None:
    notebook = run(nbformat.read(EXAMPLE, as_version=4))
    cells = [outputs(cell) for cell in notebook.cells if cell.cell_type == "code"]
    imports, trace, means, film, batch, wrong = cells
    assert imports == []
    assert re.fullmatch(r"<Trace of Tiny VGG: cat \(\d+\.\d%\), 12 layers>", trace[0]["text/plain"])
    assert means[0]["text/plain"].startswith("array(")
    bar, clip = film
    assert re.fullmatch(r"relu: done in \d+ s", bar["text/plain"])
    assert '<progress value="1.0000"' in bar["text/html"]
    assert "<video controls" in clip["text/html"]
    assert clip["text/html"].count(";base64,") == 3
    assert re.fullmatch(r"<Clip media/relu_cat_\S+\.mp4, \d+\.\d s>", clip["text/plain"])
    names = [re.findall(r">media/(.*?)\.mp4<", each["text/html"]) for each in batch[1:]]
    assert [name.split("_")[1] for (name,) in names] == ["cat", "espresso"]
    assert len(batch) == 3
    assert wrong[0]["text/plain"] == "relu: stopped"
    assert wrong[1]["stdout"].startswith('there is no ReLU "conv_9"')
    assert "stderr" not in {kind for cell in cells for each in cell for kind in each}
    assert (tmp_path / "media" / "relu_espresso_pace0.2_480p_5fps.mp4").exists()


RENDER = """
calls = []
clip = cnnviz.render(
    "relu", weights={weights!r}, quality="l", fps=2, pace=0.2, cache=False, jobs=2,
    on_progress=lambda done, total: calls.append((done, total)),
)
"""


def test_other_processes_do_not_run_the_notebook_again(
    run: Callable[..., NotebookNode], tmp_path: Path, small_weights: Path
) -> None:
    notebook = run(
        new_notebook(
            cells=[
                new_code_cell("import cnnviz\nprint('once', file=open('log', 'a'))"),
                new_code_cell(RENDER.format(weights=str(small_weights))),
                new_code_cell("print(calls[-1][0] == calls[-1][1] == clip.seconds * 2)"),
            ]
        )
    )
    assert (tmp_path / "log").read_text() == "once\n"
    quiet, calls = (outputs(cell) for cell in notebook.cells[1:])
    assert quiet == []  # with a call of one's own there is no bar
    assert calls == [{"stdout": "True\n"}]
