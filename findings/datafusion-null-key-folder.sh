#!/usr/bin/env bash
# With:     datafusion 55.0.0, pyarrow 26.0.1, duckdb 2.0.1, polars 2.1.0.
# Expected: a null partition value is written as k=__HIVE_DEFAULT_PARTITION__, which every reader of hive-style folders takes for null.
# Seen:     DataFusion's COPY ... PARTITIONED BY writes null as k= (the folder of the empty text, in one file with it), and reads
#           k=__HIVE_DEFAULT_PARTITION__ as that very text, not as null. It also leaves = and : unescaped in values (k=a=b): DuckDB and polars
#           then see no column k at all, without an error until it is named; Spark, pyarrow and ClickHouse read a=b.
# Lake:     nulls and empty texts become one partition that Spark refuses to read and Glue cannot register; counts by k differ by engine.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check datafusion==55.0.0 pyarrow==26.0.1 duckdb==2.0.1 polars==2.1.0
venv/bin/python - <<'PY'
import os

import datafusion
import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

context = datafusion.SessionContext()
context.from_arrow(pa.table({"a": [1, 2], "k": pa.array([None, ""], pa.string())}), name="nulls")
context.from_arrow(pa.table({"a": [1], "k": ["a=b"]}), name="equals")
for name in ("nulls", "equals"):
    context.sql(f"COPY (SELECT * FROM {name}) TO '{name}/' STORED AS PARQUET PARTITIONED BY (k)").collect()
folders = os.listdir("nulls")
print("null and '' are written as", folders)
assert folders == ["k="], "behaviour changed"

pq.write_to_dataset(pa.table({"a": [1], "k": pa.array([None], pa.string())}), "hive", partition_cols=["k"])
context.register_parquet("hive", "hive/", table_partition_cols=[("k", pa.string())])
read = context.sql("SELECT k FROM hive").to_pydict()["k"]
print("DataFusion reads", os.listdir("hive"), "as", read)
assert read == ["__HIVE_DEFAULT_PARTITION__"], "behaviour changed"

columns = {
    "DuckDB": duckdb.sql("SELECT * FROM read_parquet('equals/*/*.parquet', hive_partitioning=true)").columns,
    "polars": pl.read_parquet("equals/*/*.parquet", hive_partitioning=True).columns,
    "pyarrow": pq.read_table("equals").column_names,
}
print(os.listdir("equals"), "has these columns:", columns)
assert os.listdir("equals") == ["k=a=b"], "behaviour changed"
assert columns == {"DuckDB": ["a"], "polars": ["a"], "pyarrow": ["a", "k"]}, "behaviour changed"
PY
