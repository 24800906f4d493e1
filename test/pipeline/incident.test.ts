import { describe, expect, test } from 'vitest';
import { HeadgateError } from '../../src/error.ts';
import { handleEvents, orderIncident, tickIncidents } from '../../src/run/incident/incident.ts';
import type { PublishedEvent } from '../../src/run/incident/incident-input.ts';
import type { Incidents } from '../../src/run/incident/incidents.ts';
import type { ObjectHeldDetail } from '../../src/run/message/events.ts';
import type { HeldFinding, Origin } from '../../src/run/message/messages.ts';
import { lakeContract } from '../support/lake-contract.ts';
import { MemoryWorld } from '../support/ports-in-memory.ts';

const FINDING: HeldFinding = {
  rule: 'type-changed',
  path: 'total',
  expected: 'decimal(10,2)',
  actual: 'DOUBLE',
  effect: 'query-fails',
  message: 'm',
};

function origin(key: string): Origin {
  return { bucket: 'landing', key, etag: 'e', sizeBytes: 1, writtenAt: '2026-06-15T11:00:00.000Z' };
}

function held(world: MemoryWorld, holdId: string, more: Partial<ObjectHeldDetail> = {}): PublishedEvent {
  return {
    id: `event of ${holdId}`,
    type: 'ObjectHeld',
    at: world.now,
    detail: {
      table: 'shop.t',
      contractVersion: '1.0.0',
      holdId,
      origin: origin(`t/dt=2026-01-01/${holdId}.parquet`),
      effect: 'query-fails',
      findings: [FINDING],
      findingCount: 1,
      mode: 'promote',
      report: `s3://quarantine/${holdId}/report.json`,
      oldDataServed: true,
      owner: { team: 'crew', channels: ['#data'] },
      ...more,
    },
  };
}

/** The hold as `move` records it. */
function record(world: MemoryWorld, holdId: string, status: 'held' | 'ended', path = 'total'): void {
  const judgedBy = { contractHash: 'h', contractVersion: '1.0.0', catalogVersion: '1.0.0' };
  const place = {
    table: 'shop.t',
    folder: '',
    origin: {},
    copy: '',
    report: '',
    heldAt: '2026-06-15T12:00:00.000Z',
  };
  world.ledger.set('holds/shop.t', holdId, {
    ...place,
    ...{ holdId, step: 'DONE', status, judgedBy, effect: 'wrong-results' },
    findings: [{ ...FINDING, path }],
    findingCount: 1,
  });
}

function ended(world: MemoryWorld, holdId: string): PublishedEvent {
  return {
    id: `end of ${holdId}`,
    type: 'HoldEnded',
    at: world.now,
    detail: { table: 'shop.t', contractVersion: '1.0.0', holdId, reason: 'published' },
  };
}

function lake(): MemoryWorld {
  return new MemoryWorld(lakeContract(['total decimal(10,2)', 'dt date partition']));
}

const state = (world: MemoryWorld, version = '1.0.0') =>
  world.ledger.value<Incidents>('incidents/shop.t', version);
const told = (world: MemoryWorld) => world.notices.map(({ kind, sequence }) => `${kind} ${sequence}`);

describe('INC-7: events become incidents, and notices are delivered', () => {
  test('FM-20: 2,000 parts with one drift, in batches, some twice: one page, and one step more', async () => {
    const world = lake();
    for (let start = 0; start < 2000; start += 100) {
      const batch = Array.from({ length: 100 }, (_, index) => held(world, `h${start + index}`));
      for (let index = start; index < start + 100; index++) record(world, `h${index}`, 'held');
      await handleEvents(world, batch);
      if (start % 500 === 0) await handleEvents(world, batch);
    }
    // What came with the page is in the page.
    expect(told(world)).toEqual(['open 1', 'update 4']);
    expect(world.notices[1]?.title).toBe('still: shop.t 1.0.0: type-changed at total: 1000 files held');
    expect(new Set(world.notices.map(({ dedupKey }) => dedupKey)).size).toBe(1);
    expect(state(world).incidents).toMatchObject([{ count: 2000 }]);
    expect(state(world).outbox).toEqual([]);
    expect(world.notices[0]).toMatchObject({
      title: 'shop.t 1.0.0: type-changed at total: 100 files held',
      channels: ['#data'],
      lines: expect.arrayContaining([
        'first: s3://landing/t/dt=2026-01-01/h0.parquet',
        'partition: dt=2026-01-01/ is without what is held of it',
      ]),
    });
  });

  test('LAK-84 (H): a notice says how many files are held when it is sent, not how many were told of', async () => {
    const world = lake();
    const all = Array.from({ length: 40 }, (_, index) => `h${index}`);
    for (const holdId of all) record(world, holdId, 'held');
    record(world, 'other', 'held', 'note');
    await handleEvents(
      world,
      all.slice(0, 10).map((holdId) => held(world, holdId)),
    );
    expect(world.notices.map(({ title }) => title)).toEqual([
      'shop.t 1.0.0: type-changed at total: 40 files held',
    ]);
    expect(world.notices[0]?.lines).toContain('files: 40');
    await handleEvents(
      world,
      all.slice(10).map((holdId) => held(world, holdId)),
    );
    record(world, 'h0', 'ended');
    for (let index = 40; index < 100; index++) record(world, `h${index}`, 'held');
    await handleEvents(
      world,
      Array.from({ length: 60 }, (_, index) => held(world, `h${40 + index}`)),
    );
    expect(world.notices[1]?.title).toBe('still: shop.t 1.0.0: type-changed at total: 99 files held');
    expect(world.notices[1]?.lines).toContain('files: 100, 99 held now');
    const [incident] = state(world).incidents;
    await orderIncident(world, 'shop.t', incident?.id ?? '', { kind: 'resolve', by: 'ana' });
    expect(world.notices[2]?.title).toBe(
      'resolved: shop.t 1.0.0: type-changed at total: 99 files still held',
    );
  });

  test('LAK-84 (H): what became twice as much as people know of is told by the next tick, once', async () => {
    const world = lake();
    record(world, 'h0', 'held');
    await handleEvents(world, [held(world, 'h0')]);
    for (let index = 1; index < 8; index++) record(world, `h${index}`, 'held');
    await handleEvents(
      world,
      Array.from({ length: 7 }, (_, index) => held(world, `h${index + 1}`)),
    );
    expect(told(world)).toEqual(['open 1']);
    await tickIncidents(world, ['shop.t']);
    await tickIncidents(world, ['shop.t']);
    record(world, 'h8', 'held');
    await tickIncidents(world, ['shop.t']);
    expect(world.notices.map(({ title }) => title)).toEqual([
      'shop.t 1.0.0: type-changed at total: 1 file held',
      'still: shop.t 1.0.0: type-changed at total: 8 files held',
    ]);
    expect(state(world).incidents).toMatchObject([{ held: 9, told: 8, count: 8 }]);
  });

  test('LAK-84 (H): nothing of it is held where the last one was released', async () => {
    const world = lake();
    record(world, 'a', 'held');
    await handleEvents(world, [held(world, 'a')]);
    record(world, 'a', 'ended');
    await handleEvents(world, [ended(world, 'a')]);
    expect(world.notices.at(-1)?.title).toBe(
      'resolved: shop.t 1.0.0: type-changed at total: nothing is held',
    );
  });

  test('it resolves when the last hold of it has ended, and not before', async () => {
    const world = lake();
    for (const holdId of ['a', 'b', 'other'])
      record(world, holdId, 'held', holdId === 'other' ? 'note' : 'total');
    await handleEvents(world, [held(world, 'a'), held(world, 'b')]);
    record(world, 'a', 'ended');
    await handleEvents(world, [ended(world, 'a')]);
    expect(told(world)).toEqual(['open 1']);
    record(world, 'b', 'ended');
    await handleEvents(world, [ended(world, 'b')]);
    expect(told(world)).toEqual(['open 1', 'resolve 2']);
    await handleEvents(world, [ended(world, 'b'), ended(world, 'a')]);
    expect(told(world)).toHaveLength(2);
  });

  test('an end that came before the record changed is found by the next tick', async () => {
    const world = lake();
    record(world, 'a', 'held');
    await handleEvents(world, [held(world, 'a'), ended(world, 'a')]);
    expect(told(world)).toEqual(['open 1']);
    record(world, 'a', 'ended');
    await tickIncidents(world, ['shop.t', 'shop.none']);
    expect(told(world)).toEqual(['open 1', 'resolve 2']);
  });

  test('in observe and with onHold: alert it ends after 24 quiet hours', async () => {
    const world = lake();
    const { report: _, ...detail } = held(world, 'a').detail as ObjectHeldDetail;
    await handleEvents(world, [
      { id: 'x', type: 'ObjectHeld', at: world.now, detail: { ...detail, mode: 'observe' } },
    ]);
    world.later(23 * 60);
    await tickIncidents(world, ['shop.t']);
    expect(told(world)).toEqual(['open 1']);
    world.later(60);
    await tickIncidents(world, ['shop.t']);
    expect(told(world)).toEqual(['open 1', 'resolve 2']);
    expect(world.notices[0]?.commands).toEqual([`headgate incident show ${world.notices[0]?.dedupKey}`]);
  });

  test.each(['get', 'put', 'notify'])(
    'cut off at any %s: told once in the end, counted once',
    async (call) => {
      for (let cut = 1; cut < 12; cut++) {
        const world = lake();
        let calls = 0;
        const hook = (made: string) => {
          if (made === call && ++calls === cut) throw new HeadgateError('WRITE_FAILED', 'cut off');
        };
        world.ledger.before = hook;
        world.beforeNotify = hook;
        const events = [...'abcdefghij'].map((holdId) => held(world, holdId));
        await handleEvents(world, events).catch(() => undefined);
        world.ledger.before = () => undefined;
        world.beforeNotify = () => undefined;
        await handleEvents(world, events);
        expect(state(world).incidents).toMatchObject([{ count: 10 }]);
        expect(state(world).outbox).toEqual([]);
        // Sent twice only where the mark was lost, and then under the same number.
        expect([...new Set(told(world))]).toEqual(['open 1']);
        expect(world.notices.filter(({ kind }) => kind === 'open').length).toBeLessThanOrEqual(2);
      }
    },
  );

  test('workers side by side count everything and page once', async () => {
    const world = lake();
    await Promise.all(
      Array.from({ length: 4 }, (_, worker) => handleEvents(world, [held(world, `w${worker}`)])),
    );
    expect(state(world).incidents).toMatchObject([{ count: 4 }]);
    expect(new Set(told(world))).toEqual(new Set(['open 1']));
  });
});

describe('INC-8: every event that people must know reaches them', () => {
  const event = (world: MemoryWorld, type: string, detail: Record<string, unknown>) =>
    ({ id: type, type, at: world.now, detail }) as unknown as PublishedEvent;

  test.each<[string, Record<string, unknown>, string, string | undefined]>([
    [
      'CatalogDrift',
      {
        table: 'shop.t',
        contractVersion: '1.0.0',
        owner: { team: 'crew', channels: [] },
        differences: [{ rule: 'catalog-drift', path: 'note', expected: 'string', actual: 'no column' }],
      },
      'shop.t 1.0.0: catalog-drift at note',
      'crew',
    ],
    [
      'CatalogUpdateFailed',
      { table: 'shop.t', reason: 'no grant' },
      'shop.t -: catalog-update-failed',
      'crew',
    ],
    [
      'VersionWaits',
      { table: 'shop.t', contractVersion: '2.0.0', catalogVersion: '1.0.0', why: 'id narrows' },
      'shop.t 2.0.0: version-waits',
      'crew',
    ],
    ['DeletesPaused', { table: 'shop.t', deletes: 12, objects: 20 }, 'shop.t -: deletes-paused', 'crew'],
    ['ContractsStale', { reason: 'line 3' }, '- -: contracts-stale', undefined],
    [
      'MassDrift',
      {
        table: 'shop.t',
        contractVersion: '1.0.0',
        held: 60,
        judged: 60,
        mode: 'in-place',
        owner: { team: 'crew', channels: [] },
      },
      'shop.t 1.0.0: mass drift: the circuit breaker is open',
      'crew',
    ],
  ])('%s pages once, however often it comes', async (type, detail, title, team) => {
    const world = lake();
    for (let time = 0; time < 3; time++) await handleEvents(world, [event(world, type, detail)]);
    expect(world.notices.map((notice) => [notice.kind, notice.title, notice.team])).toEqual([
      ['open', title, team],
    ]);
  });

  test.each(['CatalogUpdated', 'ObjectReleased', 'Unheard', 'toString'])('%s pages nobody', async (type) => {
    const world = lake();
    await handleEvents(world, [event(world, type, { table: 'shop.t', contractVersion: '1.0.0' })]);
    expect(world.notices).toEqual([]);
    expect(world.ledger.entries.size).toBe(0);
  });

  test('the closed breaker is told to every version’s incident that knows of it', async () => {
    const world = lake();
    const drift = (contractVersion: string) => ({
      table: 'shop.t',
      contractVersion,
      held: 60,
      judged: 60,
      mode: 'promote',
      owner: { team: 'crew', channels: [] },
    });
    await handleEvents(world, [
      { ...event(world, 'MassDrift', drift('1.0.0')), id: 'm1' },
      { ...event(world, 'MassDrift', drift('2.0.0')), id: 'm2' },
    ]);
    await handleEvents(world, [
      event(world, 'BreakerClosed', { table: 'shop.t', by: 'ann', allowsDeletes: false }),
    ]);
    expect(told(world)).toEqual(['open 1', 'open 1', 'update 2', 'update 2']);
  });

  test('where the contracts cannot be read, it pages all the same', async () => {
    const world = lake();
    const broken = {
      ...world,
      contracts: {
        current: async () => {
          throw new HeadgateError('CONTRACTS_UNUSABLE', 'none');
        },
      },
    };
    await handleEvents(broken, [event(world, 'ContractsStale', { reason: 'none' })]);
    expect(world.notices).toHaveLength(1);
    const bug = { ...broken, contracts: { current: async () => Promise.reject(new TypeError('bug')) } };
    await expect(handleEvents(bug, [])).rejects.toThrow('bug');
  });
});

describe('INC-9: a person mutes and resolves', () => {
  test('an incident by its id, wherever it is', async () => {
    const world = lake();
    record(world, 'a', 'held');
    await handleEvents(world, [held(world, 'a')]);
    const id = world.notices[0]?.dedupKey ?? '';
    expect(
      await orderIncident(world, 'shop.t', id, { kind: 'mute', until: '2026-06-16T00:00:00.000Z' }),
    ).toBe(true);
    await handleEvents(
      world,
      [...'bcdefghij'].map((holdId) => held(world, holdId)),
    );
    expect(told(world)).toEqual(['open 1']);
    world.later(13 * 60);
    expect(await orderIncident(world, 'shop.t', id, { kind: 'resolve', by: 'ann' })).toBe(true);
    expect(told(world)).toEqual(['open 1', 'resolve 2']);
    expect(world.notices[1]?.lines[0]).toBe('resolved by ann');
    expect(await orderIncident(world, 'shop.t', 'no such', { kind: 'resolve', by: 'ann' })).toBe(false);
  });
});
