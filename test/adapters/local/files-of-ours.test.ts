import { appendFileSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createLocalCatalog } from '../../../src/run/adapters/local/catalog.ts';
import { createLocalEventBus } from '../../../src/run/adapters/local/channels.ts';
import { createJsonLines } from '../../../src/run/adapters/local/json-lines.ts';
import { openLakeFiles } from '../../../src/run/adapters/local/lake-files.ts';
import { createLocalLedger } from '../../../src/run/adapters/local/ledger.ts';
import { createLocalQueue } from '../../../src/run/adapters/local/queue.ts';
import type { CatalogPartition, TableDefinition } from '../../../src/run/ports/catalog.ts';
import type { BusEvent } from '../../../src/run/ports/event-bus.ts';
import { codeOf } from '../../support/error-code.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const FORMAT = { inputFormat: 'i', outputFormat: 'o', serde: 's', serdeParameters: {} };
const TABLE: TableDefinition = {
  columns: [{ name: 'id', type: 'bigint' }],
  partitionKeys: [{ name: 'dt', type: 'string' }],
  location: 's3://lake/t/',
  format: FORMAT,
  parameters: {},
};
const REF = { database: 'd', name: 't' };
const partition = (value: string, type = 'bigint'): CatalogPartition => ({
  values: [value],
  location: `s3://lake/t/dt=${value}/`,
  columns: [{ name: 'id', type }],
  format: FORMAT,
  parameters: {},
});

describe('LAK-8 files of the catalog, the ledger and the channels', { timeout: 30_000 }, () => {
  test('two catalogs on one folder see each other’s partitions and versions', async () => {
    const folder = temporaryFolder();
    const one = createLocalCatalog(openLakeFiles(folder));
    const other = createLocalCatalog(openLakeFiles(folder));
    await one.createTable(REF, TABLE);
    await one.createPartitions(REF, [partition('1')]);
    expect(await other.getPartition(REF, ['1'])).toEqual(partition('1'));
    expect(await other.createPartitions(REF, [partition('1'), partition('2')])).toEqual([
      { outcome: 'exists' },
      { outcome: 'created' },
    ]);
    expect(await one.getPartition(REF, ['2'])).toEqual(partition('2'));
    const version = (await one.getTable(REF))?.versionId ?? '';
    expect(await other.updateTable(REF, TABLE, version)).toBe('updated');
    expect(await one.updateTable(REF, TABLE, version)).toBe('conflict');
  });

  test('the rest of a line whose writer was killed costs that line only', async () => {
    const folder = temporaryFolder();
    const files = openLakeFiles(folder);
    const path = join(files.own, 'catalog/d/t/partitions.jsonl');
    await createLocalCatalog(files).createTable(REF, TABLE);
    await createLocalCatalog(files).createPartitions(REF, [partition('1')]);
    appendFileSync(path, '{"values":["2"],"loc');
    const catalog = createLocalCatalog(files);
    expect(await catalog.getPartition(REF, ['2'])).toBeUndefined();
    await catalog.createPartitions(REF, [partition('3')]);
    expect(await createLocalCatalog(files).getPartition(REF, ['1'])).toEqual(partition('1'));
    expect(await createLocalCatalog(files).getPartition(REF, ['3'])).toEqual(partition('3'));
  });

  test('partitions that are rewritten again and again do not grow without end', async () => {
    const files = openLakeFiles(temporaryFolder());
    const catalog = createLocalCatalog(files);
    await catalog.createTable(REF, TABLE);
    await catalog.createPartitions(REF, [partition('1'), partition('2')]);
    for (let i = 0; i < 1_500; i++) await catalog.updatePartition(REF, partition('1', `type${i}`));
    const lines = readFileSync(join(files.own, 'catalog/d/t/partitions.jsonl'), 'utf8').split('\n').length;
    expect(lines).toBeLessThan(1_100);
    expect((await createLocalCatalog(files).getPartition(REF, ['1']))?.columns[0]?.type).toBe('type1499');
    expect(await createLocalCatalog(files).getPartition(REF, ['2'])).toEqual(partition('2'));
  });

  test('ledger entries that have expired are not listed, and their files go', async () => {
    const files = openLakeFiles(temporaryFolder());
    const ledger = createLocalLedger(files);
    const past = { expiresAt: new Date(Date.now() - 1000).toISOString() };
    const future = { expiresAt: new Date(Date.now() + 3_600_000).toISOString() };
    await ledger.put({ scope: 's', id: 'past' }, 1, undefined, past);
    await ledger.put({ scope: 's', id: 'future' }, 2, undefined, future);
    await ledger.put({ scope: 's', id: 'kept' }, 3, undefined);
    const ids: string[] = [];
    for await (const page of ledger.list('s')) ids.push(...page.map(({ id }) => id));
    expect(ids).toEqual(['future', 'kept']);
    expect(readdirSync(join(files.own, 'ledger/s')).sort()).toEqual(['future.json', 'kept.json']);
  });

  test('a damaged ledger entry or table is told, not taken for none', async () => {
    const files = openLakeFiles(temporaryFolder());
    const ledger = createLocalLedger(files);
    await ledger.put({ scope: 's', id: 'i' }, 1, undefined);
    appendFileSync(join(files.own, 'ledger/s/i.json'), '}');
    expect(await codeOf(ledger.get({ scope: 's', id: 'i' }))).toBe('READ_FAILED');
    expect(await codeOf(ledger.put({ scope: 's', id: 'i' }, 2, undefined))).toBe('READ_FAILED');
    const catalog = createLocalCatalog(files);
    await catalog.createTable(REF, TABLE);
    appendFileSync(join(files.own, 'catalog/d/t/versions/0.json'), '}');
    expect(await codeOf(catalog.getTable(REF))).toBe('READ_FAILED');
  });

  test('versions are in the order of their numbers beyond nine', async () => {
    const catalog = createLocalCatalog(openLakeFiles(temporaryFolder()));
    await catalog.createTable(REF, TABLE);
    for (let i = 0; i < 11; i++)
      expect(await catalog.updateTable(REF, { ...TABLE, parameters: { i: String(i) } }, String(i))).toBe(
        'updated',
      );
    expect(await catalog.getTable(REF)).toEqual({ ...TABLE, parameters: { i: '10' }, versionId: '11' });
  });

  test('a file of JSON lines that is full makes room for a new one', async () => {
    const files = openLakeFiles(temporaryFolder());
    const lines = createJsonLines(files, 'events', 1_000);
    for (let i = 0; i < 30; i++) await lines.append([{ i, text: 'x'.repeat(90) }]);
    const kept = readdirSync(files.own).filter((name) => name.startsWith('events'));
    expect(kept.sort()).toEqual(['events.1.jsonl', 'events.jsonl']);
    for (const name of kept) expect(statSync(join(files.own, name)).size).toBeLessThan(1_200);
    expect(readFileSync(join(files.own, 'events.jsonl'), 'utf8')).toContain('"i":29');
  });

  test('subscribers hear each event in turn, and one that throws makes publishing throw', async () => {
    const heard: string[] = [];
    const tell = async ({ id }: BusEvent) => {
      heard.push(id);
      if (id === 'bad') throw new Error('not heard');
    };
    const bus = createLocalEventBus(openLakeFiles(temporaryFolder()), [tell]);
    const event = (id: string): BusEvent => ({ id, type: 't', at: '2026-11-03T10:00:00.000Z', detail: {} });
    await bus.publish([event('1'), event('2')]);
    await expect(bus.publish([event('bad'), event('3')])).rejects.toThrow('not heard');
    expect(heard).toEqual(['1', '2', 'bad']);
  });

  test('queues take a thousand at once', async () => {
    const { queue, consumer } = createLocalQueue();
    await queue.send(
      'validate',
      Array.from({ length: 1_500 }, (_, i) => ({ body: String(i) })),
    );
    expect(await consumer.receive('validate', 1_000)).toHaveLength(1_000);
    expect(await consumer.receive('validate', 1_000)).toHaveLength(500);
  });
});
