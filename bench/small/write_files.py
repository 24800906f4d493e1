"""Writes so many small files of twenty columns, as a job that loads every few minutes leaves them."""

import datetime as dt
import decimal
import os
import sys

import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 100
FILES_A_DAY = 200


def table(index):
    first = index * ROWS
    numbers = range(first, first + ROWS)
    start = dt.datetime(2026, 1, 1)
    columns = {f"id_{column}": pa.array(numbers, pa.int64()) for column in range(8)}
    columns |= {f"name_{column}": pa.array([f"name {n % 997}" for n in numbers]) for column in range(4)}
    columns |= {
        f"amount_{column}": pa.array([decimal.Decimal(n % 10_000) / 100 for n in numbers], pa.decimal128(12, 2))
        for column in range(3)
    }
    columns |= {f"score_{column}": pa.array([n / 2 for n in numbers]) for column in range(2)}
    columns["day"] = pa.array([start.date() + dt.timedelta(days=n % 365) for n in numbers])
    columns["at"] = pa.array([start + dt.timedelta(seconds=n) for n in numbers], pa.timestamp("us"))
    columns["ok"] = pa.array([n % 2 == 0 for n in numbers])
    return pa.table(columns)


folder, files = sys.argv[1], int(sys.argv[2])
for index in range(files):
    day = os.path.join(folder, f"dt=2026-11-{index // FILES_A_DAY % 30 + 1:02d}")
    os.makedirs(day, exist_ok=True)
    pq.write_table(table(index), os.path.join(day, f"part-{index:05d}.parquet"))
