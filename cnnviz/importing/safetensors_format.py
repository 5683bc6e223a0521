"""Safetensors: tensors by name, as Hugging Face's libraries write them."""

from __future__ import annotations

import numpy as np
import safetensors

from cnnviz.errors import UserError
from cnnviz.importing.described import described_graph
from cnnviz.importing.formats import ModelFormat, NetworkFile, ReadingOptions
from cnnviz.importing.graph import ImportedGraph
from cnnviz.importing.limits import LARGEST_FILE, count_of, quote
from cnnviz.network.weights import MAX_HEADER_BYTES, METADATA_KEY

TYPES = ("F64", "F32", "F16", "BF16")


class SafetensorsFormat(ModelFormat):
    """A header in JSON, and the numbers behind it; it keeps no order of tensors."""

    name = "safetensors"
    needs_description = True

    def recognises(self, file: NetworkFile) -> bool:
        """Return whether it begins with the length of a header and a JSON object."""
        return file.head[8:9] == b"{" and int.from_bytes(file.head[:8], "little") < 2**40

    def read(self, file: NetworkFile, options: ReadingOptions) -> ImportedGraph:
        """Return the described network with the weights in the file."""
        if int.from_bytes(file.head[:8], "little") > MAX_HEADER_BYTES:
            raise UserError(f"its header has more than {MAX_HEADER_BYTES:,} bytes")
        if file.path.stat().st_size > LARGEST_FILE:
            raise UserError(f"it has more than {LARGEST_FILE:,} bytes")
        state = {}
        try:
            with safetensors.safe_open(file.path, framework="pt") as opened:
                if METADATA_KEY in (opened.metadata() or {}):
                    raise UserError(
                        "it is a weights file of cnnviz already; give it to --weights as it is"
                    )
                for name in opened.keys():  # noqa: SIM118  (no mapping)
                    what = f"tensor '{quote(name)}'"
                    part = opened.get_slice(name)
                    count_of(part.get_shape(), what)
                    if part.get_dtype() not in (*TYPES, "I64"):
                        raise UserError(
                            f"{what} is of type {part.get_dtype()}; only decimal numbers are read"
                        )
                    state[name] = opened.get_tensor(name).float().numpy().astype(np.float32)
        except safetensors.SafetensorError as error:
            reason = quote(" ".join(str(error).split()))
            raise UserError(f"it is a damaged or cut off safetensors file ({reason})") from None
        return described_graph(state, options, is_ordered=False)
