#!/usr/bin/env bash
# With:     pyiceberg 0.12.0, pyarrow 26.0.1, duckdb 2.0.1, polars 2.1.0.
# Expected: the k=value folders of an Iceberg table's data are hive-style, so a tool that reads the files directly gets the right keys
#           where the file itself lacks them, and null is told from text.
# Seen:     Iceberg form-encodes: "a b" goes to k=a+b, where hive readers (pyarrow, DuckDB, polars, Spark) read "a+b"; and null goes to
#           k=null, the very folder of the text "null". Both values are right in the metadata, and the key column is in the files: only
#           folders mislead, which is what path-based tools, bucket listings and lifecycle rules look at.
# Lake:     never derive partition values of an Iceberg table from its paths; DuckDB overrides the right column with the folder's text.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check 'pyiceberg[sql-sqlite,pyarrow]==0.12.0' pyarrow==26.0.1 duckdb==2.0.1 polars==2.1.0
venv/bin/python - <<'PY'
import os

import duckdb
import polars as pl
import pyarrow as pa
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.transforms import IdentityTransform

here = os.getcwd()
catalog = SqlCatalog("c", uri=f"sqlite:///{here}/catalog.db", warehouse=f"file://{here}")
catalog.create_namespace("n")
rows = pa.table({"a": [1, 2, 3], "k": pa.array(["a b", None, "null"], pa.string())})
table = catalog.create_table("n.t", rows.schema)
with table.update_spec() as update:
    update.add_field("k", IdentityTransform(), "k")
table.append(rows)

data = f"{here}/n/t/data"
folders = {name: len(os.listdir(f"{data}/{name}")) for name in sorted(os.listdir(data))}
print("folders and their files:", folders)
by_table = sorted(table.scan().to_arrow()["k"].to_pylist(), key=str)
by_folder = sorted(x[0] for x in duckdb.sql(f"SELECT k FROM '{data}/*/*.parquet'").fetchall())
by_file = sorted(pl.read_parquet(f"{data}/*/*.parquet", hive_partitioning=False)["k"].to_list(), key=str)
print("by the table :", by_table)
print("DuckDB, files:", by_folder)
print("polars, files:", by_file)
assert folders == {"k=a+b": 1, "k=null": 2}, "behaviour changed"
assert by_table == by_file == [None, "a b", "null"], "behaviour changed"
assert by_folder == ["a+b", "null", "null"], "behaviour changed"
PY
