#!/usr/bin/env bash
# With:     parquet-wasm 0.8.0, apache-arrow 21.2.0, hyparquet 1.33.0, pyarrow 26.0.1 (writer).
# Expected: a decimal(10,2) 1.50 read in JavaScript prints 1.50, or is an object that knows its scale; a map with a repeated key keeps both.
# Seen:     parquet-wasm and apache-arrow give 1.50 as "150": the value has no scale, only the type of the field has. hyparquet gives doubles:
#           123456789012345678.91 becomes 123456789012345660. Both keep one of two map entries with the same key.
# Lake:     dashboards and Lambdas in JavaScript are off by a hundred without an error, or lose cents of large sums. Scale by hand with the
#           field's type, or hand money over as text.
set -euo pipefail

work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"

npm init --yes >npm.log
npm install --silent --no-audit --no-fund parquet-wasm@0.8.0 apache-arrow@21.2.0 hyparquet@1.33.0
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyarrow==26.0.1
venv/bin/python - <<'PY'
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

pq.write_table(
    pa.table({
        "price": pa.array([Decimal("1.50")], pa.decimal128(10, 2)),
        "sum": pa.array([Decimal("123456789012345678.91")], pa.decimal128(20, 2)),
        "tags": pa.array([[("k", 1), ("k", 2)]], pa.map_(pa.string(), pa.int32())),
    }),
    "money.parquet",
    compression="none",
)
PY

cat >read.cjs <<'JS'
const assert = require('node:assert');
const { readFileSync } = require('node:fs');
const arrow = require('apache-arrow');
const wasm = require('parquet-wasm');

const bytes = readFileSync('money.parquet');
const table = arrow.tableFromIPC(wasm.readParquet(new Uint8Array(bytes)).intoIPCStream());
const row = table.get(0);
const byArrow = [String(row.price), String(row.sum), JSON.stringify(row.tags)];
console.log('apache-arrow', byArrow, String(table.schema.fields[0].type));
import('hyparquet').then(async ({ parquetReadObjects }) => {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const [read] = await parquetReadObjects({ file });
  const byHyparquet = [String(read.price), String(read.sum), JSON.stringify(read.tags)];
  console.log('hyparquet   ', byHyparquet);
  assert.deepEqual(byArrow, ['150', '12345678901234567891', '{"k":2}'], 'behaviour changed');
  assert.deepEqual(byHyparquet, ['1.5', '123456789012345660', '{"k":2}'], 'behaviour changed');
});
JS
node read.cjs
