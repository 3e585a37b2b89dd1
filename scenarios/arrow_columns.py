"""Columns of numbers and words as Parquet holds them, there and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from scenarios.table_columns import TABLES


def arrow_table(name: str, columns: dict[str, Any]) -> pa.Table:
    """Return one of the declared tables, filled; what never happened is null."""
    arrays, schema = [], []
    for column in TABLES[name]:
        values = columns[column.name]
        if column.kind == "text":
            array = values
        elif column.kind == "float64":
            flat = np.asarray(values, dtype=np.float64).ravel()
            array = pa.array(flat, mask=~np.isfinite(flat))
        else:
            array = pa.array(np.asarray(values).ravel().astype(np.int32))
        arrays.append(array)
        meaning = {"unit": column.unit, "meaning": column.meaning}
        schema.append(pa.field(column.name, array.type, metadata=meaning))
    return pa.Table.from_arrays(arrays, schema=pa.schema(schema, metadata={"table": name}))


def text_column(codes: NDArray[Any], words: Sequence[str]) -> pa.DictionaryArray:
    """Return words by their codes; a negative code is null."""
    flat = np.asarray(codes).ravel().astype(np.int32)
    indices = pa.array(flat, mask=flat < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(words), type=pa.string()))


def word_codes(values: Sequence[str]) -> tuple[NDArray[np.int32], list[str]]:
    """Return a code for each word, and the words in alphabetical order."""
    known = sorted(set(values))
    at = {word: code for code, word in enumerate(known)}
    return np.array([at[value] for value in values], dtype=np.int32), known


def float_column(table: pa.Table, name: str) -> NDArray[np.float64]:
    """Return a column of numbers; null is inf: it never happened."""
    values: NDArray[np.float64] = (
        table.column(name).combine_chunks().fill_null(np.inf).to_numpy(zero_copy_only=False)
    )
    return values


def int_column(table: pa.Table, name: str) -> NDArray[np.int64]:
    """Return a column of whole numbers."""
    return np.asarray(table.column(name).to_numpy(), dtype=np.int64)


def code_column(table: pa.Table, name: str, words: Sequence[str]) -> NDArray[np.int64]:
    """Return a column of words as their places in a list; null is -1."""
    at: dict[str | None, int] = {word: code for code, word in enumerate(words)}
    at[None] = -1
    column = table.column(name).combine_chunks()
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    known = column.dictionary.to_pylist()
    unknown = [word for word in known if word not in at]
    if unknown:
        raise ValueError(f"{name}: unknown {unknown[0]!r}")
    codes = np.array([at[word] for word in known] + [-1], dtype=np.int64)
    indices = column.indices.fill_null(len(known)).to_numpy(zero_copy_only=False)
    return np.asarray(codes[np.asarray(indices, dtype=np.int64)])
