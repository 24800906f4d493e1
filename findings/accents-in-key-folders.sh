#!/usr/bin/env bash
# With:     pyarrow 26.0.1, duckdb 2.0.1, polars 2.1.0, pyspark 4.3.0. (Trino 476 registers ['cafÃ©'] for that folder.)
# Expected: a partition folder that pyarrow wrote for "café" is "café" for every reader of hive-style folders: percent-encoding is percent-encoding.
# Seen:     pyarrow, DuckDB, polars and delta-rs percent-encode the UTF-8 bytes: k=caf%C3%A9. Spark (as Hive and Trino's
#           sync_partition_metadata) turns each %XX into one character, not one byte: it reads "cafÃ©". What Spark writes, k=café, all read.
#           Percent-encoded ASCII (%20, %3A) is fine everywhere, so tests with spaces and colons pass.
# Lake:     one city has two partition values, by who wrote the folder; WHERE k = 'café' finds half. Keep keys ASCII (codes, not names).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyarrow==26.0.1 duckdb==2.0.1 polars==2.1.0 pyspark==4.3.0
export SPARK_LOCAL_IP=127.0.0.1
venv/bin/python - <<'PY'
import os

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from pyspark.sql import SparkSession

spark = (
    SparkSession.builder.master("local[1]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.ui.showConsoleProgress", "false")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")
rows = pa.table({"a": [1], "k": ["café"]})
pq.write_to_dataset(rows, "pyarrow", partition_cols=["k"])
duckdb.sql("COPY (SELECT * FROM rows) TO 'duckdb' (FORMAT parquet, PARTITION_BY (k))")
pl.from_arrow(rows).write_parquet("polars", partition_by="k")
spark.createDataFrame([(1, "café")], "a int, k string").write.partitionBy("k").parquet("spark")

as_text = ds.partitioning(pa.schema([("k", pa.large_string())]), flavor="hive")
seen = {}
for writer in ("pyarrow", "duckdb", "polars", "spark"):
    folder = next(name for name in os.listdir(writer) if name.startswith("k="))
    read = {
        "pyarrow": ds.dataset(writer, partitioning=as_text).to_table()["k"][0].as_py(),
        "DuckDB": duckdb.sql(f"SELECT k FROM read_parquet('{writer}/*/*.parquet', hive_partitioning=true)").fetchall()[0][0],
        "polars": pl.read_parquet(f"{writer}/*/*.parquet", hive_partitioning=True)["k"][0],
        "Spark": spark.read.parquet(writer).select("k").collect()[0][0],
    }
    print(f"written by {writer:8} {folder:14} read as {read}")
    seen[writer] = (folder, read["Spark"], {read["pyarrow"], read["DuckDB"], read["polars"]})
for writer in ("pyarrow", "duckdb", "polars"):
    assert seen[writer] == ("k=caf%C3%A9", "cafÃ©", {"café"}), "behaviour changed"
assert seen["spark"] == ("k=café", "café", {"café"}), "behaviour changed"
PY
