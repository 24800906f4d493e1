import { GetPartitionsCommand, GetTableCommand } from '@aws-sdk/client-glue';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { fileBytes } from '../support/simulation/files.ts';
import { type MotoLake, motoLake } from './lake.ts';

const endpoint = inject('endpoint');
let lake: MotoLake;

afterEach(() => lake.calls.restore());

async function partitions(): Promise<readonly string[]> {
  const { Partitions = [] } = await lake.stack.clients.glue.send(
    new GetPartitionsCommand({ DatabaseName: 'shop', TableName: 't' }),
  );
  return Partitions.map(({ Values = [] }) => Values.join('/')).sort();
}

async function columns(): Promise<readonly string[]> {
  const { Table } = await lake.stack.clients.glue.send(
    new GetTableCommand({ DatabaseName: 'shop', Name: 't' }),
  );
  return (Table?.StorageDescriptor?.Columns ?? []).map(({ Name, Type }) => `${Name} ${Type}`);
}

const QUICK = { policy: ['settle: 1s', 'deleteAfter: 1s'] } as const;

describe.each(['eventbridge', 'sqs'] as const)('AWS-3 end to end, told by %s', (trigger) => {
  test('a good file is published, its table and partition are there; a drifted one is held and paged', async () => {
    lake = await motoLake(endpoint, QUICK, { trigger });
    await lake.put('dt=2026-11-01/a.parquet', 'good');
    await lake.put('dt=2026-11-01/b.parquet', 'drifted');
    await lake.settle();
    expect(lake.telemetry.failures).toEqual([]);
    expect(await lake.keys('lake')).toEqual(['t/dt=2026-11-01/a.parquet']);
    expect(await lake.bytes('lake', 't/dt=2026-11-01/a.parquet')).toEqual(
      fileBytes('good', 'dt=2026-11-01/a.parquet'),
    );
    expect(await columns()).toEqual(['id bigint', 'v string']);
    expect(await partitions()).toEqual(['2026-11-01']);
    expect((await lake.keys('quarantine')).filter((key) => key.endsWith('data.parquet'))).toHaveLength(1);
    const pages = await lake.pages();
    expect(pages.map(({ metadata }) => metadata.eventType)).toEqual(['open']);
    expect(pages[0]?.content.title).toContain('type-changed at id');
    expect(pages[0]?.content.nextSteps.join('\n')).toContain('headgate quarantine show');
  });
});
