#!/usr/bin/env bash
# With:     daft 0.7.26, chdb 4.4.0 (ClickHouse 26.9.2), polars 2.1.0, duckdb 2.0.1, pyarrow 25.0.1 (writer).
# Expected: where a key is both a folder (k=9) and a column of the file (7), a reader takes one of them, shows it and filters by it.
# Seen:     daft filters by the folder and shows the file: WHERE k = 9 answers a row with k 7. ClickHouse shows 9, counts one row for
#           WHERE k = 9, and gives none when its columns are asked for, for k = 7 neither. polars takes the folder for a folder and the file for a glob over the same files.
#           DuckDB and Spark take the folder throughout; Athena's engine too.
# Lake:     polars writes keys into its files by default, so a file that a backfill put into the wrong folder is such a file. Hold files
#           whose key column contradicts their path.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check daft==0.7.26 chdb==4.4.0 polars==2.1.0 duckdb==2.0.1 pyarrow==25.0.1
venv/bin/python - <<'PY'
import os

import chdb
import daft
import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

os.makedirs("t/k=9")
pq.write_table(pa.table({"a": [1], "k": [7]}), "t/k=9/part.parquet")


def clickhouse(where):
    sql = f"SELECT a, k FROM file('t/*/*.parquet') {where} SETTINGS use_hive_partitioning = 1"
    return [int(line.split(b",")[1]) for line in chdb.query(sql, "CSV").bytes().split()]


def all_daft(where):
    frame = daft.read_parquet("t/**/*.parquet", hive_partitioning=True)
    return (frame.where(where) if where else frame).to_pydict()["k"]


def duck(where):
    return [row[0] for row in duckdb.sql(f"SELECT k FROM 't/*/*.parquet' {where}").fetchall()]


seen = {
    "daft": (all_daft(""), all_daft("k = 9"), all_daft("k = 7")),
    "ClickHouse": (clickhouse(""), clickhouse("WHERE k = 9"), clickhouse("WHERE k = 7")),
    "DuckDB": (duck(""), duck("WHERE k = 9"), duck("WHERE k = 7")),
}
for reader, (every, nine, seven) in seen.items():
    print(f"{reader:10} all {every}  k = 9 {nine}  k = 7 {seven}")
folder, glob = pl.read_parquet("t")["k"].to_list(), pl.read_parquet("t/*/*.parquet")["k"].to_list()
counted = chdb.query("SELECT count() FROM file('t/*/*.parquet') WHERE k = 9 SETTINGS use_hive_partitioning = 1", "CSV")
print("ClickHouse count() for k = 9:", int(counted.bytes()))
assert int(counted.bytes()) == 1, "behaviour changed"
print("polars     folder", folder, " glob", glob)
assert seen == {"daft": ([7], [7], []), "ClickHouse": ([9], [], []), "DuckDB": ([9], [9], [])}, "behaviour changed"
assert (folder, glob) == ([9], [7]), "behaviour changed"
PY
