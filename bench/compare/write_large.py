"""One large file that keeps the contract, with values that hardly repeat: `python write_large.py FOLDER ROWS`."""
import sys
from pathlib import Path

import duckdb

folder, rows = Path(sys.argv[1]) / "orders/dt=2026-11-03/country=DE", int(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)
con = duckdb.connect()
con.execute("SET TimeZone = 'UTC'")
con.execute(
    f"""COPY (
      SELECT 'A-' || lpad(n::VARCHAR, 10, '0') AS order_id,
             (1 + hash(n) % 5_000_000)::BIGINT AS customer_id,
             (hash(n + 1) % 1000)::INTEGER AS quantity,
             ((hash(n + 2) % 99_999_999) / 100)::DECIMAL(10, 2) AS total_amount,
             (hash(n + 3) % 1_000_000) / 997.0::DOUBLE AS weight_kg,
             ((hash(n + 4) % 100) / 8)::FLOAT AS score,
             TIMESTAMPTZ '2026-11-03 00:00:00Z' + to_microseconds((hash(n + 5) % 86_400_000_000)::BIGINT) AS ordered_at,
             DATE '2026-11-03' + (hash(n + 6) % 30)::INTEGER AS ship_date,
             ['placed', 'paid', 'shipped', 'cancelled'][1 + (hash(n + 7) % 4)::INTEGER] AS status,
             hash(n + 8) % 2 = 0 AS is_gift,
             md5(n::VARCHAR) AS note,
             'SALE-' || lpad((hash(n + 9) % 100)::VARCHAR, 2, '0') AS coupon,
             {{'city': 'c' || (hash(n + 10) % 20_000)::VARCHAR, 'zip': (hash(n + 11) % 99_999)::INTEGER}} AS address,
             [{{'sku': 'S' || (hash(n + 12) % 90_000)::VARCHAR, 'qty': 1 + (hash(n + 13) % 9)::INTEGER,
                'price': ((hash(n + 14) % 99_999) / 100)::DECIMAL(10, 2)}}] AS lines,
             MAP {{'channel': 'k' || (hash(n + 15) % 100)::VARCHAR}} AS labels
      FROM range({rows}) AS numbers(n)
    ) TO '{folder}/part-0.parquet' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100_000)"""
)
