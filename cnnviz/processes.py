"""Fresh Python processes that do one thing, without what this process has loaded."""

from __future__ import annotations

import sys

START = "import sys; sys.path[:] = {path!r}; from {module} import main; main(*{arguments!r})"


def command_for(module: str, *arguments: object) -> list[str]:
    """Return the command that calls a module's ``main`` in another process.

    Parameters
    ----------
    module
        Its full name.
    arguments
        What ``main`` is called with: values that are what their ``repr`` says.
    """
    code = START.format(path=sys.path, module=module, arguments=arguments)
    return [sys.executable, "-X", "utf8", "-P", "-c", code]
