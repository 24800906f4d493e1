"""Writes the compared files: for each case a folder with the lake's layout below it.

    python write_files.py OUT

Cases that `headgate mock` writes are not here; cases.ts says of each what it is and what becomes of it.
"""
import datetime as dt
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

OUT = Path(sys.argv[1])
FOLDER = "dt=2026-11-03/country=DE"
ROWS = 2000
UTC = dt.timezone.utc

PRICE = pa.decimal128(10, 2)
LINE = pa.struct([("sku", pa.string()), ("qty", pa.int32()), ("price", PRICE)])
ADDRESS = pa.struct([("city", pa.string()), ("zip", pa.int32())])
LABELS = pa.map_(pa.string(), pa.string())
STATUSES = ["placed", "paid", "shipped", "cancelled"]


def moment(row):
    return dt.datetime(2026, 11, 3, 8, 0, 0, 250_000, UTC) + dt.timedelta(seconds=row)


# Each column: type, whether it is required, its value in a row.
COLUMNS = {
    "order_id": (pa.string(), True, lambda n: f"A-{n:06d}"),
    "customer_id": (pa.int64(), True, lambda n: 1 + n * 37 % 900),
    "quantity": (pa.int32(), False, lambda n: 1 + n % 90),
    "total_amount": (PRICE, True, lambda n: Decimal(100 + n) / 100),
    "weight_kg": (pa.float64(), False, lambda n: None if n % 10 == 9 else 0.1 + n % 40),
    "score": (pa.float32(), False, lambda n: 0.5 * (n % 11)),
    "ordered_at": (pa.timestamp("us", "UTC"), True, moment),
    "ship_date": (pa.date32(), False, lambda n: dt.date(2026, 11, 4) + dt.timedelta(days=n % 5)),
    "status": (pa.string(), True, lambda n: STATUSES[n % 4]),
    "is_gift": (pa.bool_(), False, lambda n: n % 3 == 0),
    "note": (pa.string(), False, lambda n: None if n % 3 else f"leave at door {n % 20}"),
    "coupon": (pa.string(), False, lambda n: None if n % 4 else f"SALE-{n % 90 + 10:02d}"),
    "address": (ADDRESS, False, lambda n: {"city": ["Bonn", "Kiel"][n % 2], "zip": 10_000 + n % 700}),
    "lines": (
        pa.list_(LINE),
        False,
        lambda n: [{"sku": f"S{n % 50}", "qty": 1 + i, "price": Decimal("9.90")} for i in range(1 + n % 3)],
    ),
    "labels": (LABELS, False, lambda n: [("channel", ["app", "web"][n % 2])]),
}


def table(changes=(), drop=(), rows=ROWS):
    """The columns that keep the contract, some of them otherwise: name → (type, value in a row[, name])."""
    changes = dict(changes)
    fields, arrays = [], []
    for name, (kind, required, value) in COLUMNS.items():
        if name in drop:
            continue
        if name in changes:
            kind, value, *other = changes[name]
            name = other[0] if other else name
        fields.append(pa.field(name, kind, nullable=not required))
        arrays.append(pa.array([value(row) for row in range(rows)], kind))
    return pa.table(arrays, schema=pa.schema(fields))


def nullable(made):
    schema = pa.schema([pa.field(f.name, f.type) for f in made.schema])
    return pa.table(made.columns, schema=schema)


def place(case, folder=FOLDER, name="part-0.parquet"):
    path = OUT / case / "orders" / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def write(case, made, folder=FOLDER, **options):
    path = place(case, folder)
    pq.write_table(made, path, **{"store_schema": False, **options})
    return path


def changed(case, name, kind, value, *other, **options):
    write(case, table({name: (kind, value, *other)}), **options)


def old(name):
    return COLUMNS[name][2]


def damage(case, change):
    path = write(case, table())
    path.write_bytes(change(bytearray(path.read_bytes())))


# ---- files that are damaged

damage("csv-under-the-name", lambda _: b"order_id,customer_id\nA-000001,7\n")
damage("half-a-file", lambda data: data[: len(data) // 2])
damage("eight-bytes", lambda data: data[:8])


def footer_length(data):
    data[-8:-4] = (len(data) * 2).to_bytes(4, "little")
    return data


damage("footer-longer-than-the-file", footer_length)


def noise_in_a_page(data):
    """Bytes of the first column's first page, behind its header: the footer is as it was."""
    start = 4 + 40
    data[start : start + 400] = bytes(0xA5 ^ (i * 7 % 256) for i in range(400))
    return data


damage("noise-in-a-page", noise_in_a_page)

# ---- codecs and encodings

write("codec-lz4-raw", table(), compression="lz4")
write("codec-brotli", table(), compression="brotli")
write("encoding-byte-stream-split", table(), use_dictionary=False, column_encoding={"weight_kg": "BYTE_STREAM_SPLIT"})

# ---- columns

write("column-missing-required", table(drop=["total_amount"]))
write("column-missing-optional", table(drop=["weight_kg"]))
write("column-unexpected", table().append_column("debug", pa.array(["x"] * ROWS)))
changed("column-renamed", "total_amount", PRICE, old("total_amount"), "totalAmount")
write("column-twice-by-case", table().append_column("Status", pa.array([None] * ROWS, pa.string())))

# ---- types

BLOOM = {"ndv": 2000, "fpp": 0.01}
changed("int-as-long-bloom-filter", "quantity", pa.int64(), old("quantity"), bloom_filter_options={"quantity": BLOOM})
changed("int-as-long-out-of-range", "quantity", pa.int64(), lambda n: 3_000_000_000 if n == 7 else n % 90)
changed("long-as-int-bloom-filter", "customer_id", pa.int32(), old("customer_id"), bloom_filter_options={"customer_id": BLOOM})
changed("int-as-text", "quantity", pa.string(), lambda n: str(1 + n % 90))
changed("int-as-double", "quantity", pa.float64(), lambda n: 0.5 + n % 90)
changed("text-as-int", "note", pa.int64(), lambda n: n)
changed("double-as-float", "weight_kg", pa.float32(), lambda n: 0.1 + n % 40)
changed("double-as-long", "weight_kg", pa.int64(), lambda n: n % 40)
changed("double-as-decimal", "weight_kg", PRICE, lambda n: Decimal(n % 40))
changed("float-as-double", "score", pa.float64(), lambda n: 0.1 * (n % 11))
changed("boolean-as-text", "is_gift", pa.string(), lambda n: "true" if n % 3 == 0 else "false")
changed("boolean-as-byte", "is_gift", pa.int8(), lambda n: int(n % 3 == 0))
changed("date-as-text", "ship_date", pa.string(), lambda n: f"2026-11-{4 + n % 5:02d}")
changed("date-as-timestamp", "ship_date", pa.timestamp("us"), lambda n: dt.datetime(2026, 11, 4 + n % 5))
changed("date-as-int", "ship_date", pa.int32(), lambda n: 20_000 + n % 5)
changed("timestamp-as-text", "ordered_at", pa.string(), lambda n: moment(n).strftime("%Y-%m-%d %H:%M:%S"))
changed("timestamp-as-long", "ordered_at", pa.int64(), lambda n: int(moment(n).timestamp() * 1000))
changed("timestamp-as-date", "ordered_at", pa.date32(), lambda n: moment(n).date())
changed("timestamp-without-zone", "ordered_at", pa.timestamp("us"), lambda n: moment(n).replace(tzinfo=None))
changed("text-as-uuid", "note", pa.uuid(), lambda n: n.to_bytes(16, "big"))
changed("text-as-raw-bytes", "note", pa.binary(), lambda n: bytes([0xFF, 0xFE, n % 256]))
changed("text-as-nothing", "note", pa.null(), lambda n: None)
changed("decimal-scale", "total_amount", pa.decimal128(10, 4), lambda n: Decimal(12_345 + n) / 10_000)
changed("decimal-digits", "total_amount", pa.decimal128(12, 2), lambda n: Decimal("9999999999.00") - n)
changed("decimal-wider-form", "total_amount", pa.decimal128(20, 2), old("total_amount"))
changed("decimal-as-double", "total_amount", pa.float64(), lambda n: 1.005 + n)
changed("decimal-as-long", "total_amount", pa.int64(), lambda n: 100 + n)
changed("decimal-as-text", "total_amount", pa.string(), lambda n: str(Decimal(100 + n) / 100))
changed("int-as-unsigned", "quantity", pa.uint32(), lambda n: 4_000_000_000 + n)
changed("long-as-unsigned", "customer_id", pa.uint64(), lambda n: 2**64 - 1 - n)

# ---- nested

changed("struct-as-text", "address", pa.string(), lambda n: '{"city":"Bonn","zip":10000}')
changed("struct-field-missing", "address", pa.struct([("city", pa.string())]), lambda n: {"city": "Bonn"})
changed(
    "struct-field-renamed",
    "address",
    pa.struct([("city", pa.string()), ("postcode", pa.int32())]),
    lambda n: {"city": "Bonn", "postcode": 10_000},
)
changed(
    "struct-field-as-text",
    "address",
    pa.struct([("city", pa.string()), ("zip", pa.string())]),
    lambda n: {"city": "Bonn", "zip": "10000"},
)
changed("list-as-struct", "lines", LINE, lambda n: {"sku": "S1", "qty": 1, "price": Decimal("9.90")})
changed("list-of-text", "lines", pa.list_(pa.string()), lambda n: ["S1", "S2"])
changed(
    "list-field-as-double",
    "lines",
    pa.list_(pa.struct([("sku", pa.string()), ("qty", pa.int32()), ("price", pa.float64())])),
    lambda n: [{"sku": "S1", "qty": 1, "price": 9.9}],
)
changed(
    "list-field-as-long",
    "lines",
    pa.list_(pa.struct([("sku", pa.string()), ("qty", pa.int64()), ("price", PRICE)])),
    lambda n: [{"sku": "S1", "qty": 3_000_000_000, "price": Decimal("9.90")}],
)
changed("map-values-as-long", "labels", pa.map_(pa.string(), pa.int64()), lambda n: [("channel", n)])
changed(
    "map-as-struct",
    "labels",
    pa.struct([("channel", pa.string())]),
    lambda n: {"channel": "app"},
)

# ---- nulls

gaps = table().set_column(
    1, pa.field("customer_id", pa.int64()), pa.array([None if n % 5 == 0 else n for n in range(ROWS)], pa.int64())
)
write("required-null", gaps)
changed("mostly-null", "weight_kg", pa.float64(), lambda n: None if n % 10 else 1.5)

# ---- partitions

write("partition-no-date", table(), "dt=2026-02-30/country=DE")
write("partition-order", table(), "country=DE/dt=2026-11-03")
write("partition-key-missing", table(), "dt=2026-11-03")
write("partition-key-renamed", table(), "day=2026-11-03/country=DE")
write(
    "partition-key-in-file",
    table().append_column("dt", pa.array([dt.date(2026, 11, 4)] * ROWS, pa.date32())),
)

# ---- values that the footer's statistics tell

changed("below-minimum", "total_amount", PRICE, lambda n: Decimal(n - 5) / 100)
changed("above-maximum", "quantity", pa.int32(), lambda n: 5_000 if n == 3 else n % 90)
write("no-rows", table(rows=0))

# ---- values that only their reader finds

changed("value-not-listed", "status", pa.string(), lambda n: "returned" if n == 1500 else STATUSES[n % 4])
changed("key-twice", "order_id", pa.string(), lambda n: f"A-{n % 1999:06d}")
changed("pattern-broken", "coupon", pa.string(), lambda n: "SALE-AB" if n == 400 else "SALE-10")
changed("text-too-long", "note", pa.string(), lambda n: "x" * 60 if n == 300 else "y")
changed("sql-rule-broken", "note", pa.string(), lambda n: "shipped" if n % 4 == 3 else None)
changed(
    "below-minimum-in-a-list",
    "lines",
    pa.list_(LINE),
    lambda n: [{"sku": "S1", "qty": 0 if n == 9 else 1, "price": Decimal("9.90")}],
)
changed("below-minimum-no-statistics", "total_amount", PRICE, lambda n: Decimal(n - 5) / 100, write_statistics=False)

# ---- good files

write("good-pyarrow", table())
write("good-zstd-many-groups", table(), compression="zstd", row_group_size=100)
write("good-gzip-pages-2", table(), compression="gzip", data_page_version="2.0")
write("good-plain", table(), compression="none", use_dictionary=False)
write("good-no-statistics", nullable(table()), write_statistics=False)
write("good-page-index", table(), write_page_index=True, write_page_checksum=True)
write("good-bloom-filters", table(), bloom_filter_options={"order_id": BLOOM})
write("good-int96", table(), use_deprecated_int96_timestamps=True)
write("good-millis", table({"ordered_at": (pa.timestamp("ms", "UTC"), moment)}))
write("good-nanos", table({"ordered_at": (pa.timestamp("ns", "UTC"), moment)}), version="2.6")
write("good-decimal-as-integer", table(), store_decimal_as_integer=True)
write("good-short-int", table({"quantity": (pa.int16(), old("quantity"))}))
write("good-dictionary-type", table({"status": (pa.dictionary(pa.int8(), pa.string()), old("status"))}))
write("good-large-text", table({"note": (pa.large_string(), old("note"))}))
write("good-int-as-long", table({"quantity": (pa.int64(), old("quantity"))}))
write("good-long-as-int", table({"customer_id": (pa.int32(), old("customer_id"))}))
write("good-all-required", pa.table(
    [pa.array([old(n)(row) for row in range(ROWS)], COLUMNS[n][0]) if n not in ("weight_kg", "note", "coupon") else
     pa.array([{"weight_kg": 1.5, "note": "n", "coupon": "SALE-10"}[n]] * ROWS, COLUMNS[n][0]) for n in COLUMNS],
    schema=pa.schema([pa.field(n, COLUMNS[n][0], nullable=False) for n in COLUMNS])))
write("good-all-optional", nullable(table()))
write("good-other-order", table().select(list(reversed(COLUMNS))))
write("good-upper-case", table().rename_columns([name.upper() for name in COLUMNS]))
write("good-old-list-names", table(), use_compliant_nested_type=False)
write("good-arrow-schema", table(), store_schema=True)
write("good-one-row", table(rows=1))

made = table()
con = duckdb.connect()
con.execute("SET TimeZone = 'UTC'")
con.register("made", made)
con.execute(
    f"""COPY (SELECT * REPLACE (total_amount::DOUBLE::DECIMAL AS total_amount) FROM made)
        TO '{place('duckdb-default-decimal')}' (FORMAT parquet)"""
)
con.execute(
    f"""COPY (SELECT * REPLACE (md5_number(order_id) AS note) FROM made)
        TO '{place('duckdb-huge-integer')}' (FORMAT parquet)"""
)
con.execute(f"COPY (FROM made) TO '{place('good-duckdb')}' (FORMAT parquet, COMPRESSION zstd)")

# A file that is being written, as Spark does it: no reader of the lake sees it.
write("good-temporary-file", table())
unfinished = place("good-temporary-file", f"{FOLDER}/_temporary/0/attempt_1", "part-1.parquet")
unfinished.write_bytes(place("good-temporary-file").read_bytes()[:5000])
