import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { FunctionName } from '../lambdas/permissions.ts';
import { HeadgateError } from '../src/error.ts';

/** The same way from the source and from the published `dist/cdk.js`. */
const BUNDLES = fileURLToPath(new URL('../dist/lambdas', import.meta.url));
const CONTRACTS_FILE = 'contracts.json';

/** Where a function finds its contracts. */
export const CONTRACTS_PATH = `/var/task/${CONTRACTS_FILE}`;

/**
 * A function's bundle with the contracts beside it, as long as `use` runs: CDK copies what it is given at once. Throws
 * NOT_FOUND where the bundle is not built.
 */
export function withCode<T>(name: FunctionName, contracts: string, use: (code: Code) => T): T {
  const bundle = join(BUNDLES, name);
  if (!existsSync(join(bundle, 'index.mjs')))
    throw new HeadgateError('NOT_FOUND', `the code of function ${name} is not built: run npm run build`);
  const folder = mkdtempSync(join(tmpdir(), 'headgate-'));
  try {
    cpSync(bundle, folder, { recursive: true });
    writeFileSync(join(folder, CONTRACTS_FILE), contracts);
    return use(Code.fromAsset(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
