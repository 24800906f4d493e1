"""Reads each file whose path comes on stdin with pyarrow and with DuckDB, and prints what each makes of it: a line of JSON a file."""

import hashlib
import json
import resource
import sys

import duckdb
import pyarrow.parquet as pq

resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
db = duckdb.connect(config={"threads": 1, "memory_limit": "1GB"})


def digest(rows):
    return f"{len(rows)}:{hashlib.sha256(repr(rows).encode()).hexdigest()[:12]}"


def by_pyarrow(path):
    with pq.ParquetFile(path) as file:
        table = file.read()
        table.validate(full=True)
        return digest([tuple(row.values()) for row in table.to_pylist()])


def by_duckdb(path):
    rows = db.execute("SELECT * FROM read_parquet($1)", [path]).fetchall()
    counted = db.execute("SELECT count(*) FROM read_parquet($1)", [path]).fetchall()[0][0]
    return digest(rows) if counted == len(rows) else f"{counted} counted of {digest(rows)}"


def told(read, path):
    try:
        return {"read": read(path)}
    except Exception as error:
        return {"refused": f"{type(error).__name__}: {error}"[:200]}


for line in sys.stdin:
    path = line.strip()
    print(json.dumps({"pyarrow": told(by_pyarrow, path), "duckdb": told(by_duckdb, path)}), flush=True)
