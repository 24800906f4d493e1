#!/usr/bin/env bash
# With:     github.com/parquet-go/parquet-go 0.32.0, datafusion 55.0.0, polars 2.1.0, pyarrow 26.0.1, duckdb 2.0.1.
# Expected: the bounds of a DECIMAL column compare signed numbers, in INT32, INT64 and fixed bytes alike.
# Seen:     parquet-go compares DECIMALs in fixed bytes (its only way beyond 18 digits) as plain bytes: of 1.50, -2.25 and 100.00 it writes
#           min 1.50 and max -2.25. A filter for negative amounts then finds nothing in DataFusion, polars and pyarrow. Its INT64 decimals
#           are right.
# Lake:     with one negative amount in a row group, every filter on the column is HIVE_BAD_DATA in Athena's engine (Trino 476), IS NULL too.
#           Files with positive amounts only are fine, so it starts with the first refund.
set -euo pipefail

work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"

mkdir writer
cat >writer/main.go <<'GO'
package main

import (
	"math/big"
	"os"

	"github.com/parquet-go/parquet-go"
)

type row struct {
	Wide [13]byte `parquet:"wide,decimal(2:30)"`
	Long int64    `parquet:"long,decimal(2:15)"`
}

func twosComplement(unscaled int64) (bytes [13]byte) {
	value := big.NewInt(unscaled)
	if unscaled < 0 {
		value.Add(value, new(big.Int).Lsh(big.NewInt(1), 13*8))
	}
	value.FillBytes(bytes[:])
	return bytes
}

func main() {
	file, err := os.Create("../amounts.parquet")
	if err != nil {
		panic(err)
	}
	writer := parquet.NewGenericWriter[row](file)
	for _, unscaled := range []int64{150, -225, 10000} {
		if _, err := writer.Write([]row{{twosComplement(unscaled), unscaled}}); err != nil {
			panic(err)
		}
	}
	if err := writer.Close(); err != nil {
		panic(err)
	}
}
GO
(
  cd writer
  go mod init writer
  go get github.com/parquet-go/parquet-go@v0.32.0
  go run .
) 2>go.log || { cat go.log; exit 1; }
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check datafusion==55.0.0 polars==2.1.0 pyarrow==26.0.1 duckdb==2.0.1

venv/bin/python - <<'PY'
from decimal import Decimal

import datafusion
import duckdb
import polars as pl
import pyarrow.dataset as ds
import pyarrow.parquet as pq

group = pq.read_metadata("amounts.parquet").row_group(0)
bounds = {group.column(i).path_in_schema: (group.column(i).statistics.min, group.column(i).statistics.max) for i in range(2)}
print("values:", pq.read_table("amounts.parquet")["wide"].to_pylist())
print("bounds:", bounds)
context = datafusion.SessionContext()
context.register_parquet("t", "amounts.parquet")
seen = {
    "DataFusion": context.sql("SELECT count(*) n FROM t WHERE wide < 0").to_pydict()["n"][0],
    "polars": pl.scan_parquet("amounts.parquet").filter(pl.col("wide") < 0).collect().height,
    "pyarrow": ds.dataset("amounts.parquet").to_table(filter=ds.field("wide") < Decimal("0.00")).num_rows,
    "DuckDB": len(duckdb.sql("SELECT 1 FROM 'amounts.parquet' WHERE wide < 0").fetchall()),
}
print("rows below zero:", seen)
assert bounds["wide"] == (Decimal("1.50"), Decimal("-2.25")), "behaviour changed"
assert bounds["long"] == (Decimal("-2.25"), Decimal("100.00"))
assert seen == {"DataFusion": 0, "polars": 0, "pyarrow": 0, "DuckDB": 1}, "behaviour changed"
PY
