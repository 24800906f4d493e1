import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Checks templates with the pinned cfn-lint, in a virtual environment below `.cfn-lint/` that is made where it is missing:
 * `npx tsx test/cfn-lint/run.ts cdk.out/*.template.json`. Its rules are in the package; nothing is asked of AWS.
 */
const root = resolve(import.meta.dirname, '../..');
const python = join(root, '.cfn-lint', 'bin', 'python');
const cfnLint = join(root, '.cfn-lint', 'bin', 'cfn-lint');
const requirements = join(import.meta.dirname, 'requirements.txt');
const wanted = readFileSync(requirements, 'utf8').trim().split('==')[1] ?? '';

/** CDK writes a dependency that a reference implies already. */
const IGNORED = ['W3005'];

function version(): string | undefined {
  if (!existsSync(cfnLint)) return undefined;
  return execFileSync(cfnLint, ['--version'], { encoding: 'utf8' }).trim().split(' ').at(-1);
}

if (version() !== wanted) {
  console.log(`making .cfn-lint with cfn-lint ${wanted} …`);
  execFileSync('python3', ['-m', 'venv', join(root, '.cfn-lint')], { stdio: 'inherit' });
  execFileSync(
    python,
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements],
    {
      stdio: 'inherit',
    },
  );
}
const templates = process.argv.slice(2);
if (templates.length === 0)
  throw new Error('name templates: npx tsx test/cfn-lint/run.ts cdk.out/*.template.json');
const { status } = spawnSync(cfnLint, ['--ignore-checks', ...IGNORED, '--template', ...templates], {
  stdio: 'inherit',
});
if (status === 0) console.log(`cfn-lint ${wanted}: ${templates.length} templates, nothing found`);
process.exitCode = status ?? 1;
