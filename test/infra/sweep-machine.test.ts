import aslValidator from 'asl-validator';
import { describe, expect, test } from 'vitest';
import { sweepDefinition } from '../../infra/sweep-definition.ts';
import { createPieceHandler, isPieceEvent, type PieceEvent } from '../../lambdas/watch/pieces.ts';
import { TABLE } from '../support/simulation/contract.ts';
import { simulate } from '../support/simulation/simulation.ts';
import { readable } from '../support/simulation/views.ts';
import { synth } from '../support/synth.ts';

const definition = JSON.parse(
  JSON.stringify(sweepDefinition()).replaceAll(
    '${WatchFunctionArn}',
    'arn:aws:lambda:eu-west-1:123456789012:function:watch',
  ),
);

describe('INF-17 a sweep of one large table in pieces', () => {
  test('its definition is valid Amazon States Language, and calls one function and nothing else', () => {
    const { isValid, errors } = aslValidator(definition);
    expect(errors).toEqual([]);
    expect(isValid).toBe(true);
    const resources = [...JSON.stringify(definition).matchAll(/"Resource":"([^"]+)"/gu)].map(
      (match) => match[1],
    );
    expect(new Set(resources)).toEqual(new Set(['arn:aws:lambda:eu-west-1:123456789012:function:watch']));
  });

  test('its role may call that function and run itself', () => {
    const { resources } = synth();
    const role = [...resources.values()].find(
      ({ type, properties }) => type === 'AWS::IAM::Role' && String(properties.RoleName).includes('-sweeps-'),
    );
    const policies = [...resources.values()].filter(
      ({ type, properties }) =>
        type === 'AWS::IAM::Policy' &&
        JSON.stringify(properties).includes('stateMachine:') &&
        JSON.stringify(properties).includes('-sweep"'),
    );
    expect(role?.properties.AssumeRolePolicyDocument).toMatchObject({
      Statement: [
        { Principal: { Service: 'states.amazonaws.com' }, Condition: { ArnLike: expect.anything() } },
      ],
    });
    const actions = policies.flatMap(({ properties }) =>
      (properties.PolicyDocument as { Statement: { Action: string | string[] }[] }).Statement.flatMap(
        ({ Action }) => Action,
      ),
    );
    expect(actions.filter((action) => !/^(?:logs|xray):/u.test(action)).toSorted()).toEqual([
      'lambda:InvokeFunction',
      'states:DescribeExecution',
      'states:RedriveExecution',
      'states:StartExecution',
      'states:StopExecution',
    ]);
  });

  test('run state by state it finds what was lost, however little time each call has', async () => {
    const lake = simulate({ policy: ['settle: 1s'] });
    const { guard } = lake.worker();
    lake.world.deliver = () => [];
    for (let day = 1; day <= 3; day++)
      for (let file = 0; file < 300; file++)
        lake.put(`dt=2026-11-0${day}/${file}.parquet`, 'good', `${day} ${file}`);
    lake.wait(5);
    const handler = createPieceHandler(guard);
    let calls = 0;
    const call = async (event: object) => {
      expect(isPieceEvent(event)).toBe(true);
      calls++;
      let asked = 0;
      // What the handler is given passes through JSON, and after its first question its time is over.
      return JSON.parse(
        JSON.stringify(
          await handler(JSON.parse(JSON.stringify(event)) as PieceEvent, {
            getRemainingTimeInMillis: () => (asked++ === 0 ? 300_000 : 1_000),
          }),
        ),
      );
    };
    const { States } = definition;
    const sweep = await call({ job: States.Split.Parameters.job, input: { table: TABLE } });
    const { pieces, ...rest } = sweep;
    expect(pieces).toHaveLength(3);
    for (const piece of pieces) {
      const item = { job: States.SweepPieces.ItemSelector.job, ...rest, piece };
      while (!(await call(item)).isDone);
    }
    const { job } = States.Finish.Parameters;
    expect(await call({ job, ...rest, pieceCount: pieces.length })).toMatchObject({ publishedObjects: 0 });
    // More than one call for each piece: 300 keys are two stretches.
    expect(calls).toBeGreaterThan(5);
    const worker = lake.worker();
    for (let round = 0; round < 5; round++) {
      await worker.drain();
      lake.wait(70);
    }
    expect(Object.keys(readable(lake))).toHaveLength(900);
  });

  test('a table that no contract declares is told', async () => {
    const { guard } = simulate().worker();
    const handler = createPieceHandler(guard);
    const context = { getRemainingTimeInMillis: () => 300_000 };
    await expect(handler({ job: 'split', input: { table: 'shop.nothing' } }, context)).rejects.toThrow(
      'no contract declares table shop.nothing: give "table" as database.table',
    );
    await expect(handler({ job: 'split' } as never, context)).rejects.toThrow('no contract declares table');
  });
});
