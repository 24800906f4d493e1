import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Parser } from '@asyncapi/parser';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { envelopeOf, eventDocument } from '../../src/run/message/event-document.ts';
import { EVENT_SCHEMAS, SCHEMAS_AGREE } from '../../src/run/message/event-schemas.ts';
import { lambdaLake } from '../support/lambda-lake.ts';

const file = join(resolve(import.meta.dirname, '../..'), 'docs/events.asyncapi.yaml');
const text = readFileSync(file, 'utf8');

describe('AWS-18 events as a contract', () => {
  test('every event has a schema that agrees with its type', () => {
    expect(Object.keys(SCHEMAS_AGREE)).toEqual(Object.keys(EVENT_SCHEMAS));
  });
  test('docs/events.asyncapi.yaml is what the types say (npm run docs)', () => {
    expect(parse(text)).toEqual(JSON.parse(JSON.stringify(eventDocument('1.0.0'))));
  });
  test('it is valid AsyncAPI', { timeout: 60_000 }, async () => {
    const { document, diagnostics } = await new Parser().parse(text);
    expect(diagnostics.filter(({ severity }) => severity === 0)).toEqual([]);
    expect(document?.allMessages().all()).toHaveLength(Object.keys(EVENT_SCHEMAS).length);
  });
  test('what is published keeps it, and a wrong event does not', async () => {
    const lake = lambdaLake();
    lake.put('dt=2026-11-01/a.parquet', 'good');
    lake.put('dt=2026-11-01/b.parquet', 'drifted');
    await lake.settle();
    lake.put('dt=2026-11-01/b.parquet', 'good');
    await lake.settle();
    const ajv = new Ajv({ strict: false });
    (addFormats as unknown as (ajv: Ajv) => void)(ajv);
    const { published } = lake.world;
    expect(new Set(published.map(({ type }) => type))).toEqual(
      new Set(['CatalogUpdated', 'ObjectHeld', 'HoldEnded']),
    );
    for (const { type, ...event } of published) {
      const validate = ajv.compile(envelopeOf(EVENT_SCHEMAS[type as keyof typeof EVENT_SCHEMAS]));
      expect([validate({ schemaVersion: 1, ...event }), validate.errors]).toEqual([true, null]);
      expect(validate({ schemaVersion: 1, ...event, detail: { ...event.detail, table: 1 } })).toBe(false);
    }
  });
});
