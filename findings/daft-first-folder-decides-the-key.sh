#!/usr/bin/env bash
# With:     daft 0.7.26, pyarrow 25.0.1 (writer), duckdb 2.0.1, polars 2.1.0.
# Expected: a key whose folders are k=1 and k=x is text, as pyarrow, DuckDB, polars and Spark say, or an error.
# Seen:     daft takes the type of the first folder that it is given, and a later value that does not parse becomes null, silently:
#           k=1, k=x reads as 1 and null; given in the other order, as 'x' and '1'.
# Lake:     the first store code with a letter in it loses its key, and a filter on it its rows. Declare the key's type in the reader.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check daft==0.7.26 pyarrow==25.0.1 duckdb==2.0.1 polars==2.1.0
venv/bin/python - <<'PY'
import daft
import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

pq.write_to_dataset(pa.table({"a": [1, 2], "k": ["1", "x"]}), "t", partition_cols=["k"], basename_template="{i}.parquet")
one, x = "t/k=1/0.parquet", "t/k=x/0.parquet"


def keys(files):
    read = daft.read_parquet(files, hive_partitioning=True).to_pydict()
    return dict(zip(read["a"], read["k"]))


print("DuckDB:", duckdb.sql("SELECT a, k FROM read_parquet('t/*/*.parquet', hive_partitioning=true)").fetchall())
print("polars:", pl.read_parquet("t/*/*.parquet", hive_partitioning=True).rows())
seen = keys([one, x]), keys([x, one])
print("daft, k=1 first:", seen[0])
print("daft, k=x first:", seen[1])
assert seen == ({1: 1, 2: None}, {1: "1", 2: "x"}), "behaviour changed"
PY
