"""A DuckDB database with one view over the files of each folder: `python make_view.py FOLDER…` prints what could not be made."""
import json
import sys
from pathlib import Path

import duckdb

failed = {}
for folder in map(Path, sys.argv[1:]):
    path = folder / "view.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        try:
            con.execute(f"SET file_search_path = '{folder}'")
            con.execute("CREATE VIEW orders AS SELECT * FROM read_parquet('./orders/*/*/*.parquet', hive_partitioning = true)")
        except duckdb.Error as error:
            failed[folder.name] = str(error)
print(json.dumps(failed))
