#!/usr/bin/env bash
# With:     polars 2.1.0, pyarrow 26.0.1 (writer), duckdb 2.0.1.
# Expected: sorting_columns is a hint to skip work; max() of a column looks at the values, and a writer that is told "sorted by x" checks it
#           or sorts.
# Seen:     pyarrow writes the claim without looking at the rows. polars turns it into its SORTED flag, and then max() is "the last value",
#           min() "the first", sort() does nothing, unique() finds what it likes: max of 5 1 3 2 9 4 is 4. DuckDB says 9.
# Lake:     one job that keeps the option after somebody removed the sort gives polars users wrong maxima and unsorted sorts, no error.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check polars==2.1.0 pyarrow==26.0.1 duckdb==2.0.1
venv/bin/python - <<'PY'
import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

pq.write_table(
    pa.table({"x": [5, 1, 3, 2, 9, 4]}), "claimed.parquet", sorting_columns=[pq.SortingColumn(0)]
)
x = pl.read_parquet("claimed.parquet")["x"]
lazy = pl.scan_parquet("claimed.parquet").select(pl.col("x").max()).collect().item()
seen = {"flag": x.flags["SORTED_ASC"], "max": x.max(), "lazy max": lazy, "min": x.min(), "sort": x.sort().to_list()}
print("polars:", seen)
print("DuckDB:", duckdb.sql("SELECT max(x), min(x) FROM 'claimed.parquet'").fetchall())
assert seen == {"flag": True, "max": 4, "lazy max": 4, "min": 5, "sort": [5, 1, 3, 2, 9, 4]}, "behaviour changed"
PY
