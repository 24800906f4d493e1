#!/usr/bin/env bash
# With:     the ODCS schema v3.0.2 that datacontract-cli 1.2.8 carries, jsonschema 4.26.0; open-data-contract-standard 3.2.0, the standard's
#           own Python model.
# Expected: the schema of a DuckDB server is a name, such as main, to both.
# Seen:     the JSON schema says a whole number, described as "The name of the schema"; the model says text. `schema: main` is refused by the
#           one and `schema: 7` by the other: no contract of 3.0 that names a schema of DuckDB is valid to both. 3.1.0 says text.
# Lake:     a contract that one tool writes for its DuckDB tests is refused by the next one in CI, and no value helps.
set -euo pipefail

work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check datacontract-cli==1.2.8 jsonschema==4.26.0 open-data-contract-standard==3.2.0
venv/bin/python - <<'PY'
import importlib.resources
import json

import jsonschema
from open_data_contract_standard.model import OpenDataContractStandard
from pydantic import ValidationError

schemas = importlib.resources.files("datacontract") / "schemas"


def valid_by_schema(version, contract):
    schema = json.loads((schemas / f"odcs-{version}.schema.json").read_text())
    return jsonschema.validators.validator_for(schema)(schema).is_valid(contract)


def valid_by_model(contract):
    try:
        OpenDataContractStandard.model_validate(contract)
        return True
    except ValidationError:
        return False


seen = {}
for version in ["3.0.2", "3.1.0"]:
    for name in ["main", 7]:
        contract = {
            "apiVersion": f"v{version}",
            "kind": "DataContract",
            "id": "orders",
            "version": "1.0.0",
            "status": "active",
            "servers": [{"server": "local", "type": "duckdb", "database": "orders.db", "schema": name}],
        }
        seen[version, name] = (valid_by_schema(version, contract), valid_by_model(contract))
        print(f"{version} schema: {name!r:7} JSON schema {seen[version, name][0]!s:6} model {seen[version, name][1]}")
assert seen == {
    ("3.0.2", "main"): (False, True),
    ("3.0.2", 7): (True, False),
    ("3.1.0", "main"): (True, True),
    ("3.1.0", 7): (False, False),
}, "behaviour changed"
PY
