import type { Field, QualityCheck } from '../contract/contract.ts';
import type { ValueTest } from '../pages/measure.ts';
import type { StatValue } from '../parquet/facts.ts';
import type { LeafNode } from '../parquet/schema.ts';
import { compareWithLimit } from './bounds.ts';
import { compilePattern } from './pattern.ts';

/** A demand of the contract on each value, and the test that decides it. */
export interface TestedCheck {
  readonly kind: 'pattern' | 'invalid' | 'missing';
  /** Absent for the pattern of `logicalTypeOptions`. */
  readonly check?: QualityCheck;
  /** Nothing where no test can be made of it: why. */
  readonly test: ValueTest | string;
}

/** What a column's contract asks of each of its values, one by one. */
export function testedChecks({ limits, quality }: Field, leaf: LeafNode): readonly TestedCheck[] {
  const { pattern } = limits;
  return [
    ...(pattern === undefined ? [] : [{ kind: 'pattern' as const, test: patternTest(pattern) }]),
    ...quality.flatMap((check): readonly TestedCheck[] => {
      if (check.type !== 'library' || check.comparison === undefined) return [];
      if (check.metric === 'invalidValues' && (check.values || check.pattern !== undefined))
        return [{ kind: 'invalid', check, test: validTest(check, leaf) }];
      if (check.metric === 'missingValues' && check.values)
        return [{ kind: 'missing', check, test: listTest('missing', check.values, leaf, false) }];
      return [];
    }),
  ];
}

function validTest({ values, pattern }: QualityCheck, leaf: LeafNode): ValueTest | string {
  const listed = values && listTest('valid', values, leaf, true);
  const matched = pattern === undefined ? undefined : patternTest(pattern);
  if (listed === undefined || typeof listed === 'string' || matched === undefined)
    return listed ?? matched ?? '';
  if (typeof matched === 'string') return matched;
  return {
    name: `${listed.name} ${matched.name}`,
    passes: (value) => {
      const answers = [listed.passes(value), matched.passes(value)];
      return answers.includes(false) ? false : answers.includes(undefined) ? undefined : true;
    },
  };
}

function patternTest(pattern: string): ValueTest | string {
  const matches = compilePattern(pattern);
  if (matches === undefined)
    return 'the pattern looks around or back, or is too large: such ones are not run over values of strangers';
  return {
    name: `pattern ${pattern}`,
    passes: (value) => (value instanceof Uint8Array ? matches.ofBytes(value) : undefined),
  };
}

/** Whether a value is one of a list, or none of it. */
function listTest(
  name: string,
  listed: NonNullable<QualityCheck['values']>,
  leaf: LeafNode,
  isWanted: boolean,
): ValueTest {
  const values = listed.filter((value) => value !== null);
  const texts = new Set(values.map((value) => Buffer.from(String(value)).toString('latin1')));
  const passes = (value: StatValue): boolean | undefined => {
    if (value instanceof Uint8Array)
      return (
        texts.has(Buffer.from(value.buffer, value.byteOffset, value.length).toString('latin1')) === isWanted
      );
    if (typeof value === 'boolean') return values.some((one) => one === value) === isWanted;
    const signs = values.map((one) =>
      typeof one === 'boolean' ? undefined : compareWithLimit(value, one, leaf),
    );
    if (signs.includes(0)) return isWanted;
    return signs.includes(undefined) ? undefined : !isWanted;
  };
  return { name: `${name} ${JSON.stringify(values)}`, passes };
}
