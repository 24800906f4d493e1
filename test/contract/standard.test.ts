import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { editorSchema } from '../../src/judge/contract/editor-schema.ts';
import type { Issue } from '../../src/judge/contract/issue.ts';
import { readContract } from '../../src/judge/contract/read-contract.ts';
import { randomFrom } from '../fuzz/random.ts';
import { drawing, harm, type Schema } from './standard/draw.ts';

const folder = resolve(import.meta.dirname, '../../../shared/data/odcs/schema');
const isPresent = existsSync(folder);
const VERSIONS = ['3.0.0', '3.0.1', '3.0.2', '3.1.0', '3.2.0'] as const;
const DOCUMENTS = process.env.LONG === undefined ? 60 : 2_000;
const FIRST_SEED = Number.parseInt(process.env.DRAWS ?? '', 10) || 1;

/** What Headgate wants of a contract that it is to guard, beyond the standard. */
const OF_OURS: ReadonlySet<string> = new Set(['location-missing', 'location-not-s3', 'server-twice']);

/** What versions 3.0.x refuse and later ones take: a channel without address (a warning), a team with a name, ports as text, … */
const LENIENT =
  /required property 'url'|^\/team must be array|^\/servers\/\d+(\/format must be equal|\/port must be integer| .*'stagingDir')/u;

interface Standard {
  readonly schema: Schema;
  readonly accepts: (document: unknown) => boolean;
  readonly why: () => string;
}

function standardOf(version: string): Standard {
  const schema = JSON.parse(
    readFileSync(join(folder, `odcs-json-schema-v${version}.json`), 'utf8'),
  ) as Schema;
  const ajv = new Ajv2019({ strict: false });
  (formats as unknown as (ajv: Ajv2019) => void)(ajv);
  const validate = ajv.compile(schema);
  return {
    schema,
    accepts: (document) => validate(document) as boolean,
    why: () => `${validate.errors?.[0]?.instancePath} ${validate.errors?.[0]?.message}`,
  };
}

function errorsIn(document: unknown): readonly Issue[] {
  const { issues } = readContract(stringify(document), { file: 'c.yaml' });
  return issues.filter(({ severity, rule }) => severity === 'error' && !OF_OURS.has(rule));
}

/** Documents that the standard takes, each with the seed that draws it again. */
function* documents(version: string, { schema, accepts }: Standard) {
  for (let seed = FIRST_SEED, found = 0; found < DOCUMENTS; seed++) {
    const random = randomFrom(seed);
    const drawn = drawing(schema, random).whole() as Record<string, unknown>;
    const document = { ...drawn, apiVersion: `v${version}`, version: '1.0.0' };
    if (!accepts(document)) continue;
    found++;
    yield { seed, document, random };
  }
}

describe.skipIf(!isPresent)(
  'CON-16: what the official schemas take, by the schema that editors are given',
  () => {
    const validate = new Ajv2020({ strict: false }).compile(editorSchema());

    test.each(['3.1.0', '3.2.0'])(
      '%s: every document that it takes is taken',
      { timeout: 240_000 },
      (version) => {
        const wrong: unknown[] = [];
        for (const { seed, document } of documents(version, standardOf(version)))
          if (!validate(document) && errorsIn(document).length === 0)
            wrong.push({ seed, theirs: validate.errors?.slice(0, 2) });
        expect(wrong.slice(0, 2)).toEqual([]);
      },
    );
  },
);

describe.skipIf(!isPresent)('CON-1: what the official schemas take and refuse (skipped where absent)', () => {
  test.each(VERSIONS)('%s: every document that it takes is read', { timeout: 240_000 }, (version) => {
    const wrong: unknown[] = [];
    for (const { seed, document } of documents(version, standardOf(version))) {
      const [error] = errorsIn(document);
      if (error) wrong.push({ seed, said: error.message, line: error.line });
    }
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  test.each(VERSIONS)(
    '%s: after one change both take it, or both refuse it',
    { timeout: 240_000 },
    (version) => {
      const standard = standardOf(version);
      const wrong: unknown[] = [];
      let refused = 0;
      for (const { seed, document, random } of documents(version, standard)) {
        const harmed = harm(document, random);
        const isTaken = standard.accepts(harmed);
        const why = standard.why();
        if (!isTaken) refused++;
        const [error] = errorsIn(harmed);
        if (isTaken && error) wrong.push({ seed, said: error.message });
        if (!isTaken && !error && !LENIENT.test(why)) wrong.push({ seed, theirs: why });
      }
      expect(refused).toBeGreaterThan(DOCUMENTS / 4);
      expect(wrong.slice(0, 3)).toEqual([]);
    },
  );
});
