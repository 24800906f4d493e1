"""Writes sound files of many forms, one each, to be harmed."""

import datetime as dt
import decimal
import os
import sys

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
ROWS = 60
flat = pa.table(
    {
        "id": pa.array(range(ROWS), pa.int64()),
        "kind": pa.array([["red", "green", None][n % 3] for n in range(ROWS)]),
        "amount": pa.array([decimal.Decimal(n) / 4 for n in range(ROWS)], pa.decimal128(12, 2)),
        "ratio": pa.array([n / 7 for n in range(ROWS)]),
        "day": pa.array([dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(ROWS)]),
        "at": pa.array([dt.datetime(2026, 1, 1) + dt.timedelta(hours=n) for n in range(ROWS)], pa.timestamp("us")),
        "ok": pa.array([None if n % 5 == 0 else n % 2 == 0 for n in range(ROWS)]),
    }
)
nested = pa.table(
    {
        "id": pa.array(range(ROWS), pa.int32()),
        "tags": pa.array([["a", "b"][: n % 3] for n in range(ROWS)], pa.list_(pa.string())),
        "place": pa.array([{"x": n, "y": None if n % 4 == 0 else str(n)} for n in range(ROWS)]),
        "facts": pa.array([[("k", n)] if n % 2 else None for n in range(ROWS)], pa.map_(pa.string(), pa.int64())),
    }
)


def write(name, table, **options):
    pq.write_table(table, os.path.join(folder, f"{name}.parquet"), **options)


write("plain", flat, compression="none", use_dictionary=False)
write("groups", flat, row_group_size=20, compression="snappy")
write("version2", flat, compression="zstd", data_page_version="2.0")
write("indexed", flat, compression="gzip", write_page_index=True, row_group_size=30)
write("nested", nested, compression="snappy")
write("nested2", nested, compression="none", data_page_version="2.0", row_group_size=25)
write("bare", flat, compression="none", write_statistics=False, store_schema=False)
duckdb.from_arrow(flat).write_parquet(os.path.join(folder, "duckdb.parquet"), compression="zstd")
