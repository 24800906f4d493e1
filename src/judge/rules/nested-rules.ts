import { safeText } from '../../text/safe.ts';
import { formatFileType } from '../parquet/format-file-type.ts';
import type { FileShape } from '../parquet/shape.ts';
import { formatHiveType } from '../types/format-hive-type.ts';
import type { HiveType } from '../types/hive-type.ts';
import type { Pair } from './alignment.ts';
import type { Observed } from './observed.ts';
import { type Evidence, pairFinding, type Rule } from './rule.ts';
import { bothSides } from './type-rules.ts';

/** The form that a file must have for each declared nested type; scalars want a leaf. */
const WANTED_SHAPE = { array: 'list', map: 'map', struct: 'struct' } as const satisfies Record<
  string,
  FileShape['kind']
>;

function wantedShape(type: HiveType): FileShape['kind'] {
  return type.kind === 'array' || type.kind === 'map' || type.kind === 'struct'
    ? WANTED_SHAPE[type.kind]
    : 'scalar';
}

function nestingChanged(pair: Pair, observed: Observed): Evidence | undefined {
  const { shape, field } = pair;
  if (shape === undefined || shape.kind === wantedShape(field.type)) return undefined;
  // The null type is a leaf whatever was meant: `type-null` says it better.
  if (shape.kind === 'scalar' && shape.leaf.annotation?.kind === 'UNKNOWN') return undefined;
  return pairFinding(pair, observed, bothSides(pair));
}

function fieldMissing(pair: Pair, observed: Observed): Evidence | undefined {
  if (pair.isColumn || pair.node !== undefined) return undefined;
  return pairFinding(pair, observed, {
    expected: formatHiveType(pair.field.type),
    actual: 'no such field',
  });
}

function fieldUnexpected(pair: Pair, observed: Observed): Evidence | undefined {
  if (pair.undeclared.length === 0) return undefined;
  const shown = pair.undeclared
    .slice(0, 5)
    .map((node) => `${safeText(node.name, 60)} ${formatFileType(node)}`);
  const more =
    pair.undeclared.length > shown.length ? `, and ${pair.undeclared.length - shown.length} more` : '';
  const evidence = pairFinding(pair, observed, {
    expected: 'no other field',
    actual: `${shown.join(', ')}${more}`,
  });
  // Athena does not read undeclared fields; the pair's own effect belongs to the rules about the pair.
  return evidence.kind === 'finding' ? withoutEffect(evidence) : evidence;
}

/** The same finding for something that Athena does not see. */
function withoutEffect(evidence: Extract<Evidence, { readonly kind: 'finding' }>): Evidence {
  const { prediction: _, ...rest } = evidence;
  return { ...rest, effect: 'none' };
}

function listLegacy(pair: Pair, observed: Observed): Evidence | undefined {
  return pair.shape?.kind === 'list' && pair.shape.legacy && pair.field.type.kind === 'array'
    ? pairFinding(pair, observed, { expected: 'a three-level list', actual: 'a legacy list' })
    : undefined;
}

function mapShape(pair: Pair, observed: Observed): Evidence | undefined {
  const { shape } = pair;
  if (shape?.kind !== 'map' || pair.field.type.kind !== 'map') return undefined;
  if (shape.value !== undefined && !shape.irregular) return undefined;
  return pairFinding(pair, observed, {
    expected: 'repeated group of a required key and a value',
    actual: shape.value === undefined ? 'keys without values' : 'another form of map',
  });
}

const nestedRule = { group: 'nested', severity: 'info', scope: 'pair' } as const;

export const NESTED_RULES = [
  {
    ...nestedRule,
    id: 'nesting-changed',
    summary:
      'a column is stored as another kind of structure: a list for a struct, a group for a scalar, and so on',
    remedy: 'write the declared structure, or declare the stored one under a new column name',
    examples: {
      failing: { contract: ['tags array<string>'], file: ['optional binary tags (STRING)'] },
      passing: {
        contract: ['tags array<string>'],
        file: ['optional group tags (LIST) { repeated group list { optional binary element (STRING) } }'],
      },
    },
    check: nestingChanged,
    message: ({ expected, actual }) => `declared ${expected}, stored as ${actual}`,
  },
  {
    ...nestedRule,
    id: 'field-missing',
    summary: 'a declared field of a struct is not in the file: Athena reads NULL',
    remedy: 'write the field, or drop it in a new contract version; a rename is a drop and an add to Athena',
    examples: {
      failing: {
        contract: ['address struct<city:string,zip:string>'],
        file: ['optional group address { optional binary city (STRING) }'],
      },
      passing: {
        contract: ['address struct<city:string>'],
        file: ['optional group address { optional binary city (STRING) }'],
      },
    },
    check: fieldMissing,
    message: ({ expected }) => `the file has no such field (declared ${expected})`,
  },
  {
    ...nestedRule,
    id: 'field-unexpected',
    summary: 'a struct in the file has fields that the contract does not declare: Athena does not show them',
    remedy: 'declare the field in a new contract version, or stop writing it',
    examples: {
      failing: {
        contract: ['address struct<city:string>'],
        file: ['optional group address { optional binary city (STRING); optional binary zip (STRING) }'],
      },
      passing: {
        contract: ['address struct<city:string>'],
        file: ['optional group address { optional binary city (STRING) }'],
      },
    },
    check: fieldUnexpected,
    message: ({ actual }) => `the file has fields that are not declared: ${actual}`,
  },
  {
    ...nestedRule,
    id: 'list-legacy',
    summary: 'a list is stored in an old form (two levels, or a bare repeated field)',
    remedy: 'set the writer to the standard form (Spark: spark.sql.parquet.writeLegacyFormat=false)',
    examples: {
      failing: {
        contract: ['tags array<string>'],
        file: ['optional group tags (LIST) { repeated binary array (STRING) }'],
      },
      passing: {
        contract: ['tags array<string>'],
        file: ['optional group tags (LIST) { repeated group list { optional binary element (STRING) } }'],
      },
    },
    check: listLegacy,
    message: () => 'the list is stored in an old form that readers understand differently',
  },
  {
    ...nestedRule,
    id: 'map-shape',
    summary: 'a map is stored in a form that readers understand differently, or without values',
    remedy: 'write `repeated group key_value { required key; optional value }` under a group annotated MAP',
    examples: {
      failing: {
        contract: ['labels map<string,string>'],
        file: ['optional group labels (MAP) { repeated group key_value { required binary key (STRING) } }'],
      },
      passing: {
        contract: ['labels map<string,string>'],
        file: [
          'optional group labels (MAP) { repeated group key_value { required binary key (STRING); optional binary value (STRING) } }',
        ],
      },
    },
    check: mapShape,
    message: ({ expected, actual }) => `expected ${expected}, found ${actual}`,
  },
] as const satisfies readonly Rule[];
