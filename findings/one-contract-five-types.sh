#!/usr/bin/env bash
# With:     datacontract-cli 1.2.8.
# Expected: the exports of one tool agree on the type of one column: a number keeps its fraction, an integer its width.
# Seen:     datacontract-cli makes of logicalType number: Spark decimal(10,0) and Snowflake NUMBER (both drop the fraction), plain Avro "bytes",
#           double in Protobuf and Go. Of logicalType integer: Spark long and Go int64, but Avro int and Protobuf int32, which
#           end at 2,147,483,647. Of decimal(10,2): plain Avro bytes again, and
#           double in Protobuf and Go.
#           A contract for an Athena server exports SQL in the Snowflake dialect (a warning on stderr says so).
# Lake:     producer and consumer generate code from the same contract and disagree; the cents and the large ids go first. State physicalType.
set -euo pipefail

work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check datacontract-cli==1.2.8
cat >orders.odcs.yaml <<'YAML'
apiVersion: v3.1.0
kind: DataContract
id: orders
version: 1.0.0
status: active
servers:
  - { server: athena, type: athena, stagingDir: "s3://results/", schema: shop, regionName: eu-west-1 }
schema:
  - name: orders
    physicalType: table
    logicalType: object
    properties:
      - { name: total, logicalType: number }
      - { name: order_id, logicalType: integer }
      - { name: price, logicalType: number, physicalType: "decimal(10,2)" }
YAML
for format in spark avro protobuf go sql; do
  venv/bin/datacontract export "$format" orders.odcs.yaml >"$format.txt" 2>"$format.log"
  printf '%-9s' "$format"
  tr -s ' \n' ' ' <"$format.txt"
  echo
done
grep -o 'falling back.*dialect\.' sql.log

one_line() { tr -s ' \n' ' ' <"$1.txt"; }
has() { one_line "$1" | grep -qF -- "$2" || { echo "behaviour changed: $1 has no $2"; exit 1; }; }
has spark 'StructField("total", DecimalType(10, 0)'
has spark 'StructField("order_id", LongType()'
has avro '"name": "total", "type": "bytes" }'
has avro '"name": "order_id", "type": "int" }'
has avro '"name": "price", "type": "bytes" }'
has protobuf 'double total'
has protobuf 'int32 order_id'
has protobuf 'double price'
has go 'OrderId *int64'
has go 'Price *float64'
has sql 'total NUMBER,'
