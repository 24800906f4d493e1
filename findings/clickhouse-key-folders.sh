#!/usr/bin/env bash
# With:     chdb 4.4.0 (ClickHouse 26.9.2), pyarrow 26.0.1 (writer), duckdb 2.0.1.
# Expected: a reader of hive-style folders takes __HIVE_DEFAULT_PARTITION__ for null, decodes %XX, and leaves other texts alone.
# Seen:     ClickHouse does the reverse of each: the default partition is that text (or, beside numbers, an error: the whole table cannot be
#           read), a%20b stays a%20b, and the folders k=null and k=NULL, which every other reader takes for text, are null.
# Lake:     counts by key differ between ClickHouse and Athena over one folder; WHERE k IS NULL finds rows that say "NULL" and no nulls.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check chdb==4.4.0 pyarrow==26.0.1 duckdb==2.0.1
venv/bin/python - <<'PY'
import json

import chdb
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq


def clickhouse(folder):
    try:
        text = chdb.query(
            f"SELECT k FROM file('{folder}/*/*.parquet') ORDER BY a SETTINGS use_hive_partitioning = 1", "JSONCompactEachRow"
        ).bytes()
        return [json.loads(line)[0] for line in text.splitlines()]
    except RuntimeError as error:
        return " ".join(str(error).split()[:2])


seen = {}
for name, keys in {"null": [None], "text": ["null"], "upper": ["NULL"], "space": ["a b"], "beside": [None, "1"]}.items():
    pq.write_to_dataset(
        pa.table({"a": list(range(len(keys))), "k": pa.array(keys, pa.string())}), name, partition_cols=["k"]
    )
    duck = duckdb.sql(f"SELECT k FROM read_parquet('{name}/*/*.parquet', hive_partitioning=true) ORDER BY a").fetchall()
    seen[name] = clickhouse(name)
    print(f"written {keys!s:12} DuckDB {[row[0] for row in duck]!s:12} ClickHouse {seen[name]}")
assert seen == {
    "null": ["__HIVE_DEFAULT_PARTITION__"],
    "text": [None],
    "upper": [None],
    "space": ["a%20b"],
    "beside": "Code: 53.",
}, "behaviour changed"
PY
