import type { RenderOptions } from '../../src/face/report/options.ts';
import type { AuditReport, Cause } from '../../src/tools/audit/audit-report.ts';

/** A name that would be markup, a script, the end of an attribute and a change of direction. */
export const HOSTILE = `"><img src=x onerror="document.title='owned'"><script>document.title='owned'</script>&'\u202e\u0007`;

export const CONTRACT =
  'schema:\n  - name: orders\n    properties:\n      - name: amount\n        physicalType: bigint\n';
export const pageOptions: Pick<RenderOptions, 'source' | 'version'> = {
  source: (file) => (file === 'c.yaml' ? CONTRACT : undefined),
  version: '1.2.3',
};

export const causeOf = (more: Partial<Cause> = {}): Cause => ({
  rule: 'type-changed',
  path: 'amount',
  table: 'orders',
  contractVersion: '1.0.0',
  severity: 'error',
  effect: 'query-fails',
  files: 1200,
  hold: 1200,
  bytes: 3_100_000,
  partitions: 3,
  firstPartitions: ['dt=2026-10-02/', 'dt=2026-10-03/'],
  firstFile: 's3://lake/orders/a b.parquet',
  lastFile: 's3://lake/orders/z.parquet',
  expected: 'bigint',
  actual: [
    { text: 'DOUBLE', files: 1000 },
    { text: 'INT32', files: 200 },
  ],
  athena: 'NOT_SUPPORTED: Unsupported Trino column type',
  reference: 'K70',
  versions: 'all',
  declaredAt: { file: 'c.yaml', line: 4, column: 9 },
  remedy: 'write the declared type',
  ...more,
});

export const auditOf = (more: Partial<AuditReport> = {}): AuditReport => ({
  schemaVersion: 1,
  prefix: 's3://lake/',
  state: 'complete',
  ignored: {},
  tables: [],
  unproven: [],
  errors: [],
  days: [],
  causes: [],
  summary: {
    files: 1234,
    admit: 34,
    byGrant: 0,
    hold: 1200,
    ignore: 0,
    superseded: 0,
    errors: 0,
    notSampled: 0,
    bytes: 5_000_000,
    heldBytes: 3_100_000,
    partitions: 9,
    heldPartitions: 3,
  },
  ...more,
});
