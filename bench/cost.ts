import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type CountedModes, costDocument } from './cost-table.ts';

const file = resolve(import.meta.dirname, 'results/aws-calls.json');
process.stdout.write(costDocument(JSON.parse(readFileSync(file, 'utf8')) as CountedModes));
