#!/usr/bin/env bash
# With:     fastjsonschema 2.22.3, jsonschema 4.26.0, jsonschema-rs 0.61.2, the schema v3.1.0 that datacontract-cli 1.2.8 carries.
# Expected: a validator that takes the official ODCS schema without complaint enforces it, and leaves the document as it was.
# Seen:     fastjsonschema compiles the schema (draft 2019-09) and does not know unevaluatedProperties: the misspelt key "requierd" of a
#           property passes, which jsonschema and jsonschema-rs refuse. It also writes the schema's defaults into the contract that it
#           was to look at: required false, unique false, primaryKeyPosition -1, and more.
# Lake:     a constraint that nobody enforces goes through CI; a tool that saves the validated document states what its author never did.
set -euo pipefail

work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check datacontract-cli==1.2.8 fastjsonschema==2.22.3 jsonschema==4.26.0 jsonschema-rs==0.61.2
venv/bin/python - <<'PY'
import copy
import importlib.resources
import json

import fastjsonschema
import jsonschema
import jsonschema_rs

schemas = importlib.resources.files("datacontract") / "schemas"
[name] = [each.name for each in schemas.iterdir() if "3.1.0" in each.name and each.name.endswith(".json")]
schema = json.loads((schemas / name).read_text())
contract = {
    "apiVersion": "v3.1.0",
    "kind": "DataContract",
    "id": "orders",
    "version": "1.0.0",
    "status": "active",
    "schema": [{"name": "orders", "properties": [{"name": "id", "logicalType": "string", "requierd": True}]}],
}
seen = {}
seen["jsonschema"] = jsonschema.validators.validator_for(schema)(schema).is_valid(contract)
seen["jsonschema-rs"] = jsonschema_rs.validator_for(schema).is_valid(contract)
looked_at = copy.deepcopy(contract)
try:
    fastjsonschema.compile(schema)(looked_at)
    seen["fastjsonschema"] = True
except fastjsonschema.JsonSchemaException:
    seen["fastjsonschema"] = False
print(name, schema["$schema"])
print("valid with requierd: true?", seen)
print("property before:", contract["schema"][0]["properties"][0])
print("property after: ", looked_at["schema"][0]["properties"][0])
assert seen == {"jsonschema": False, "jsonschema-rs": False, "fastjsonschema": True}, "behaviour changed"
added = looked_at["schema"][0]["properties"][0]
assert (added.get("required"), added.get("unique"), added.get("primaryKeyPosition")) == (False, False, -1), "behaviour changed"
PY
