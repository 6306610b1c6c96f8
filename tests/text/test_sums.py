"""Rows of a table, added up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from moderation.text.sums import summed


@given(st.lists(st.lists(st.integers(0, 9), max_size=6), max_size=6), st.sampled_from([np.float32, np.float64]))
def test_they_are_what_a_sparse_product_gives(groups, kind):
    table = np.random.default_rng(0).normal(size=(10, 3)).astype(kind)
    rows = np.array([row for group in groups for row in group], dtype=np.intp)
    borders = np.cumsum([0, *map(len, groups)])
    weights = np.linspace(-1, 2, len(rows)).astype(kind)
    for given_weights in (None, weights):
        values = np.ones(len(rows), dtype=kind) if given_weights is None else given_weights
        expected = sparse.csr_array((values, rows, borders), shape=(len(groups), 10)) @ table
        found = summed(borders, rows, table, given_weights)
        np.testing.assert_array_equal(found, expected.reshape(found.shape))
        assert found.dtype == kind


@pytest.mark.parametrize("row", [-1, 4])
def test_a_row_that_is_not_there_is_an_error(row):
    with pytest.raises(IndexError, match="of a table with 4 rows"):
        summed(np.array([0, 1]), np.array([row]), np.zeros((4, 2)))
