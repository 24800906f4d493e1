import type { Rule } from './rule.ts';

export const READABILITY_RULES = [
  {
    id: 'readability',
    group: 'type',
    severity: 'info',
    scope: 'effect',
    summary:
      'the stored type is one that the declared type is usually written as, yet Athena does not read it right',
    remedy: 'see the row of the readability table that is named; the writer or its settings must change',
    examples: {
      failing: {
        contract: ['total decimal(20,2)'],
        file: ['optional int64 total (DECIMAL(20,2))'],
        statistics: ['total nulls=0 min=1 max=5'],
      },
      passing: {
        contract: ['total decimal(18,2)'],
        file: ['optional int64 total (DECIMAL(18,2))'],
        statistics: ['total nulls=0 min=1 max=5'],
      },
    },
    check: ({ path, expected, actual, prediction, declaredAt }) => ({
      kind: 'finding',
      path,
      expected,
      actual,
      effect: prediction.effect,
      prediction,
      ...(declaredAt && { declaredAt }),
    }),
    message: ({ expected, actual }) =>
      `declared ${expected}, stored as ${actual}, which Athena does not read right`,
  },
] as const satisfies readonly Rule[];
