"""Reads Parquet files with pyarrow, each value of them, and prints what it found: `python read_parquet.py FILE…`, JSON lines.

Values are told so that no writer's or reader's own types are needed to compare them: whole numbers as text in the unit that
they are stored in (decimals without their point, days, microseconds), bytes in hexadecimal, maps as pairs.
"""
import datetime as dt
import json
import sys

import pyarrow as pa
import pyarrow.parquet as pq

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)


def told(value, kind):
    if value is None or pa.types.is_boolean(kind) or pa.types.is_floating(kind) or pa.types.is_string(kind):
        return value
    if pa.types.is_decimal(kind):
        return str(int(value.scaleb(kind.scale)))
    if pa.types.is_timestamp(kind):
        utc = value if value.tzinfo else value.replace(tzinfo=dt.timezone.utc)
        return str((utc - EPOCH) // dt.timedelta(microseconds=1))
    if pa.types.is_date(kind):
        return str((value - EPOCH.date()).days)
    if pa.types.is_binary(kind):
        return value.hex()
    if pa.types.is_map(kind):
        return [[told(key, kind.key_type), told(item, kind.item_type)] for key, item in value]
    if pa.types.is_list(kind):
        return [told(item, kind.value_type) for item in value]
    if pa.types.is_struct(kind):
        return {field.name: told(value[field.name], field.type) for field in kind}
    return str(value)


for path in sys.argv[1:]:
    table = pq.read_table(path, partitioning=None)
    table.validate(full=True)
    columns = {
        field.name: {
            "type": str(field.type),
            "isNullable": field.nullable,
            "values": [told(value, field.type) for value in column.to_pylist()],
        }
        for field, column in zip(table.schema, table.columns)
    }
    print(json.dumps(columns))
