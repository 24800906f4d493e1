#!/usr/bin/env bash
# With:     @dsnp/parquetjs 1.8.8, hyparquet-writer 0.17.0, pyarrow 26.0.1 (reader).
# Expected: a DECIMAL column stores 19.99 as 1999.
# Seen:     @dsnp/parquetjs multiplies by 100 in floating point and cuts the rest: 19.99 is stored as 19.98, 0.29 as 0.28, 4.35 as 4.34.
#           About one price in eleven below 100 is a cent short; text is refused, so there is no exact way in. hyparquet-writer rounds: right.
# Lake:     schema, statistics and row counts are all fine; sums drift. Write cents as integers, or DECIMAL with another library.
set -euo pipefail

work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"

npm init --yes >npm.log
npm install --silent --no-audit --no-fund @dsnp/parquetjs@1.8.8 hyparquet-writer@0.17.0
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyarrow==26.0.1

cat >write.mjs <<'JS'
import parquet from '@dsnp/parquetjs';
import { parquetWriteFile } from 'hyparquet-writer';

const prices = Array.from({ length: 10000 }, (_, cents) => cents / 100);
const schema = new parquet.ParquetSchema({ price: { type: 'DECIMAL', precision: 9, scale: 2 } });
const writer = await parquet.ParquetWriter.openFile(schema, 'parquetjs.parquet');
for (const price of prices) await writer.appendRow({ price });
await writer.close();
const field = { name: 'price', type: 'INT32', converted_type: 'DECIMAL', precision: 9, scale: 2, repetition_type: 'REQUIRED' };
parquetWriteFile({
  filename: 'hyparquet.parquet',
  schema: [{ name: 'root', num_children: 1 }, field],
  columnData: [{ name: 'price', data: prices }],
});
JS
node write.mjs

venv/bin/python - <<'PY'
from decimal import Decimal

import pyarrow.parquet as pq

wrong = {}
for name in ("parquetjs", "hyparquet"):
    stored = pq.read_table(f"{name}.parquet")["price"].to_pylist()
    pairs = [(Decimal(cents).scaleb(-2), value) for cents, value in enumerate(stored)]
    wrong[name] = [pair for pair in pairs if pair[0] != pair[1]]
    print(name, "of 10,000 prices", len(wrong[name]), "wrong", [f"{a} -> {b}" for a, b in wrong[name] if a in map(Decimal, ("0.29", "4.35", "19.99"))])
assert wrong["hyparquet"] == []
assert (Decimal("19.99"), Decimal("19.98")) in wrong["parquetjs"], "behaviour changed"
PY
