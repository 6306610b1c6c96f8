"""Rows of a table, added up: the product of a sparse matrix and a table."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

# What `csr_array @ table` comes down to. Making the array takes ten times as long as multiplying with it for one comment.
from scipy.sparse._sparsetools import csr_matvecs

T = TypeVar("T", np.float32, np.float64)


def summed(
    borders: NDArray[np.intp], rows: NDArray[Any], table: NDArray[T], weights: NDArray[T] | None = None
) -> NDArray[T]:
    """Return the sums of some rows of a table, in order: of `rows[borders[i] : borders[i + 1]]` for each `i`.

    `weights`, one for each of `rows`, multiply them.

    Raises:
        IndexError: there is no such row.
    """
    count, columns = len(borders) - 1, table.shape[1]
    sums = np.zeros((count, columns), dtype=table.dtype)
    if len(rows):
        # Read as a number without a sign, one below 0 is too large as well.
        if rows.view(f"u{rows.itemsize}").max() >= len(table):
            raise IndexError(f"rows {rows.min()} to {rows.max()} of a table with {len(table)} rows")
        if weights is None:
            weights = np.ones(len(rows), dtype=table.dtype)
        where = borders.astype(np.int32), rows.astype(np.int32)
        table = np.ascontiguousarray(table)
        csr_matvecs(count, len(table), columns, *where, weights, table.ravel(), sums.ravel())
    return sums
