"""Networks of other programs: read, changed into layers that cnnviz has, proved, and written.

A reader of each format (:mod:`.known_formats` lists them) makes a graph of operations
(:mod:`.operations`, :mod:`.graph`), whatever its file calls them. :mod:`.folding` makes of these
what are layers of cnnviz, :mod:`.lowering` the network, :mod:`.proof` compares it with what another
program computes. Nothing in a file is ever run, and no memory is taken that its size does not
justify (:mod:`.limits`).
"""

from cnnviz.importing.importer import ImportResult, ImportSettings, import_network

__all__ = ["ImportResult", "ImportSettings", "import_network"]
