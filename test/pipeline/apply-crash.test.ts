import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { predictStalePartition } from '../../src/judge/athena/coercion.ts';
import { parseHiveType } from '../../src/judge/types/parse-hive-type.ts';
import { planFile, readPlan } from '../../src/run/catalog/plan-file.ts';
import { stalePlan } from '../../src/run/catalog/stale-plan.ts';
import { applyPlan } from '../../src/run/table/apply-plan.ts';
import { prepareTable } from '../../src/run/table/catalog-plan.ts';
import { previousVersion } from '../../src/run/table/rollback-target.ts';
import { applyVersion } from '../support/apply-version.ts';
import { Crash } from '../support/aws/faults.ts';
import type { AwsPorts, AwsWorld } from '../support/aws/world.ts';
import { catalogWorld, endOf, guardedBy, planPorts, REF, V2 } from '../support/catalog-world.ts';
import { cutPoints } from '../support/simulation/cut-points.ts';
import type { Cut } from '../support/simulation/run-flow.ts';

/** What a person runs, and runs again as it is when it was cut off. */
type Run = (ports: AwsPorts) => Promise<unknown>;

interface Flow {
  readonly name: string;
  /** Prepares the world; gives what is run. */
  readonly ready: (world: AwsWorld) => Promise<Run>;
  /** By hand: type of `a` and `s` in table and partitions, version in the ledger, versions of the table. */
  readonly end: readonly [a: string, s: string, ledger: string, versionId: string];
  readonly readsRightMeanwhile: boolean;
}

const FLOWS: readonly Flow[] = [
  {
    name: 'apply',
    ready: async () => (ports) => applyVersion(ports, guardedBy(V2)),
    end: ['bigint', 'struct<x:int,y:int>', '2.0.0', '2'],
    readsRightMeanwhile: true,
  },
  {
    name: 'apply of a saved plan',
    async ready(world) {
      const { plan } = await prepareTable(planPorts(world.process()), guardedBy(V2));
      const text = JSON.stringify(planFile([plan], '1.0.0', '2026-01-01T00:00:00Z'));
      return async (ports) => {
        const read = readPlan(text, '1.0.0');
        const [saved] = read.ok ? read.tables : [];
        if (saved === undefined) throw new Error('the plan cannot be read');
        const fresh = await prepareTable(planPorts(ports), guardedBy(V2), saved.target);
        expect(stalePlan(saved, fresh.plan, fresh.steps?.current)).toBeUndefined();
        expect(await applyPlan(planPorts(ports), guardedBy(V2), fresh)).toMatchObject({ kind: 'applied' });
      };
    },
    end: ['bigint', 'struct<x:int,y:int>', '2.0.0', '2'],
    readsRightMeanwhile: true,
  },
  {
    name: 'back to a version',
    async ready(world) {
      await applyVersion(world.process(), guardedBy(V2));
      return (ports) => applyVersion(ports, guardedBy(V2), { kind: 'version', versionId: '1' });
    },
    end: ['int', 'struct<x:int>', '1.0.0', '3'],
    readsRightMeanwhile: false,
  },
  {
    name: 'back to the version before',
    async ready(world) {
      await applyVersion(world.process(), guardedBy(V2));
      return async (ports) => {
        const target = await previousVersion(planPorts(ports), guardedBy(V2));
        expect(target).toBeDefined();
        await applyVersion(ports, guardedBy(V2), target);
      };
    },
    end: ['int', 'struct<x:int>', '1.0.0', '3'],
    readsRightMeanwhile: false,
  },
];

/** Columns of partitions that are read wrongly under the table of this moment. */
function readWrongly(world: AwsWorld): readonly string[] {
  const table = world.glue.table(REF);
  const typeOf = (text: string) => {
    const parsed = parseHiveType(text);
    if (!parsed.ok) throw new Error(text);
    return parsed.type;
  };
  return [...(table?.partitions.values() ?? [])].flatMap(({ columns }) =>
    columns.flatMap(({ name, type }) => {
      const now = table?.definition.columns.find((column) => column.name === name)?.type;
      if (now === undefined) return [];
      const { effect } = predictStalePartition(typeOf(type), typeOf(now));
      return effect === 'none' ? [] : [`${name} ${type} as ${now}: ${effect}`];
    }),
  );
}

async function runCut(flow: Flow, overSdk: boolean, cut?: Cut) {
  const world = await catalogWorld({ overSdk });
  const run = await flow.ready(world);
  world.faults.reset();
  if (cut?.when === 'before') world.faults.cutBefore(cut.call);
  if (cut?.when === 'after') world.faults.cutAfter(cut.call);
  let wrongly: readonly string[] = [];
  if (cut === undefined) await run(world.process());
  else {
    await expect(run(world.process())).rejects.toThrow(Crash);
    wrongly = readWrongly(world);
    await run(world.process());
  }
  return { world, trace: world.faults.trace, wrongly };
}

describe.each([false, true])(
  'apply cut in every world that a death can leave (over the SDK: %s)',
  (overSdk) => {
    test.each(FLOWS)('PLN-8: $name', { timeout: 120_000 }, async (flow) => {
      const whole = await runCut(flow, overSdk);
      const expected = await endOf(whole.world);
      const [a, s, ledger, versionId] = flow.end;
      expect(expected.versionId).toBe(versionId);
      expect(expected.definition?.columns.slice(0, 2).map(({ type }) => type)).toEqual([a, s]);
      expect(expected.definition?.parameters.theirs).toBe('kept');
      expect(expected.partitions).toHaveLength(5);
      for (const { columns } of expected.partitions)
        expect(columns.slice(0, 2).map(({ type }) => type)).toEqual([a, s]);
      expect(expected.ledger).toMatchObject({
        applied: { contractVersion: ledger, columns: [{ type: a }, { type: s }, {}] },
      });

      expect(whole.trace.length).toBeGreaterThan(15);
      const wrong: unknown[] = [];
      for (const cut of cutPoints(whole.trace)) {
        const { world, wrongly } = await runCut(flow, overSdk, cut);
        const end = await endOf(world);
        if (!isDeepStrictEqual(end, expected)) wrong.push({ ...cut, end });
        if (flow.readsRightMeanwhile && wrongly.length > 0) wrong.push({ ...cut, wrongly });
      }
      expect(wrong.slice(0, 2)).toEqual([]);
    });
  },
);
