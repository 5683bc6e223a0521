"""Networks of other programs: read, changed into layers that cnnviz has, proved, and written.

A reader of each format (:mod:`.known_formats` lists them) makes a graph of operations
(:mod:`.operations`, :mod:`.graph`), whatever its file calls them. :mod:`.folding` makes of these
what are layers of cnnviz, :mod:`.lowering` the network, :mod:`.proof` compares it with what another
program computes. Nothing in a file is ever run, and no memory is taken that its size does not
justify (:mod:`.limits`).

Only what proves and writes imports torch, and it does so when it is asked for: a reader may work
in a process of its own, which starts in a fraction of the time without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["ImportResult", "ImportSettings", "import_network"]

if TYPE_CHECKING:
    from cnnviz.importing.importer import ImportResult, ImportSettings, import_network
else:  # hidden from type checkers, to which it would make every name a right one

    def __getattr__(name: str) -> Any:
        """Import what needs torch when it is asked for."""
        from importlib import import_module

        if name in __all__:
            return getattr(import_module("cnnviz.importing.importer"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
