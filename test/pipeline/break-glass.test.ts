import { describe, expect, test } from 'vitest';
import type { Grant } from '../../src/judge/verdict/policy.ts';
import { release } from '../../src/run/hold/release.ts';
import { handleEvents } from '../../src/run/incident/incident.ts';
import { readTrail } from '../../src/run/ledger/trail.ts';
import { grant, revoke, runningGrants, whyNotGranted } from '../../src/run/table/break-glass.ts';
import { lakeContract } from '../support/lake-contract.ts';
import { MemoryWorld } from '../support/ports-in-memory.ts';
import { simulate } from '../support/simulation/simulation.ts';
import { readable } from '../support/simulation/views.ts';

const NOW = '2026-06-15T12:00:00.000Z';
const request = {
  rule: 'type-changed',
  path: 'id',
  until: '2026-06-15T16:00:00.000Z',
  reason: 'month end, ticket 4711',
};

describe('BRG-1: what a person may waive in an emergency', () => {
  test.each<[string, Partial<typeof request>, string | undefined]>([
    ['one rule at one place for some hours', {}, undefined],
    ['to the last minute of a day', { until: '2026-06-16T12:00:00.000Z' }, undefined],
    ['a minute more', { until: '2026-06-16T12:01:00.000Z' }, 'ends within 24 hours'],
    ['until now', { until: NOW }, 'ends within 24 hours'],
    ['until no time', { until: 'tomorrow' }, 'ends within 24 hours'],
    ['a file that is no Parquet file', { rule: 'file-not-parquet' }, 'nobody can waive it'],
    ['a stray', { rule: 'file-stray' }, 'nobody can waive it'],
    ['a place that no reader reaches', { rule: 'partition-path', path: '' }, 'nobody can waive it'],
    ['drift of the catalog', { rule: 'catalog-drift' }, 'nobody can waive it'],
    ['a rule that is none', { rule: 'type-chnged' }, 'did you mean type-changed?'],
    ['without a reason', { reason: 'because   ' }, 'expected 10 to 300'],
    ['with a novel', { reason: 'x'.repeat(301) }, 'expected 10 to 300'],
  ])('%s', (_, change, why) => {
    const problem = whyNotGranted({ ...request, ...change }, [], NOW);
    expect(problem === undefined ? undefined : problem).toEqual(why && expect.stringContaining(why));
  });
  test('twice the same, and more than an emergency needs', () => {
    const running: Grant = { ...request, rule: 'type-changed', id: '3f9c', by: 'ann', at: NOW };
    expect(whyNotGranted(request, [running], NOW)).toContain('is granted already, as 3f9c');
    const many = Array.from({ length: 20 }, (_, index) => ({ ...running, path: `c${index}` }));
    expect(whyNotGranted(request, many, NOW)).toContain('20 grants run for this table');
  });
});

describe('BRG-2: a grant is never silent', () => {
  const setUp = () => {
    const world = new MemoryWorld(lakeContract(['id int']));
    const give = (change: Partial<typeof request> = {}, by = 'arn:aws:iam::123456789012:user/ann') =>
      grant(world, world.table(), { ...request, ...change }, { by });
    const hear = async () => {
      const told = world.published.splice(0);
      await handleEvents(
        world,
        told.map((event) => event as never),
      );
      return told;
    };
    return { world, give, hear };
  };

  test('it stands in the trail, is told on the bus and pages the table’s channel', async () => {
    const { world, give, hear } = setUp();
    expect(await give()).toMatchObject({ kind: 'granted' });
    expect(await readTrail(world, ['shop.t'])).toEqual([
      {
        act: 'break-glass-grant',
        table: 'shop.t',
        by: 'arn:aws:iam::123456789012:user/ann',
        at: NOW,
        what: expect.stringMatching(
          /^[0-9a-f]{12}: type-changed at id until 2026-06-15T16:00:00\.000Z: month end, ticket 4711$/u,
        ),
      },
    ]);
    expect(await hear()).toMatchObject([
      {
        type: 'BreakGlassGranted',
        detail: {
          table: 'shop.t',
          rule: 'type-changed',
          path: 'id',
          by: 'arn:aws:iam::123456789012:user/ann',
        },
      },
    ]);
    expect(world.notices).toMatchObject([{ kind: 'open', channels: ['#data'], team: 'crew' }]);
    const [notice] = world.notices;
    expect(notice?.title).toContain('break-glass at type-changed at id');
    expect(notice?.lines[0]).toMatch(/waives it until 2026-06-15T16:00:00\.000Z: month end, ticket 4711/u);
    expect(notice?.commands).toContain('headgate break-glass list');
  });
  test('each one is told, also the thirtieth of a day, and while somebody has muted', async () => {
    const { world, give, hear } = setUp();
    for (let index = 0; index < 30; index++) {
      const given = await give({ path: `c${index}` });
      if (given.kind === 'refused') throw new Error(given.why);
      await revokeQuietly(world, given.grant);
      await hear();
      // Those that follow are folded into the newest.
      if (index !== 9) continue;
      const { incidents } = world.ledger.value<{ incidents: { mutedUntil?: string }[] }>(
        'incidents/shop.t',
        '-',
      );
      for (const incident of incidents) incident.mutedUntil = '2099-01-01T00:00:00.000Z';
    }
    const tellings = world.notices.filter(({ lines }) => lines[0]?.includes('waives it until'));
    expect(tellings).toHaveLength(30);
  });
  test('one that cannot be told does not count', async () => {
    const { world, give } = setUp();
    world.beforePublish = () => {
      throw new Error('the bus is down');
    };
    await expect(give()).rejects.toThrow('the bus is down');
    expect(await runningGrants(world, world.table())).toEqual([]);
  });
  test('taken back: in the trail, on the bus, and its page is over', async () => {
    const { world, give, hear } = setUp();
    const given = await give();
    await give({ path: 'v' });
    await hear();
    expect((await runningGrants(world, world.table())).map(({ path }) => path)).toEqual(['id', 'v']);
    if (given.kind === 'refused') throw new Error(given.why);
    await revoke(world, world.table(), given.grant, 'ben');
    expect(await hear()).toMatchObject([
      { type: 'BreakGlassRevoked', detail: { grantId: given.grant.id, by: 'ben' } },
    ]);
    const resolved = world.notices.filter(({ kind }) => kind === 'resolve');
    expect(resolved.map(({ dedupKey }) => dedupKey)).toEqual([world.notices[0]?.dedupKey]);
    expect(world.notices.at(-1)?.lines[0]).toBe('revoked by ben');
    expect((await runningGrants(world, world.table())).map(({ path }) => path)).toEqual(['v']);
    expect((await readTrail(world, ['shop.t'])).map(({ act }) => act).toSorted()).toEqual([
      'break-glass-grant',
      'break-glass-grant',
      'break-glass-revoke',
    ]);
  });
  test('one that ended is not running, and stays in the trail', async () => {
    const { world, give } = setUp();
    await give();
    world.later(4 * 60);
    expect(await runningGrants(world, world.table())).toEqual([]);
    expect(await give({ until: '2026-06-15T20:00:00.000Z' })).toMatchObject({ kind: 'granted' });
    expect(await readTrail(world, ['shop.t'])).toHaveLength(2);
  });
});

/** As the record alone sees it: what this test counts are grants. */
async function revokeQuietly(world: MemoryWorld, given: Grant): Promise<void> {
  const record = world.ledger.value<{ grants: readonly Grant[] }>('table/shop.t');
  world.ledger.set('table/shop.t', 'state', {
    ...record,
    grants: record.grants.filter(({ id }) => id !== given.id),
  });
}

describe('BRG-3: files are judged by the contract and what is granted', () => {
  const a = 'dt=2026-11-01/a.parquet';
  const b = 'dt=2026-11-01/b.parquet';

  async function lakeWithGrant(path = 'id') {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'drifted', 'a');
    await worker.settle();
    const now = worker.guard.clock.now();
    const until = new Date(Date.parse(now) + 4 * 3_600_000).toISOString();
    const given = await grant(worker.guard, await worker.table(), { ...request, path, until }, { by: 'ann' });
    if (given.kind === 'refused') throw new Error(given.why);
    return { lake, worker, given: given.grant };
  }

  test('a file that comes now passes, and it is told by which grant; what is held goes on by a release', async () => {
    const { lake, worker, given } = await lakeWithGrant();
    lake.put(b, 'drifted', 'b');
    await worker.settle();
    expect(readable(lake)).toEqual({ [b]: 'drifted b' });
    expect(worker.observations).toContainEqual({
      kind: 'granted',
      table: 'shop.t',
      key: `t/${b}`,
      grant: given.id,
    });
    const [hold] = await worker.holds();
    if (hold === undefined) throw new Error('nothing is held');
    expect(await release(worker.guard, await worker.table(), hold, { by: 'ann' })).toEqual({
      outcome: 'released',
      grants: [expect.objectContaining({ by: 'ann' })],
    });
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'drifted a', [b]: 'drifted b' });
    expect(lake.world.notices.filter(({ title }) => title.includes('break-glass'))).toHaveLength(1);
  });
  test('another place, another rule and a file that is no file are held all the same', async () => {
    const { lake, worker } = await lakeWithGrant('v');
    lake.put(b, 'drifted', 'b');
    lake.put('dt=2026-11-01/c.parquet', 'truncated', 'c');
    await worker.settle();
    expect(readable(lake)).toEqual({});
    expect(await worker.holds()).toHaveLength(3);
  });
  test('when it has ended, or was taken back, the rule counts again; what passed stays', async () => {
    for (const end of ['ends', 'is revoked'] as const) {
      const { lake, worker, given } = await lakeWithGrant();
      lake.put(b, 'drifted', 'b');
      await worker.settle();
      if (end === 'ends') lake.wait(4 * 3_600 + 1);
      else await revoke(worker.guard, await worker.table(), given, 'ben');
      lake.put('dt=2026-11-01/c.parquet', 'drifted', 'c');
      await worker.settle();
      expect(readable(lake)).toEqual({ [b]: 'drifted b' });
    }
  });
});
