#!/usr/bin/env bash
# With:     pyarrow 26.0.1, duckdb 2.0.1, polars 2.1.0, pyspark 4.3.0, botocore 1.44.8.
# Expected: an empty text is a partition value like any other; at worst its own partition reads as null.
# Seen:     pyarrow, DuckDB, polars and delta-rs write '' as the folder k=. Spark then refuses the whole table, the good partitions too
#           (EMPTY_PARTITION_COLUMN_VALUE); Trino 476's sync_partition_metadata fails and registers nothing ("unexpected partition name");
#           Glue's API has no empty value (botocore refuses the call before it is sent); Athena's projection never computes the folder.
#           Spark itself writes '' as the null partition, and so loses the difference.
# Lake:     one row with an empty country stops every Spark job and every repair of the table. Forbid '' in keys where data is written.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyarrow==26.0.1 duckdb==2.0.1 polars==2.1.0 pyspark==4.3.0 botocore==1.44.8
export SPARK_LOCAL_IP=127.0.0.1
venv/bin/python - <<'PY'
import os

import botocore.exceptions
import botocore.session
import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

spark = (
    SparkSession.builder.master("local[1]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.ui.showConsoleProgress", "false")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")
rows = pa.table({"a": [1, 2], "k": ["", "DE"]})
pq.write_to_dataset(rows, "pyarrow", partition_cols=["k"])
duckdb.sql("COPY (SELECT * FROM rows) TO 'duckdb' (FORMAT parquet, PARTITION_BY (k))")
pl.from_arrow(rows).write_parquet("polars", partition_by="k")
for writer in ("pyarrow", "duckdb", "polars"):
    folders = sorted(os.listdir(writer))
    try:
        seen = spark.read.parquet(writer).count()
    except PySparkException as error:
        seen = error.getCondition()
    print(f"{writer:8} wrote {folders}; Spark: {seen}")
    assert (folders, seen) == (["k=", "k=DE"], "EMPTY_PARTITION_COLUMN_VALUE"), "behaviour changed"

spark.createDataFrame([(1, ""), (2, "DE")], "a int, k string").write.partitionBy("k").parquet("spark")
folders = sorted(name for name in os.listdir("spark") if name.startswith("k="))
print("Spark wrote", folders, "and reads", [row[0] for row in spark.read.parquet("spark").select("k").collect()])
assert folders == ["k=DE", "k=__HIVE_DEFAULT_PARTITION__"], "behaviour changed"

session = botocore.session.get_session()
glue = session.create_client("glue", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
try:
    # Refused by the parameter check, before any request.
    glue.create_partition(DatabaseName="d", TableName="t", PartitionInput={"Values": [""]})
    raise SystemExit("behaviour changed: the value passes")
except botocore.exceptions.ParamValidationError as error:
    print("Glue:", str(error).splitlines()[-1])
PY
