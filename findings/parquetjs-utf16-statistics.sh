#!/usr/bin/env bash
# With:     @dsnp/parquetjs 1.8.8, duckdb 2.0.1, datafusion 55.0.0, polars 2.1.0.
# Expected: min and max of a text column follow the order that the format defines (unsigned bytes of UTF-8), since readers skip row groups by it.
# Seen:     @dsnp/parquetjs compares JavaScript strings, which order by UTF-16 units: characters above U+FFFF sort before U+FF5E. A file with
#           the surname character U+20BB7 and a full-width letter gets a max that is below its greatest value; DuckDB and DataFusion then
#           find no row for that surname, polars and pyarrow do.
# Lake:     Japanese names vanish from filters, in Athena's engine too (Trino 476: no rows), while SELECT shows them. The bounds are in
#           order, so the footer looks right. Any writer that lets JavaScript or Java strings compare themselves can do it.
set -euo pipefail

work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"

npm init --yes >npm.log
npm install --silent --no-audit --no-fund @dsnp/parquetjs@1.8.8
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check duckdb==2.0.1 datafusion==55.0.0 polars==2.1.0

cat >write.mjs <<'JS'
import parquet from '@dsnp/parquetjs';

const writer = await parquet.ParquetWriter.openFile(new parquet.ParquetSchema({ name: { type: 'UTF8' } }), 'names.parquet');
for (const name of ['\u{20BB7}\u91CE', '\uFF21\u7530', 'a']) await writer.appendRow({ name });
await writer.close();
JS
node write.mjs

venv/bin/python - <<'PY'
import datafusion
import duckdb
import polars as pl

name = "\U00020BB7\u91CE"
context = datafusion.SessionContext()
context.register_parquet("t", "names.parquet")
highest = duckdb.sql("SELECT stats_max_value FROM parquet_metadata('names.parquet')").fetchall()[0][0]
print("all names:", duckdb.sql("SELECT name FROM 'names.parquet'").fetchall(), "max in the footer:", highest)
seen = {
    "DuckDB": len(duckdb.sql(f"SELECT 1 FROM 'names.parquet' WHERE name = '{name}'").fetchall()),
    "DataFusion": context.sql(f"SELECT count(*) n FROM t WHERE name = '{name}'").to_pydict()["n"][0],
    "polars": pl.scan_parquet("names.parquet").filter(pl.col("name") == name).collect().height,
}
print("rows found:", seen)
assert highest.encode() < name.encode(), "behaviour changed"
assert seen == {"DuckDB": 0, "DataFusion": 0, "polars": 1}, "behaviour changed"
PY
