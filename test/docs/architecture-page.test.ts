import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FUNCTION_CALLS, type FunctionName } from '../../lambdas/permissions.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/architecture.md'), 'utf8');
const names = Object.keys(FUNCTION_CALLS) as FunctionName[];

/** `from to` of every arrow; `a & b --> c` is two, and a shape behind a name is none of it. */
const arrows = new Set(
  [...page.matchAll(/```mermaid\n([\s\S]*?)```/gu)].flatMap(([, diagram = '']) =>
    diagram.split('\n').flatMap((line) => {
      const sides = line
        .trim()
        .replaceAll(/\|[^|]*\|/gu, '')
        .split('-->')
        .map((side) => side.split('&').map((one) => /^\w+/u.exec(one.trim())?.[0] ?? ''));
      return sides
        .slice(1)
        .flatMap((to, index) => (sides[index] ?? []).flatMap((from) => to.map((one) => `${from} ${one}`)));
    }),
  ),
);

describe('OPS-7 the page on architecture', () => {
  test.each(names)('%s sends to the queues that it may send to, and to no other', (name) => {
    const calls = FUNCTION_CALLS[name] as Readonly<Record<string, readonly string[]>>;
    const allowed = (calls.SendMessageBatchCommand ?? []).map((area) => area.replace('queue ', 'q_')).sort();
    const drawn = [...arrows]
      .filter((arrow) => arrow.startsWith(`${name} q_`))
      .map((arrow) => arrow.split(' ')[1]);
    expect(drawn.sort()).toEqual(allowed);
  });
  test.each(names)('%s tells the bus where it may, and not where it may not', (name) => {
    expect(arrows.has(`${name} bus`)).toBe('PutEventsCommand' in FUNCTION_CALLS[name]);
  });
  test('each queue is read by one function', () => {
    const readers = [...arrows].filter((arrow) => arrow.startsWith('q_')).sort();
    expect(readers).toEqual([
      'q_catalog catalog',
      'q_converge watch',
      'q_incident incident',
      'q_publish publish',
      'q_quarantine quarantine',
      'q_validate gate',
    ]);
  });
  test('the table of rights names every function, and who deletes is who may', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \| (.*) \|$/gmu)].map(([, name = '', cells = '']) => ({
      name,
      deletes: cells.split(' | ')[2] !== '–',
      writes: cells.split(' | ')[1] !== '–',
      glue: cells.split(' | ')[3] !== '–',
    }));
    expect(rows.map(({ name }) => name).sort()).toEqual([...names].sort());
    for (const { name, deletes, writes, glue } of rows) {
      const calls = FUNCTION_CALLS[name as FunctionName];
      expect([name, deletes]).toEqual([name, 'DeleteObjectCommand' in calls]);
      expect([name, writes]).toEqual([name, 'CopyObjectCommand' in calls || 'PutObjectCommand' in calls]);
      expect([name, glue]).toEqual([name, 'UpdateTableCommand' in calls]);
    }
  });
});

describe('the steps of a key and of a contract', () => {
  const steps = [...page.matchAll(/\[`(\w+)`\]\(\.\.\/([\w/.-]+\.ts)\)/gu)].map(([, name, file]) => [
    name,
    file,
  ]);

  test('there are all of them', () => {
    expect(steps.length).toBe(22);
  });
  test.each(steps)('%s is in %s', (name, file) => {
    const text = readFileSync(resolve(import.meta.dirname, '../..', file ?? ''), 'utf8');
    expect(text).toMatch(new RegExp(`^export (?:async )?function ${name}\\b`, 'mu'));
  });
});
