const TYPES = ['bigint', 'double', 'string', 'timestamp', 'decimal(18,2)', 'boolean', 'int', 'date'];
const SUFFIXES = ['i64', 'f64', 'str', 'ts', 'dec', 'bool', 'i32', 'date'];

/** A contract of one guarded table `t` with the 20 columns of shape (a). */
export function shapeContract(): string {
  const columns = Array.from({ length: 20 }, (_, index) => {
    const kind = index % TYPES.length;
    const name = `col_${String(index).padStart(4, '0')}_${SUFFIXES[kind]}`;
    return `      - { name: ${name}, physicalType: "${TYPES[kind]}", required: ${SUFFIXES[kind] !== 'bool'} }`;
  });
  return `apiVersion: v3.1.0
kind: DataContract
id: bench
version: 1.0.0
status: active
servers:
  - { server: landing, type: s3, location: "s3://landing/t/" }
  - { server: catalog, type: glue, account: "123456789012", database: shop, location: "s3://lake/t/" }
schema:
  - name: t
    properties:
${columns.join('\n')}
      - { name: dt, physicalType: date, partitioned: true, partitionKeyPosition: 1 }
`;
}
