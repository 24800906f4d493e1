"""Reads the footer of one file again and again with a reader of Python, and prints the median in milliseconds, as bench/child.ts does."""

import json
import sys
import time


def arro3(path):
    from arro3.io import read_parquet

    # Opens the file: values are read when they are asked for.
    return lambda: read_parquet(path)


def pyarrow(path):
    from pyarrow.parquet import read_metadata

    return lambda: read_metadata(path)


def polars(path):
    from polars import read_parquet_schema

    return lambda: read_parquet_schema(path)


name, path, budget = sys.argv[1], sys.argv[2], float(sys.argv[3])
read = {"arro3": arro3, "pyarrow": pyarrow, "polars": polars}[name](path)
samples = []
end = time.perf_counter() + budget / 1000
while time.perf_counter() < end or len(samples) < 3:
    start = time.perf_counter()
    read()
    samples.append((time.perf_counter() - start) * 1000)
kept = sorted(samples[-(-len(samples) // 4) :])
print(json.dumps({"medianMs": kept[len(kept) // 2], "calls": len(samples)}))
