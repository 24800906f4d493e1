import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

/** Each layer may import itself and the layers named on its right; `node` marks those that may do I/O. */
const LAYERS: Readonly<Record<string, { readonly imports: readonly string[]; readonly node?: boolean }>> = {
  error: { imports: [] },
  text: { imports: [] },
  types: { imports: ['text'] },
  parquet: { imports: ['error', 'text', 'types'] },
  contract: { imports: ['error', 'text', 'types'] },
  athena: { imports: ['text', 'types', 'parquet', 'contract'] },
  rules: { imports: ['text', 'types', 'parquet', 'contract', 'athena'] },
  verdict: { imports: ['text', 'types', 'parquet', 'contract', 'athena', 'rules'] },
  report: { imports: ['error', 'text', 'contract', 'athena', 'ports'] },
  ports: { imports: ['contract', 'parquet'] },
  audit: { imports: ['error', 'text', 'contract', 'athena', 'report'] },
  catalog: { imports: ['text', 'types', 'parquet', 'contract', 'athena', 'ports'] },
  incident: { imports: ['text', 'contract', 'athena', 'ports'] },
  derive: { imports: ['text', 'types', 'parquet', 'contract', 'catalog', 'ports'] },
  imports: {
    imports: ['error', 'text', 'types', 'parquet', 'contract', 'athena', 'rules', 'verdict', 'catalog'],
  },
  mock: {
    imports: ['text', 'types', 'parquet', 'contract', 'athena', 'rules', 'catalog'],
  },
  revision: {
    imports: ['text', 'types', 'parquet', 'contract', 'athena', 'rules', 'verdict', 'catalog'],
  },
  pipeline: {
    imports: [
      'error',
      'text',
      'types',
      'parquet',
      'contract',
      'athena',
      'rules',
      'verdict',
      'catalog',
      'incident',
      'ports',
    ],
  },
  doctor: { imports: ['error', 'text', 'contract', 'catalog', 'ports', 'pipeline', 'report'] },
  adapters: { imports: ['error', 'text', 'parquet', 'contract', 'ports'], node: true },
  lake: { imports: ['error', 'contract', 'ports', 'pipeline', 'adapters'], node: true },
  demo: { imports: ['error', 'report', 'text', 'parquet', 'contract', 'adapters'], node: true },
  cli: {
    imports: [
      'error',
      'text',
      'types',
      'parquet',
      'contract',
      'athena',
      'rules',
      'verdict',
      'catalog',
      'incident',
      'ports',
      'pipeline',
      'revision',
      'derive',
      'imports',
      'mock',
      'report',
      'audit',
      'adapters',
      'lake',
      'demo',
      'doctor',
    ],
    node: true,
  },
  index: {
    imports: [
      'adapters',
      'ports',
      'error',
      'types',
      'parquet',
      'contract',
      'athena',
      'rules',
      'verdict',
      'revision',
    ],
  },
};

/** Each third-party library has one home. */
const LIBRARIES: Readonly<Record<string, string>> = {
  yaml: 'contract',
  zod: 'contract',
  commander: 'cli',
  '@clack/prompts': 'cli',
  // The types of the writer's schema; the reader itself is the tests' oracle.
  hyparquet: 'adapters',
  'hyparquet-writer': 'adapters',
  'parquetjs-lite': 'demo',
  'parquet-wasm': 'demo',
  'apache-arrow': 'demo',
  '@duckdb/node-api': 'demo',
};

/** What a family of packages may be imported by: a folder or file, from the project's root. */
const FAMILIES = [
  { prefix: '@aws-sdk/', home: 'src/adapters/aws/' },
  { prefix: '@aws-lambda-powertools/', home: 'lambdas/telemetry.ts' },
  // Types alone.
  { prefix: 'aws-lambda', home: 'lambdas/' },
  { prefix: 'aws-cdk-lib', home: 'infra/' },
  { prefix: 'constructs', home: 'infra/' },
] as const;

/** What a function is made of: use cases, the adapters of AWS, and what both speak of. */
const LAMBDA_IMPORTS = ['error', 'text', 'contract', 'ports', 'pipeline', 'adapters/aws'];

/** What constructs derive a stack from: contracts, the tables of calls and alarms, names of queues. No adapter, no handler. */
const INFRA_IMPORTS = [
  'infra',
  'lambdas/permissions',
  'lambdas/alarms',
  'src/contract',
  'src/error',
  'src/text',
  'src/ports',
  'src/pipeline/guarded-table',
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
  .map((file) => ({ file, layer: layerOf(file), text: readFileSync(join(root, 'src', file), 'utf8') }));

function layerOf(file: string): string {
  return file.split(/[/.]/u)[0] ?? '';
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

describe('architecture', () => {
  test('every layer is known', () => {
    expect([...new Set(sources.map(({ layer }) => layer))].filter((layer) => !(layer in LAYERS))).toEqual([]);
  });

  test.each(sources)('$file imports only what its layer may', ({ file, layer, text }) => {
    const rule = LAYERS[layer];
    const wrong = importsOf(text).filter((name) => {
      if (name.startsWith('.')) {
        const target = layerOf(relative(join(root, 'src'), resolve(root, 'src', dirname(file), name)));
        return target !== layer && !rule?.imports.includes(target);
      }
      if (name.startsWith('node:')) return !rule?.node && name !== 'node:crypto';
      return LIBRARIES[name] !== layer && !isAtHome(name, `src/${file}`);
    });
    expect(wrong).toEqual([]);
  });

  test('no file imports itself on a way round', () => {
    const imports = new Map(
      sources.map(({ file, text }) => [
        file,
        importsOf(text)
          .filter((name) => name.startsWith('.'))
          .map((name) => relative(join(root, 'src'), resolve(root, 'src', dirname(file), name))),
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
        (file.startsWith('adapters/aws/') && text.includes("'../local/")) ||
        (file.startsWith('adapters/local/') && text.includes("'../aws/")),
    );
    expect(crossing.map(({ file }) => file)).toEqual([]);
  });
});
