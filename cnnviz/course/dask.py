"""Workers of a Dask cluster: https://distributed.dask.org, the extra ``cnnviz[dask]``."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from cnnviz.course.engine import Workers
from cnnviz.errors import UserError
from cnnviz.system.installation import how_to_add

PATIENCE = 15
"""Seconds within which a scheduler has to answer."""

AHEAD = 2
"""Films for each thread of a worker: one that it makes, and one that is there when that is done."""


@contextmanager
def dask_workers(address: str, at_once: int | None, *, use_cache: bool) -> Iterator[Workers]:
    """Give the workers of a cluster.

    Parameters
    ----------
    address
        The scheduler's, such as ``tcp://10.0.0.5:8786``.
    at_once
        How many films they have at a time; by default two for each of their threads.
    use_cache
        Whether they use their caches.

    Raises
    ------
    UserError
        If Dask is not installed, or no scheduler answers.
    """
    try:
        from distributed import Client
    except ImportError:
        raise UserError(
            f"--dask takes a package that is not installed: {how_to_add('dask')}"
        ) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # lost workers are told of by us
    try:
        client = Client(  # type: ignore[no-untyped-call]
            address, timeout=PATIENCE, set_as_default=False
        )
    except (OSError, TimeoutError, ValueError) as error:
        raise _gone(address, error) from None

    def enough() -> int:
        try:
            threads: Mapping[str, int] = client.nthreads()  # type: ignore[no-untyped-call]
        except (OSError, TimeoutError) as error:
            raise _gone(address, error) from None
        return max(1, AHEAD * sum(threads.values()))

    with client:
        yield Workers(
            client.get_executor(pure=False),  # type: ignore[no-untyped-call]
            enough if at_once is None else lambda: at_once,
            use_cache=use_cache,
        )


def _gone(address: str, error: Exception) -> UserError:
    reason = " ".join(str(error).split()) or type(error).__name__
    return UserError(f'no Dask scheduler answers at "{address}": {reason}')
