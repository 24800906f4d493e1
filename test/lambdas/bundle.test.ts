import { resolve } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** The packages that a function's bundle would hold. */
async function packagesOf(name: string): Promise<ReadonlySet<string>> {
  const { metafile } = await build({
    entryPoints: [resolve(root, `lambdas/${name}/index.ts`)],
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    outdir: 'unused',
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    logLevel: 'silent',
  });
  const [output] = Object.values(metafile.outputs);
  return new Set(
    Object.entries(output?.inputs ?? {}).flatMap(([file, { bytesInOutput }]) =>
      bytesInOutput > 0 ? (/node_modules\/((?:@[^/]+\/)?[^/]+)/u.exec(file)?.[1] ?? []) : [],
    ),
  );
}

describe('AWS-19 what functions are made of', () => {
  test.each(['gate', 'publish', 'quarantine', 'catalog', 'incident', 'watch', 'audit', 'canary'])(
    '%s reads contracts without YAML and schemas',
    { timeout: 60_000 },
    async (name) => {
      const packages = await packagesOf(name);
      expect(packages).toContain('@aws-sdk/client-dynamodb');
      expect(['yaml', 'zod', 'commander', 'hyparquet'].filter((one) => packages.has(one))).toEqual([]);
      expect(packages.has('@aws-sdk/client-glue')).toBe(name === 'catalog' || name === 'watch');
    },
  );
});
