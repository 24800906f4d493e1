#!/usr/bin/env bash
# With:     pyspark 4.3.0, duckdb 2.0.1, polars 2.1.0, datafusion 55.0.0, chdb 4.4.0 (ClickHouse 26.9.2), sqlglot 30.30.0.
# Expected: "decimal" without precision means the same in the engines of one lake, and a transpiler fills in what a dialect leaves out.
# Seen:     six engines, five types: Spark and ClickHouse decimal(10,0), DuckDB (18,3), polars (38,9), DataFusion (38,10). So 1.75 is 2 in Spark,
#           1 in ClickHouse, and 1.75 in the others. sqlglot passes the word on: Hive's decimal(10,0) becomes a DuckDB (18,3), and Trino's
#           (38,0).
# Lake:     in a contract or DDL the bare word is the most expensive default there is: Hive and Athena keep no cents. Always write both numbers.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyspark==4.3.0 duckdb==2.0.1 polars==2.1.0 datafusion==55.0.0 chdb==4.4.0 sqlglot==30.30.0 pyarrow==26.0.1
export SPARK_LOCAL_IP=127.0.0.1
venv/bin/python - <<'PY'
import chdb
import datafusion
import duckdb
import polars as pl
import sqlglot
from pyspark.sql import SparkSession

spark = (
    SparkSession.builder.master("local[1]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.ui.showConsoleProgress", "false")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")
frame = spark.sql("SELECT CAST('1.75' AS decimal) c")
seen = {
    "Spark": (frame.schema["c"].dataType.simpleString(), str(frame.collect()[0][0])),
    "ClickHouse": tuple(chdb.query("SELECT toTypeName(CAST(1.75 AS decimal)), CAST(1.75 AS decimal)", "TSV").bytes().decode().split("\t")),
    "DuckDB": tuple(map(str, duckdb.sql("SELECT typeof(CAST('1.75' AS decimal)), CAST('1.75' AS decimal)").fetchall()[0])),
    "polars": (str(pl.sql("SELECT CAST(1.75 AS decimal) c", eager=True)["c"].dtype), str(pl.sql("SELECT CAST(1.75 AS decimal) c", eager=True)["c"][0])),
    "DataFusion": tuple(str(v[0]) for v in datafusion.SessionContext().sql("SELECT arrow_typeof(CAST('1.75' AS decimal)) t, CAST('1.75' AS decimal) v").to_pydict().values()),
}
for engine, (kind, value) in seen.items():
    print(f"{engine:11} {kind.strip():34} 1.75 is {value.strip()}")
glot = [sqlglot.transpile("CREATE TABLE t (c DECIMAL)", read="hive", write=to)[0] for to in ("duckdb", "trino")]
print("sqlglot, Hive to DuckDB and Trino:", glot)
assert {name: (kind.strip(), float(value)) for name, (kind, value) in seen.items()} == {
    "Spark": ("decimal(10,0)", 2.0),
    "ClickHouse": ("Decimal(10, 0)", 1.0),
    "DuckDB": ("DECIMAL(18,3)", 1.75),
    "polars": ("Decimal(precision=38, scale=9)", 1.75),
    "DataFusion": ("Decimal128(38, 10)", 1.75),
}, "behaviour changed"
assert glot == ["CREATE TABLE t (c DECIMAL)"] * 2, "behaviour changed"
PY
