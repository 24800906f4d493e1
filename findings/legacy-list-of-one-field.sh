#!/usr/bin/env bash
# With:     pyspark 4.3.0 (spark.sql.parquet.writeLegacyFormat), duckdb 2.0.1, chdb 4.4.0 (ClickHouse 26.9.2), pyarrow 26.0.1, polars 2.1.0.
# Expected: array<struct<a int>> is an array of structs for every reader, whichever of the two list layouts the writer used.
# Seen:     in Spark's legacy layout (repeated group array { a }), which the format's own rules call a list of structs, DuckDB and ClickHouse
#           read array<int>: the struct is gone as long as it has ONE field. Add a second field, and they read structs: adding a field
#           changes the type of the old one. pyarrow and polars read structs both times.
# Lake:     parquet-avro jobs (Kafka sinks) write the same layout by default. x.a works in Athena and fails in DuckDB, and back.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyspark==4.3.0 duckdb==2.0.1 chdb==4.4.0 pyarrow==26.0.1 polars==2.1.0
export SPARK_LOCAL_IP=127.0.0.1
venv/bin/python - <<'PY'
import json

import chdb
import duckdb
import polars as pl
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
spark.conf.set("spark.sql.parquet.writeLegacyFormat", "true")
spark.sql("SELECT array(named_struct('a', 1)) one, array(named_struct('a', 1, 'b', 2)) two").coalesce(1).write.parquet("t")
files = "t/*.parquet"
seen = {
    "Spark": [[item.asDict() for item in value] for value in spark.read.parquet("t").collect()[0]],
    "pyarrow": list(pq.read_table("t").to_pylist()[0].values()),
    "polars": list(pl.read_parquet(files).to_dicts()[0].values()),
    "DuckDB": list(duckdb.sql(f"SELECT one, two FROM '{files}'").fetchall()[0]),
    "ClickHouse": list(json.loads(chdb.query(f"SELECT one, two FROM file('{files}')", "JSONEachRow").bytes()).values()),
}
for reader, value in seen.items():
    print(f"{reader:10} {value}")
right, lost = [[{"a": 1}], [{"a": 1, "b": 2}]], [[1], [{"a": 1, "b": 2}]]
assert seen == {"Spark": right, "pyarrow": right, "polars": right, "DuckDB": lost, "ClickHouse": lost}, "behaviour changed"
PY
