#!/usr/bin/env bash
# With:     fastparquet 2026.9.0, pandas 3.1.1, duckdb 2.0.1, datafusion 55.0.0, polars 2.1.0, pyarrow 26.0.1.
# Expected: min and max of a text or number column are the least and the greatest value in it, whatever pandas type it had.
# Seen:     of a pandas categorical, fastparquet (stats=True) writes the first and the last CATEGORY IN USE, in category order, as min and max.
#           Categories m, a, z give the bounds m to z over a file that holds a. DuckDB, DataFusion, daft and fastparquet itself then find no
#           row for a (polars, pyarrow and ClickHouse ignore the old text bounds; pyarrow misses it for numbers too).
#           A size column low < medium < high gives "low" to "high", which lie the wrong way round.
# Lake:     filters lose rows in Athena's engine too (Trino 476: none found for a; HIVE_BAD_DATA for the ordered one). No footer of such a
#           file looks wrong: only the values do. Convert categoricals (astype("str")) or leave stats as it is ("auto" skips them).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check fastparquet==2026.9.0 pandas==3.1.1 duckdb==2.0.1 datafusion==55.0.0 polars==2.1.0 pyarrow==26.0.1
venv/bin/python - <<'PY'
import datafusion
import duckdb
import fastparquet
import pandas as pd
import polars as pl
import pyarrow.dataset as ds


def rows(file, value):
    literal = f"'{value}'" if isinstance(value, str) else value
    context = datafusion.SessionContext()
    context.register_parquet("t", file)
    return {
        "DuckDB": len(duckdb.sql(f"SELECT 1 FROM '{file}' WHERE c = {literal}").fetchall()),
        "DataFusion": context.sql(f"SELECT count(*) n FROM t WHERE c = {literal}").to_pydict()["n"][0],
        "fastparquet": len(fastparquet.ParquetFile(file).to_pandas(filters=[("c", "==", value)])),
        "pyarrow": ds.dataset(file).to_table(filter=ds.field("c") == value).num_rows,
        "polars": pl.scan_parquet(file).filter(pl.col("c") == value).collect().height,
    }


def written(name, values):
    categorical = pd.Categorical(values, categories=values)
    fastparquet.write(name, pd.DataFrame({"c": categorical}), stats=True)
    statistics = fastparquet.ParquetFile(name).row_groups[0].columns[0].meta_data.statistics
    print(name, "values", values, "min", statistics.min, "max", statistics.max)


written("text.parquet", ["m", "a", "z"])
written("number.parquet", [20, 3, 100])
seen = {"text": rows("text.parquet", "a"), "number": rows("number.parquet", 3)}
print(seen)
assert seen["text"] == {"DuckDB": 0, "DataFusion": 0, "fastparquet": 0, "pyarrow": 1, "polars": 1}, "behaviour changed"
assert seen["number"] == {"DuckDB": 0, "DataFusion": 0, "fastparquet": 0, "pyarrow": 0, "polars": 1}, "behaviour changed"
PY
