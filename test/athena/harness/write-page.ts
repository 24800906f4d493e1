import { writeFileSync } from 'node:fs';
import { athenaPage } from './athena-page.ts';
import { readMeanings } from './fixtures.ts';
import { readAllObserved } from './observed-versions.ts';

writeFileSync(
  new URL('../../../docs/athena.md', import.meta.url),
  await athenaPage(await readAllObserved(), await readMeanings()),
);
