#!/usr/bin/env bash
# With:     duckdb 2.0.1, datafusion 55.0.0, pyarrow 26.0.1, polars 2.1.0 (which answers alike), pyspark 4.3.0.
# Expected: statistics make a query faster, never different: the same rows give the same answer, however the file was written.
# Seen:     pyarrow and polars leave NaN out of min and max (as the format says). DuckDB, DataFusion, pyarrow and Spark order NaN above
#           every number, and prune by those bounds all the same. Four rows 1, 2, NaN, NaN, twice, with and without statistics:
#           DuckDB's x < 5 is 4 with them and 2 without; x > 5 is 0 and 2; x = NaN is 0 and 2; DataFusion and Spark lose the NaN rows of
#           x > 5 likewise; max(x) is 2 and NaN.
# Lake:     a rewrite (compaction, another writer) changes results of unchanged data. Declare NaN as not allowed, or filter with isnan.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check duckdb==2.0.1 datafusion==55.0.0 pyarrow==26.0.1 polars==2.1.0 pyspark==4.3.0
export SPARK_LOCAL_IP=127.0.0.1
venv/bin/python - <<'PY'
import datafusion
import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from pyspark.sql import SparkSession

nan = float("nan")
table = pa.table({"x": [1.0, 2.0, nan, nan]})
pq.write_table(table, "with.parquet")
pq.write_table(table, "without.parquet", write_statistics=False)

spark = (
    SparkSession.builder.master("local[1]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.ui.showConsoleProgress", "false")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")


def answers(file):
    context = datafusion.SessionContext()
    context.register_parquet("t", file)
    fusion = lambda sql: context.sql(f"SELECT {sql} FROM t").to_pydict()["v"][0]
    duck = lambda sql: duckdb.sql(f"SELECT {sql} FROM '{file}'").fetchall()[0][0]
    where = lambda test: f"count(*) FILTER (WHERE {test}) v"
    count = lambda test: duckdb.sql(f"SELECT count(*) FROM '{file}' WHERE {test}").fetchall()[0][0]
    return {
        "DuckDB x < 5": count("x < 5"),
        "DuckDB x > 5": count("x > 5"),
        "DuckDB x = NaN": count("x = 'NaN'::double"),
        "DuckDB max": str(duck("max(x)")),
        "DataFusion x > 5": context.sql("SELECT count(*) v FROM t WHERE x > 5").to_pydict()["v"][0],
        "DataFusion max": str(fusion("max(x) v")),
        "pyarrow not x <= 5": ds.dataset(file).to_table(filter=~(pc.field("x") <= 5)).num_rows,
        "Spark x > 5": spark.read.parquet(file).where("x > 5").count(),
        "polars x > 5": pl.scan_parquet(file).filter(pl.col("x") > 5).collect().height,
    }


seen = {name: (one, answers("without.parquet")[name]) for name, one in answers("with.parquet").items()}
for name, (one, other) in seen.items():
    print(f"{name:20} with statistics {one!s:5} without {other}")
assert seen == {
    "DuckDB x < 5": (4, 2),
    "DuckDB x > 5": (0, 2),
    "DuckDB x = NaN": (0, 2),
    "DuckDB max": ("2.0", "nan"),
    "DataFusion x > 5": (0, 2),
    "DataFusion max": ("2.0", "nan"),
    "pyarrow not x <= 5": (0, 2),
    "Spark x > 5": (0, 2),
    "polars x > 5": (2, 2),
}, "behaviour changed"
PY
