#!/usr/bin/env bash
# With:     fastparquet 2026.9.0, pandas 3.1.1, polars 2.1.0, datafusion 55.0.0, pyarrow 26.0.1, duckdb 2.0.1.
# Expected: 9999-12-31 ("valid until further notice") is an ordinary value: a reader shows it, or says that it cannot.
# Seen:     fastparquet reads a plain DATE 9999-12-31 as 1816-03-29. Of INT96, Spark's default, polars reads 9999-12-31, and 0001-01-01 too,
#           as 2262-04-11: both ends of time become one instant; DataFusion, daft, fastparquet and pyarrow say 1816 and 1754. DuckDB and
#           Spark are right; ClickHouse refuses. No error anywhere else.
# Lake:     in a history table every row that is valid today reads as long expired, or the reverse. Write TIMESTAMP_MICROS, and open ends
#           as null.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check fastparquet==2026.9.0 pandas==3.1.1 polars==2.1.0 datafusion==55.0.0 pyarrow==26.0.1 duckdb==2.0.1
venv/bin/python - <<'PY'
import datetime

import datafusion
import duckdb
import fastparquet
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

ends = [datetime.datetime(9999, 12, 31), datetime.datetime(1, 1, 1)]
pq.write_table(pa.table({"d": pa.array([end.date() for end in ends])}), "date.parquet")
pq.write_table(pa.table({"t": pa.array(ends, pa.timestamp("us"))}), "int96.parquet", use_deprecated_int96_timestamps=True, store_schema=False)
context = datafusion.SessionContext()
context.register_parquet("t", "int96.parquet")
text = lambda values: [str(value)[:10] for value in values]
seen = {
    "fastparquet DATE": text(fastparquet.ParquetFile("date.parquet").to_pandas()["d"]),
    "fastparquet INT96": text(fastparquet.ParquetFile("int96.parquet").to_pandas()["t"]),
    "polars INT96": text(pl.read_parquet("int96.parquet")["t"].cast(pl.String)),
    "DataFusion INT96": text(context.sql("SELECT CAST(t AS varchar) v FROM t").to_pydict()["v"]),
    "pyarrow INT96": text(pq.read_table("int96.parquet")["t"].cast(pa.string())),
    "DuckDB INT96": text(row[0] for row in duckdb.sql("SELECT t FROM 'int96.parquet'").fetchall()),
}
for reader, values in seen.items():
    print(f"{reader:18} 9999-12-31 is {values[0]}, 0001-01-01 is {values[1]}")
assert seen == {
    "fastparquet DATE": ["1816-03-29", "1754-08-30"],
    "fastparquet INT96": ["1816-03-29", "1754-08-30"],
    "polars INT96": ["2262-04-11", "2262-04-11"],
    "DataFusion INT96": ["1816-03-29", "1754-08-30"],
    "pyarrow INT96": ["1816-03-29", "1754-08-30"],
    "DuckDB INT96": ["9999-12-31", "0001-01-01"],
}, "behaviour changed"
PY
