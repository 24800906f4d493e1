import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

/** Pure values: contract, footer, what Athena does, verdict. */
const JUDGE = [
  'judge/types',
  'judge/parquet',
  'judge/pages',
  'judge/contract',
  'judge/athena',
  'judge/rules',
  'judge/verdict',
] as const;

/**
 * Every room, from the ground up, and the rooms that it may import beside itself. A room stands below all that import it, so
 * that no two rooms import each other and no arrow leads up, from wing to wing neither. `text` and `error` are everybody's.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  text: [],
  error: [],
  'judge/types': [],
  'judge/parquet': ['judge/types'],
  'judge/pages': ['judge/parquet'],
  'judge/contract': ['judge/types'],
  'judge/athena': ['judge/types', 'judge/parquet', 'judge/contract'],
  'judge/rules': ['judge/types', 'judge/parquet', 'judge/pages', 'judge/contract', 'judge/athena'],
  'judge/verdict': [
    'judge/types',
    'judge/parquet',
    'judge/pages',
    'judge/contract',
    'judge/athena',
    'judge/rules',
  ],
  'run/ports': ['judge/contract', 'judge/parquet'],
  'run/catalog': ['judge/types', 'judge/parquet', 'judge/contract', 'judge/athena', 'run/ports'],
  // Who speaks with the world: they know ports and values, and no use case.
  'run/adapters': ['judge/parquet', 'judge/contract', 'run/ports'],
  'run/guard': ['judge/pages', 'run/ports'],
  'run/message': ['judge/contract', 'judge/athena', 'run/ports', 'run/guard'],
  'run/ledger': ['judge/contract', 'judge/verdict', 'run/ports', 'run/guard', 'run/message'],
  'run/table': [...JUDGE, 'run/ports', 'run/catalog', 'run/guard', 'run/message', 'run/ledger'],
  'run/breaker': ['run/ports', 'run/guard', 'run/message', 'run/ledger', 'run/table'],
  'run/hold': [...JUDGE, 'run/ports', 'run/guard', 'run/message', 'run/ledger', 'run/table', 'run/breaker'],
  'run/incident': [
    'judge/athena',
    'run/ports',
    'run/guard',
    'run/message',
    'run/ledger',
    'run/table',
    'run/hold',
  ],
  'run/folder': [
    'judge/contract',
    'judge/verdict',
    'run/ports',
    'run/catalog',
    'run/guard',
    'run/message',
    'run/ledger',
    'run/table',
    'run/breaker',
    'run/hold',
  ],
  'run/gate': [
    ...JUDGE,
    'run/ports',
    'run/guard',
    'run/message',
    'run/ledger',
    'run/table',
    'run/breaker',
    'run/hold',
    'run/folder',
  ],
  'run/canary': [
    'judge/contract',
    'run/guard',
    'run/message',
    'run/ledger',
    'run/table',
    'run/incident',
    'run/hold',
    'run/folder',
  ],
  'run/lake': [
    'judge/pages',
    'judge/contract',
    'run/ports',
    'run/adapters',
    'run/breaker',
    'run/guard',
    'run/message',
    'run/ledger',
    'run/table',
    'run/incident',
    'run/hold',
    'run/folder',
    'run/gate',
  ],
  'tools/scan': ['judge/parquet', 'judge/contract', 'judge/athena'],
  'tools/audit': ['judge/contract', 'judge/athena', 'judge/verdict', 'tools/scan'],
  'tools/derive': ['judge/types', 'judge/parquet', 'judge/contract', 'run/ports', 'run/catalog'],
  'tools/imports': [...JUDGE, 'run/catalog'],
  'tools/mock': [...JUDGE, 'run/catalog'],
  'tools/revision': [...JUDGE, 'run/catalog'],
  'tools/doctor': ['judge/contract', 'run/ports', 'run/catalog', 'run/guard', 'run/ledger', 'run/table'],
  'face/report': ['judge/contract', 'judge/athena', 'run/ports', 'tools/scan', 'tools/audit', 'tools/doctor'],
  'face/demo': ['judge/parquet', 'judge/contract', 'run/adapters', 'tools/scan'],
  'face/cli': [
    ...JUDGE,
    'run/ports',
    'run/catalog',
    'run/adapters',
    'run/guard',
    'run/message',
    'run/ledger',
    'run/table',
    'run/incident',
    'run/breaker',
    'run/hold',
    'run/folder',
    'run/lake',
    'tools/scan',
    'tools/audit',
    'tools/derive',
    'tools/imports',
    'tools/mock',
    'tools/revision',
    'tools/doctor',
    'face/report',
    'face/demo',
  ],
  index: [...JUDGE, 'run/ports', 'run/adapters', 'tools/revision'],
};

/** Rooms that may touch files and processes; the others are values and ports. */
const DOES_IO: ReadonlySet<string> = new Set(['run/adapters', 'run/lake', 'face/demo', 'face/cli']);

/** Each third-party library has one home. */
const LIBRARIES: Readonly<Record<string, string>> = {
  yaml: 'judge/contract',
  zod: 'judge/contract',
  zstddec: 'judge/pages',
  hysnappy: 'judge/pages',
  commander: 'face/cli',
  '@clack/prompts': 'face/cli',
  // The types of the writer's schema; the reader itself is the tests' oracle.
  hyparquet: 'run/adapters',
  'hyparquet-writer': 'run/adapters',
  'parquetjs-lite': 'face/demo',
  'parquet-wasm': 'face/demo',
  'apache-arrow': 'face/demo',
  '@duckdb/node-api': 'face/demo',
};

/** Pure, and used wherever several things are done at once. */
const SHARED_LIBRARIES: ReadonlySet<string> = new Set(['p-map']);

/** What a family of packages may be imported by: a folder or file, from the project's root. */
const FAMILIES = [
  { prefix: '@aws-sdk/', home: 'src/run/adapters/aws/' },
  { prefix: '@aws-lambda-powertools/', home: 'lambdas/telemetry.ts' },
  // Types alone.
  { prefix: 'aws-lambda', home: 'lambdas/' },
  { prefix: 'aws-cdk-lib', home: 'infra/' },
  { prefix: 'constructs', home: 'infra/' },
] as const;

/** What a function is made of: use cases, the adapters of AWS, and what both speak of. */
const LAMBDA_IMPORTS = [
  'error',
  'text',
  'judge/contract',
  'judge/pages/limits',
  'run/(ports|guard|message|ledger|table|incident|breaker|hold|folder|gate|canary)',
  'run/adapters/aws',
];

/** What constructs derive a stack from: contracts, the tables of calls and alarms, names of queues. No adapter, no handler. */
const INFRA_IMPORTS = [
  'infra',
  'lambdas/permissions',
  'lambdas/alarms',
  'src/judge/contract',
  'src/error',
  'src/text',
  'src/run/ports',
  'src/run/table/guarded-table',
];
/** They read contracts and bundles, or write into the cloud assembly. */
const INFRA_FILES: ReadonlySet<string> = new Set(['code.ts', 'contracts.ts', 'deployment.ts']);

const root = resolve(import.meta.dirname, '..');
const constructs = readdirSync(join(root, 'infra')).map((file) => ({
  file,
  text: readFileSync(join(root, 'infra', file), 'utf8'),
}));
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, room: roomOf(file), text: readFileSync(join(root, 'src', file), 'utf8') }));

/** `judge/types` of `judge/types/hive-type.ts`; the name itself of a file that stands alone. */
function roomOf(file: string): string {
  const parts = file.split('/');
  if (parts.length === 1) return file.replace(/\.ts$/u, '');
  return parts[0] === 'text' ? 'text' : parts.slice(0, 2).join('/');
}

const functions = readdirSync(join(root, 'lambdas'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(join(root, 'lambdas', file), 'utf8') }));

function isAtHome(name: string, path: string): boolean {
  return FAMILIES.some(({ prefix, home }) => name.startsWith(prefix) && path.startsWith(home));
}

function importsOf(text: string): readonly string[] {
  return [...text.matchAll(/(?:from|import\()\s*'([^']+)'/gu)].map((match) => match[1] ?? '');
}

/** Every way that leads back to a node where it was, once. */
function circles(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  const done = new Set<string>();
  const walk = (node: string, way: readonly string[]): void => {
    if (way.includes(node)) found.push([...way.slice(way.indexOf(node)), node]);
    if (done.has(node) || way.includes(node)) return;
    for (const next of graph.get(node) ?? []) walk(next, [...way, node]);
    done.add(node);
  };
  for (const node of graph.keys()) walk(node, []);
  return found;
}

/** The file below `src` that an import of another file there names. */
function targetOf(file: string, name: string): string {
  return relative(join(root, 'src'), resolve(root, 'src', dirname(file), name));
}

describe('architecture', () => {
  test('every room is known', () => {
    expect([...new Set(sources.map(({ room }) => room))].filter((room) => !(room in ROOMS))).toEqual([]);
  });

  test('a room stands above all that it may import', () => {
    const order = Object.keys(ROOMS);
    const up = Object.entries(ROOMS).flatMap(([room, imports]) =>
      imports
        .filter((name) => !order.includes(name) || order.indexOf(name) >= order.indexOf(room))
        .map((name) => `${room} -> ${name}`),
    );
    expect(up).toEqual([]);
  });

  test.each(sources)('$file imports only what its room may', ({ file, room, text }) => {
    const allowed = ['text', 'error', room, ...(ROOMS[room] ?? [])];
    const wrong = importsOf(text).filter((name) => {
      if (name.startsWith('.')) return !allowed.includes(roomOf(targetOf(file, name)));
      // It computes, and touches nothing.
      if (name === 'node:zlib') return room !== 'judge/pages';
      if (name.startsWith('node:')) return !DOES_IO.has(room) && name !== 'node:crypto';
      if (SHARED_LIBRARIES.has(name)) return room.startsWith('judge/');
      return LIBRARIES[name] !== room && !isAtHome(name, `src/${file}`);
    });
    expect(wrong).toEqual([]);
  });

  test('no file imports itself on a way round', () => {
    const imports = new Map(
      sources.map(({ file, text }) => [
        file,
        importsOf(text)
          .filter((name) => name.startsWith('.'))
          .map((name) => targetOf(file, name)),
      ]),
    );
    expect(circles(imports)).toEqual([]);
  });

  test('a circle is seen', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', ['a']],
      ['d', []],
    ]);
    expect(circles(graph)).toEqual([['a', 'b', 'c', 'a']]);
  });

  test.each(sources)('$file stays under 320 lines', ({ text }) => {
    expect(text.split('\n').length).toBeLessThan(320);
  });

  test.each(functions)('lambdas/$file joins use cases and AWS, and nothing else', ({ file, text }) => {
    const wrong = importsOf(text).filter((name) => {
      if (name.endsWith('package.json')) return false;
      if (name === 'node:worker_threads') return file !== 'isolation.ts';
      if (name.startsWith('node:')) return file !== 'runtime.ts';
      if (!name.startsWith('.')) return !isAtHome(name, `lambdas/${file}`);
      const target = relative(root, resolve(root, 'lambdas', dirname(file), name));
      return (
        !target.startsWith('lambdas/') &&
        !LAMBDA_IMPORTS.some((part) => new RegExp(`^src/${part}[/.]`, 'u').test(target))
      );
    });
    expect(wrong).toEqual([]);
    expect(text.includes('process.env')).toBe(file === 'runtime.ts');
    expect(text.split('\n').length).toBeLessThan(320);
  });

  test.each(constructs)('infra/$file makes a stack of values, and calls nothing', ({ file, text }) => {
    const wrong = importsOf(text).filter((name) => {
      if (name.startsWith('node:')) return !INFRA_FILES.has(file);
      if (!name.startsWith('.')) return !isAtHome(name, `infra/${file}`);
      const target = relative(root, resolve(root, 'infra', name));
      return !INFRA_IMPORTS.some((part) => new RegExp(`^${part}[/.]`, 'u').test(target));
    });
    expect(wrong).toEqual([]);
    expect(text).not.toContain('process.env');
    expect(text.split('\n').length).toBeLessThan(320);
  });

  test('the adapters of AWS and of a folder know nothing of each other', () => {
    const crossing = sources.filter(
      ({ file, text }) =>
        (file.startsWith('run/adapters/aws/') && text.includes("'../local/")) ||
        (file.startsWith('run/adapters/local/') && text.includes("'../aws/")),
    );
    expect(crossing.map(({ file }) => file)).toEqual([]);
  });
});
