import aslValidator from 'asl-validator';
import { describe, expect, test } from 'vitest';
import { auditDefinition } from '../../infra/audit-definition.ts';
import { createAuditHandler } from '../../lambdas/audit/handler.ts';
import { synth } from '../support/synth.ts';

/** As CloudFormation fills it in. */
const definition = JSON.parse(
  JSON.stringify(auditDefinition())
    .replaceAll('${Partition}', 'aws')
    .replaceAll('${AuditFunctionArn}', 'arn:aws:lambda:eu-west-1:123456789012:function:audit')
    .replaceAll('${ResultsBucket}', 'results'),
);

describe('INF-11 the audit of what exists already', () => {
  test('its definition is valid Amazon States Language', () => {
    const { isValid, errors } = aslValidator(definition);
    expect(errors).toEqual([]);
    expect(isValid).toBe(true);
  });
  test('a definition that names no next state is refused', () => {
    const broken = { ...definition, StartAt: 'Nowhere' };
    expect(aslValidator(broken).isValid).toBe(false);
  });
  test('every reference is filled in by the stack', () => {
    const stack = synth();
    const machine = [...stack.resources.values()].find(
      ({ type }) => type === 'AWS::StepFunctions::StateMachine',
    );
    const named = new Set(
      [...JSON.stringify(auditDefinition()).matchAll(/\$\{(\w+)\}/gu)].map((match) => match[1]),
    );
    expect(Object.keys(machine?.properties.DefinitionSubstitutions as object).toSorted()).toEqual(
      [...named].toSorted(),
    );
    expect(machine?.properties).toMatchObject({
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
    });
  });
  test('it changes nothing: each state lists, reads, judges or writes results', () => {
    const resources = [...JSON.stringify(definition).matchAll(/"Resource":"([^"]+)"/gu)].map(
      (match) => match[1],
    );
    expect([...new Set(resources)].toSorted()).toEqual([
      'arn:aws:lambda:eu-west-1:123456789012:function:audit',
      'arn:aws:states:::s3:getObject',
      'arn:aws:states:::s3:listObjectsV2',
      'arn:aws:states:::s3:putObject',
    ]);
    const results = JSON.stringify(definition).match(/"ResultWriter":\{[^}]*\}/gu);
    expect(results).toHaveLength(2);
  });
  test('keys of an inventory are decoded, those of a listing are taken as they are', async () => {
    const asked: string[] = [];
    const handler = createAuditHandler(
      {
        contracts: {
          current: async () => ({ registry: { tables: [] } }),
        },
      } as never,
      {
        observer: { record: () => {} },
        failed: () => {},
        note: () => {},
        measure: () => {},
        flush: () => {},
      },
    );
    const judge = async (Key: string, areKeysEncoded: boolean) => {
      const { objects } = await handler({ bucket: 'b', items: [{ Key }], areKeysEncoded });
      asked.push(...objects.map(({ key }) => key));
    };
    await judge('orders/dt%3D2026-11-01/a+b%2Bc.parquet', true);
    await judge('orders/a+b%2Bc.parquet', false);
    expect(asked).toEqual(['orders/dt=2026-11-01/a b+c.parquet', 'orders/a+b%2Bc.parquet']);
    await expect(judge('%zz', true)).rejects.toThrow('URL-encoded');
  });
});
