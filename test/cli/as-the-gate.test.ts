import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createLook } from '../../src/face/cli/audit/audit-look.ts';
import { folderSource, objectSource } from '../../src/face/cli/audit/audit-source.ts';
import { assignByContract, assignByRegistry } from '../../src/face/cli/files/assign.ts';
import { checkFiles } from '../../src/face/cli/files/check-files.ts';
import { findFiles } from '../../src/face/cli/files/find-files.ts';
import { findObjects } from '../../src/face/cli/files/find-objects.ts';
import { recordsOf } from '../../src/face/cli/files/judging-records.ts';
import type { Contract } from '../../src/judge/contract/contract.ts';
import { LOCAL_PAGE_LIMITS } from '../../src/judge/pages/limits.ts';
import { openLakeFiles } from '../../src/run/adapters/local/lake-files.ts';
import { createLocalObjectStore } from '../../src/run/adapters/local/object-store.ts';
import { tableDefinition } from '../../src/run/catalog/table-definition.ts';
import { audit } from '../../src/run/gate/audit.ts';
import { recordScope } from '../../src/run/ledger/record-kind.ts';
import type { Ledger } from '../../src/run/ports/ledger.ts';
import type { ObjectStore } from '../../src/run/ports/object-store.ts';
import { CLAIMS } from '../../src/run/table/claim-record.ts';
import { type TableRecord, tableKey } from '../../src/run/table/table-record.ts';
import type { FileReport } from '../../src/tools/scan/report.ts';
import { createAwsWorld } from '../support/aws/world.ts';
import { contractOf } from '../support/contract-text.ts';
import { contractSet } from '../support/ports-in-memory.ts';
import { fc } from '../support/property.ts';
import { contractYaml } from '../support/simulation/contract.ts';
import { type FileKind, fileBytes } from '../support/simulation/files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NOW = '2026-11-30T12:00:00.000Z';

interface Case {
  readonly contract: Contract;
  readonly record: Partial<TableRecord>;
  /** Key in the bucket of the guarded prefix, and what is there. */
  readonly files: ReadonlyMap<string, FileKind | 'empty'>;
  readonly bucket: string;
  /** The folder in which each partition was shown first. */
  readonly shown: string | undefined;
}

const segment = fc.constantFrom(
  ...['dt=2026-11-01', 'dt=2026-11-01', 'dt=2026-11-01', 'dt=2026-11-1', 'DT=2026-11-01', 'dt=x', 'dt='],
  ...[
    'dt=__HIVE_DEFAULT_PARTITION__',
    'dt=2026%2D11%2D01',
    'x=1',
    'data',
    '2026',
    '_tmp',
    '.git',
    '_dt=1',
    '=',
    'a=b=c',
  ],
);
const name = fc.constantFrom(
  ...['a.parquet', 'b.parquet', 'c.parquet', 'a.PARQUET', 'a', 'part-0', 'HEAD', '_a.parquet', '.a.parquet'],
  ...['a.csv', 'a_$folder$', '_SUCCESS', 'ü ß.parquet'],
);
const kind = fc.constantFrom<FileKind | 'empty'>(
  ...(['good', 'good', 'good', 'drifted', 'renamed', 'new-column', 'truncated', 'csv', 'empty'] as const),
);
/** Above the prefix, at it, below it, and far from it. */
const above = fc.constantFrom('t/', 't/', 't/', 't/', 't/', '', 'tt/', '.t/', 'backup/t/');
const file = fc
  .tuple(above, fc.array(segment, { maxLength: 3 }), name, kind)
  .map(([prefix, folders, last, what]) => [prefix + [...folders, last].join('/'), what] as const);

const PROJECTED = [
  'partitions: projected',
  'projection: { dt: { type: date, format: yyyy-MM-dd, range: "2026-11-01,NOW" } }',
];
const contract = fc
  .record({
    mode: fc.constantFrom('promote', 'promote', 'in-place', 'observe' as const),
    isPartitioned: fc.boolean(),
    isProjected: fc.boolean(),
    fileMatch: fc.constantFrom([], ['fileMatch: "**/*"'], ['fileMatch: "*.parquet"']),
    onUnknown: fc.constantFrom([], ['onUnknownColumn: hold']),
    landing: fc.constantFrom([], ['landing: consume']),
  })
  .map(({ mode, isPartitioned, isProjected, fileMatch, onUnknown, landing }) => {
    const policy = [
      ...fileMatch,
      ...onUnknown,
      ...(mode === 'promote' ? landing : []),
      ...(isPartitioned && isProjected && mode === 'promote' ? PROJECTED : []),
    ];
    const made = contractOf(
      contractYaml({ mode: mode as 'promote', isPartitioned, policy, version: '2.0.0' }),
    );
    return { contract: made, bucket: mode === 'in-place' ? 'lake' : 'landing' };
  });

/** What the catalog was made to hold: this version, an older one, or what a person must bring forward; and what was granted. */
const record = fc
  .tuple(fc.constantFrom('none', 'same', 'text', 'less'), fc.boolean())
  .map(([applied, isGranted]) => (made: Contract): Partial<TableRecord> => {
    const [table] = made.tables;
    if (table === undefined) throw new Error('no table');
    const { columns, partitionKeys } = tableDefinition(table, { location: 's3://lake/t/' });
    const held = {
      same: columns,
      text: columns.map((column) => (column.name === 'id' ? { ...column, type: 'string' } : column)),
      less: columns.slice(0, 1),
      none: undefined,
    }[applied];
    const grant = { id: 'g1', rule: 'type-changed', path: 'id', until: '2026-11-30T13:00:00.000Z' } as const;
    return {
      guardedSince: '2020-01-01T00:00:00.000Z',
      ...(held && {
        applied: {
          ...{ contractVersion: '1.0.0', columns: held, partitionKeys, location: 's3://lake/t/' },
          ...{ readsByIndex: false, ignoresStatistics: false, at: NOW },
        },
      }),
      ...(isGranted && { grants: [{ ...grant, reason: 'month end', by: 'ann', at: NOW }] }),
    };
  });

const anyCase = fc
  .tuple(
    contract,
    record,
    fc.constantFrom(undefined, 'dt=2026-11-01/', 'DT=2026-11-01/'),
    fc.array(file, { minLength: 1, maxLength: 12 }),
  )
  .map(([{ contract: made, bucket }, recordFor, shown, files]): Case => {
    return { contract: made, bucket, record: recordFor(made), shown, files: new Map(files) };
  });

function bytesOf(what: FileKind | 'empty', key: string): Uint8Array {
  return what === 'empty' ? new Uint8Array(0) : fileBytes(what, key);
}

function ledgerOf({ record: state, shown }: Case): Pick<Ledger, 'get'> {
  const values: Readonly<Record<string, unknown>> = {
    [tableKey('shop.t').scope]: state,
    [recordScope(CLAIMS, 'shop.t').scope]: shown && { folders: [shown], at: NOW },
  };
  return {
    get: async (key) => {
      const value = values[key.scope];
      return value === undefined ? undefined : { ...key, revision: '1', value: value as never };
    },
  };
}

/** What the gate says of each key that it guards: its verdict, and the rules that hold. */
async function gateSays(
  one: Case,
  objects: Pick<ObjectStore, 'head' | 'open'>,
): Promise<ReadonlyMap<string, string>> {
  const { bucket, files } = one;
  const looks = [...files.keys()].map((key) => ({ kind: 'look' as const, bucket, key }));
  const { objects: judged, failures } = await audit(
    {
      objects,
      ledger: ledgerOf(one) as Ledger,
      contracts: { current: async () => contractSet(one.contract) },
      clock: { now: () => NOW },
      settings: {
        quarantine: 's3://quarantine/',
        version: '1',
        maxFooterBytes: 1 << 24,
        pageLimits: LOCAL_PAGE_LIMITS,
      },
    },
    looks as never,
  );
  expect(failures).toEqual([]);
  return new Map(
    judged
      .filter(({ outcome }) => outcome !== 'not-guarded')
      .map(({ key, outcome, findings = [] }) => [
        key,
        // Each key is there: what is missing to the gate is a marker, which it looks at the folder for.
        [
          outcome === 'missing' ? 'ignore' : outcome,
          ...findings.map(({ rule, path, actual }) => `${rule} ${path} ${actual}`),
        ].join('; '),
      ]),
  );
}

/** The same of a report. */
function said({ verdict, findings, notes }: FileReport): string {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const waits = notes.some((note) => note.startsWith('it waits for'));
  return [
    waits ? 'waits-for-apply' : verdict,
    ...errors.map(({ rule, path, actual }) => `${rule} ${path} ${actual}`),
  ].join('; ');
}

/** Compares what is said of every guarded key. */
function compare(wanted: ReadonlyMap<string, string>, reports: readonly FileReport[], base: string): void {
  const found = new Map(reports.map((report) => [report.uri.slice(base.length), said(report)]));
  for (const [key, verdict] of wanted) expect([key, found.get(key)]).toEqual([key, verdict]);
}

describe('LAK-41 (D): check and audit say of every guarded key what the gate does', () => {
  test('of objects of S3, by prefix and by bucket, by all contracts and by one', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async (one) => {
        const world = createAwsWorld();
        world.buckets.create(one.bucket);
        for (const [key, what] of one.files) world.producer.put(one.bucket, key, bytesOf(what, key));
        const { objects } = world.process();
        const wanted = await gateSays(one, objects);
        const { registry } = contractSet(one.contract);
        const none = { table: undefined, root: undefined };
        for (const assign of [assignByRegistry(registry, none), assignByContract(registry, none)]) {
          const input = { assign, now: NOW, records: recordsOf('ledger', ledgerOf(one), NOW) };
          for (const uri of [`s3://${one.bucket}/`, `s3://${one.bucket}/t/`]) {
            const { files } = await findObjects([uri], objects);
            const below = new Map([...wanted].filter(([key]) => `s3://${one.bucket}/${key}`.startsWith(uri)));
            const { files: reports } = await checkFiles({ ...input, files });
            compare(below, reports, `s3://${one.bucket}/`);
          }
          const source = objectSource({ bucket: one.bucket, prefix: '' }, objects);
          const look = createLook(source, input);
          const audited: FileReport[] = [];
          for await (const page of source.pages(undefined))
            for (const entry of page) {
              const result = await look(entry);
              if (result.kind === 'judged') audited.push(result.report);
            }
          compare(wanted, audited, `s3://${one.bucket}/`);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('of files of a lake, from whatever folder, below hidden ones too', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, fc.constantFrom('lake', '.lake', '_x/lake'), async (one, lakeName) => {
        const top = temporaryFolder();
        const lake = join(top, lakeName);
        // A key cannot be a file and a folder at once.
        const keys = [...one.files.keys()].filter(
          (key) => ![...one.files.keys()].some((other) => other.startsWith(`${key}/`)),
        );
        const files = new Map(keys.map((key) => [key, one.files.get(key) ?? 'empty']));
        for (const [key, what] of files) {
          const path = join(lake, one.bucket, key);
          mkdirSync(dirname(path), { recursive: true });
          writeFileSync(path, bytesOf(what, key));
        }
        mkdirSync(join(lake, one.bucket), { recursive: true });
        const objects = createLocalObjectStore(openLakeFiles(lake));
        const wanted = await gateSays({ ...one, files }, objects);
        const { registry } = contractSet(one.contract);
        const byPlace = assignByRegistry(registry, { table: undefined, root: undefined });
        const byRoot = assignByContract(registry, { table: undefined, root: join(lake, one.bucket, 't') });
        for (const assign of [byPlace, byRoot]) {
          const input = { assign, now: NOW, records: recordsOf('ledger', ledgerOf(one), NOW) };
          for (const from of [top, lake, join(lake, one.bucket)]) {
            const { files: reports } = await checkFiles({ ...input, files: (await findFiles([from])).files });
            compare(wanted, reports, `${join(lake, one.bucket)}/`);
          }
          const source = folderSource(top);
          const look = createLook(source, input);
          const audited: FileReport[] = [];
          for await (const page of source.pages(undefined))
            for (const entry of page) {
              const result = await look(entry);
              if (result.kind === 'judged') audited.push(result.report);
            }
          compare(wanted, audited, `${join(lake, one.bucket)}/`);
        }
      }),
      { numRuns: 15 },
    );
  });
});
