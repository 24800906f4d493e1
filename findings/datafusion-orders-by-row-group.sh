#!/usr/bin/env bash
# With:     datafusion 55.0.0, pyarrow 26.0.1 (writer), duckdb 2.0.1.
# Expected: sorting_columns says how the rows are sorted inside one row group (that is all the format gives it), so ORDER BY over a
#           file with two sorted row groups still has to merge them.
# Seen:     DataFusion takes "each row group is sorted" for "the file is sorted", drops the sort, and ORDER BY answers 4 5 6 1 2 3.
#           The file is right, the statistics of its two row groups do not even overlap. DuckDB answers 1 to 6.
# Lake:     compaction jobs that sort each row group and say so make every ORDER BY, merge join and "latest row" of a DataFusion
#           reader wrong, without an error.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check datafusion==55.0.0 pyarrow==26.0.1 duckdb==2.0.1
venv/bin/python - <<'PY'
import datafusion
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

values = [4, 5, 6, 1, 2, 3]
pq.write_table(
    pa.table({"x": values}), "sorted.parquet", row_group_size=3, sorting_columns=[pq.SortingColumn(0)]
)
footer = pq.read_metadata("sorted.parquet")
for index in range(footer.num_row_groups):
    group = footer.row_group(index)
    statistics = group.column(0).statistics
    print(f"row group {index}: {statistics.min} to {statistics.max}, sorted by {group.sorting_columns}")

context = datafusion.SessionContext()
context.register_parquet("t", "sorted.parquet")
ordered = context.sql("SELECT x FROM t ORDER BY x").to_pydict()["x"]
print("DataFusion ORDER BY x:", ordered)
print("DataFusion ORDER BY x LIMIT 1:", context.sql("SELECT x FROM t ORDER BY x LIMIT 1").to_pydict()["x"])
right = [row[0] for row in duckdb.sql("SELECT x FROM 'sorted.parquet' ORDER BY x").fetchall()]
print("DuckDB     ORDER BY x:", right)
assert right == sorted(values)
assert ordered == values, "behaviour changed: DataFusion sorts"
PY
