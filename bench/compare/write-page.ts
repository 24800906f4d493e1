import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { comparisonPage, recordLines } from './page.ts';
import type { Comparison } from './result.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(resolve(root, file), 'utf8');
const comparison = JSON.parse(read('bench/results/comparison.json')) as Comparison;
process.stdout.write(comparisonPage(comparison, recordLines(read('test/athena/observed/435.json'))));
