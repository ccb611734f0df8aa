"""Rows -> a Parquet file, whose schema says what each column means.

In: columns, rows in their order. Out: a file.
Not here: which rows (rows, flat), CSV (writing).
"""

from collections.abc import Iterable, Sequence
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from triage.reports.values import VERSION, Column, Kind, Row
from triage.streams import chunks

_ROWS_A_GROUP = 50_000


def write_parquet(
    file: BinaryIO, table: str, columns: Sequence[Column], rows: Iterable[Row]
) -> int:
    """Write rows to a file, some at a time; return how many there were."""
    schema = _schema(table, columns)
    count = 0
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for some in chunks(rows, _ROWS_A_GROUP):
            count += len(some)
            writer.write_batch(pa.RecordBatch.from_arrays(_arrays(some, schema), schema=schema))
    return count


def _arrays(rows: Sequence[Row], schema: pa.Schema) -> list[pa.Array]:
    columns = zip(*rows, strict=True)
    return [
        pa.array(values, type=field.type) for values, field in zip(columns, schema, strict=True)
    ]


def _schema(table: str, columns: Sequence[Column]) -> pa.Schema:
    types: dict[Kind, pa.DataType] = {
        "text": pa.string(),
        "yes": pa.bool_(),
        "whole": pa.int32(),
        "number": pa.float64(),
        "moment": pa.timestamp("us", tz="UTC"),
        "day": pa.date32(),
    }
    fields = [
        pa.field(column.name, types[column.kind], metadata={"meaning": column.meaning})
        for column in columns
    ]
    told = {"triage.table": table, "triage.columns": str(VERSION)}
    return pa.schema(fields, metadata=told)
