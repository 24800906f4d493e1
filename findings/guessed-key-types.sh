#!/usr/bin/env bash
# With:     pyspark 4.3.0, pyarrow 26.0.1, duckdb 2.0.1, fastparquet 2026.9.0, pandas 3.1.1.
# Expected: readers that guess the type of a partition key take whole numbers, decimals and dates, and leave the rest as text.
# Seen:     Spark reads k=10d and k=5f as the doubles 10.0 and 5.0 (Java's literal suffixes). pyarrow and DuckDB read k=0x1F as 31.
#           fastparquet reads k=10d as ten days, k=1_000 as a thousand, and k=12:30 as today at half past twelve: tomorrow the same file has
#           another key. DuckDB reads k=Infinity as a date.
# Lake:     short hashes, device ids and window names ("5f", "10d", "0x1F") lose their text as long as all of them happen to parse; the day
#           the first other value arrives the column's type changes for all. Declare key types; Athena has them declared.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyspark==4.3.0 pyarrow==26.0.1 duckdb==2.0.1 fastparquet==2026.9.0 pandas==3.1.1
export SPARK_LOCAL_IP=127.0.0.1
venv/bin/python - <<'PY'
import datetime
import os

import duckdb
import fastparquet
import pandas as pd
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
for index, key in enumerate(["10d", "5f", "0x1F", "1_000", "12:30", "Infinity"]):
    os.makedirs(f"{index}/k={key}")
    pq.write_table(pa.table({"a": [1]}), f"{index}/k={key}/part.parquet")
spark_read = lambda index: spark.read.parquet(str(index)).select("k").collect()[0][0]
arrow_read = lambda index: ds.dataset(str(index), partitioning="hive").to_table()["k"][0].as_py()
duck_read = lambda index: duckdb.sql(f"SELECT k, typeof(k) FROM read_parquet('{index}/*/*.parquet', hive_partitioning=true)").fetchall()[0]
fast_read = lambda index: fastparquet.ParquetFile(str(index)).to_pandas()["k"].iloc[0]

today = pd.Timestamp(datetime.date.today()) + pd.Timedelta(hours=12, minutes=30)
claims = {
    "Spark 10d": (spark_read(0), 10.0),
    "Spark 5f": (spark_read(1), 5.0),
    "pyarrow 0x1F": (arrow_read(2), 31),
    "DuckDB 0x1F": (duck_read(2)[0], 31),
    "fastparquet 10d": (fast_read(0), pd.Timedelta(days=10)),
    "fastparquet 1_000": (fast_read(3), 1000),
    "fastparquet 12:30": (fast_read(4), today),
    "DuckDB Infinity": (duck_read(5)[1], "DATE"),
}
for name, (seen, _) in claims.items():
    print(f"{name:18} {seen!r}")
for name, (seen, expected) in claims.items():
    assert seen == expected, f"behaviour changed: {name}"
PY
