import { CATALOG_RULE_IDS, RULE_IDS } from '../../judge/contract/vocabulary.ts';
import type { PipelineEvent } from './events.ts';

/** The part of JSON Schema that events need. */
type Schema =
  | {
      readonly type: 'string' | 'integer' | 'boolean';
      readonly description?: string;
      readonly format?: string;
    }
  | { readonly enum: readonly string[]; readonly description?: string }
  | { readonly type: 'array'; readonly items: Schema; readonly description?: string }
  | ObjectSchema;
export type ObjectSchema = {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required: readonly string[];
  readonly description?: string;
};

const TEXT = { type: 'string' } as const;
const COUNT = { type: 'integer' } as const;
export const TIME = { type: 'string', format: 'date-time' } as const;
const TABLE = { type: 'string', description: 'database.table' } as const;
const VERSION = { type: 'string', description: 'version of the contract' } as const;
const MODE = { enum: ['promote', 'in-place', 'observe'] } as const;
const EFFECT = {
  enum: ['none', 'filters-may-fail', 'wrong-results', 'query-fails'],
  description: 'what a query of Athena does, in rising order',
} as const;

const OWNER = {
  type: 'object',
  description: 'from the contract’s team and support',
  properties: { team: TEXT, channels: { type: 'array', items: TEXT } },
  required: ['channels'],
} as const;
const ORIGIN = {
  type: 'object',
  description: 'the object as its producer wrote it',
  properties: { bucket: TEXT, key: TEXT, etag: TEXT, versionId: TEXT, sizeBytes: COUNT, writtenAt: TIME },
  required: ['bucket', 'key', 'etag', 'sizeBytes', 'writtenAt'],
} as const;
const FINDING = {
  type: 'object',
  properties: {
    rule: { enum: RULE_IDS },
    path: TEXT,
    expected: TEXT,
    actual: TEXT,
    effect: EFFECT,
    message: TEXT,
  },
  required: ['rule', 'path', 'expected', 'actual', 'effect', 'message'],
} as const;
const HOLD_ENDED = {
  table: TABLE,
  contractVersion: VERSION,
  holdId: TEXT,
  reason: { enum: ['overwritten', 'deleted', 'released', 'published', 'purged'] },
} as const;

/** Each event of the bus with what its `detail.detail` holds. The types of `events.ts` and these agree, or nothing compiles. */
export const EVENT_SCHEMAS = {
  ObjectHeld: {
    type: 'object',
    description:
      'An object breaks its contract: it was copied to quarantine, or, where nothing is moved, would be held.',
    properties: {
      table: TABLE,
      contractVersion: VERSION,
      holdId: { type: 'string', description: 'the folder in quarantine' },
      origin: ORIGIN,
      effect: EFFECT,
      findings: { type: 'array', items: FINDING, description: 'at most 40' },
      findingCount: COUNT,
      mode: MODE,
      report: { type: 'string', description: 's3:// of the report; absent where nothing was copied' },
      oldDataServed: { type: 'boolean', description: 'last good data of the same key stays published' },
      owner: OWNER,
    },
    required: [
      'table',
      'contractVersion',
      'holdId',
      'origin',
      'effect',
      'findings',
      'findingCount',
      'mode',
      'oldDataServed',
      'owner',
    ],
  },
  ObjectReleased: {
    type: 'object',
    description: 'A person handed a held object back; it is still to be published.',
    properties: {
      ...HOLD_ENDED,
      by: TEXT,
      breakGlass: {
        type: 'array',
        items: TEXT,
        description: 'ids of the grants by which alone it could be released',
      },
    },
    required: ['table', 'contractVersion', 'holdId', 'reason', 'by'],
  },
  HoldEnded: {
    type: 'object',
    description: 'An object is held no more.',
    properties: HOLD_ENDED,
    required: ['table', 'contractVersion', 'holdId', 'reason'],
  },
  MassDrift: {
    type: 'object',
    description:
      'The circuit breaker of a table opened: nothing of it is moved now. `judged` are the files of the last five minutes that were judged, or that a listing asked for.',
    properties: {
      table: TABLE,
      contractVersion: VERSION,
      held: COUNT,
      judged: COUNT,
      mode: MODE,
      owner: OWNER,
    },
    required: ['table', 'contractVersion', 'held', 'judged', 'mode', 'owner'],
  },
  BreakerClosed: {
    type: 'object',
    description: 'A person closed the circuit breaker of a table.',
    properties: { table: TABLE, by: TEXT, allowsDeletes: { type: 'boolean' } },
    required: ['table', 'by', 'allowsDeletes'],
  },
  CatalogUpdated: {
    type: 'object',
    description: 'The catalog holds another version of a table.',
    properties: { table: TABLE, contractVersion: VERSION, changes: { type: 'array', items: TEXT } },
    required: ['table', 'contractVersion', 'changes'],
  },
  CatalogDrift: {
    type: 'object',
    description: 'The catalog, or what lies below a location, is not what it was made to be.',
    properties: {
      table: TABLE,
      contractVersion: VERSION,
      differences: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            rule: { enum: CATALOG_RULE_IDS },
            path: TEXT,
            expected: TEXT,
            actual: TEXT,
          },
          required: ['rule', 'path', 'expected', 'actual'],
        },
      },
      owner: OWNER,
    },
    required: ['table', 'contractVersion', 'differences', 'owner'],
  },
  CatalogUpdateFailed: {
    type: 'object',
    description: 'The catalog does not let itself be updated; the reason names the grant that is missing.',
    properties: { table: TABLE, reason: TEXT },
    required: ['table', 'reason'],
  },
  VersionWaits: {
    type: 'object',
    description: 'Files of a version that only `headgate apply` can bring into the catalog wait in landing.',
    properties: { table: TABLE, contractVersion: VERSION, catalogVersion: TEXT, why: TEXT },
    required: ['table', 'contractVersion', 'catalogVersion', 'why'],
  },
  DeletesPaused: {
    type: 'object',
    description: 'More deletes without new files than a table’s owner would expect: they wait for a person.',
    properties: { table: TABLE, deletes: COUNT, objects: COUNT },
    required: ['table', 'deletes', 'objects'],
  },
  ContractsStale: {
    type: 'object',
    description: 'The newest contracts cannot be used; the last known good still are.',
    properties: { reason: TEXT },
    required: ['reason'],
  },
  BreakGlassGranted: {
    type: 'object',
    description: 'A person waived a rule for a table for at most 24 hours, in place of the contract.',
    properties: {
      table: TABLE,
      grantId: TEXT,
      rule: { enum: RULE_IDS },
      path: { type: 'string', description: 'as the finding has it' },
      until: TIME,
      reason: TEXT,
      by: TEXT,
      owner: OWNER,
    },
    required: ['table', 'grantId', 'rule', 'path', 'until', 'reason', 'by', 'owner'],
  },
  BreakGlassRevoked: {
    type: 'object',
    description: 'A person took such a waiver back; one that only ends is not told.',
    properties: { table: TABLE, grantId: TEXT, rule: { enum: RULE_IDS }, path: TEXT, by: TEXT },
    required: ['table', 'grantId', 'rule', 'path', 'by'],
  },
  ContractPublished: {
    type: 'object',
    description:
      'Another version of a contract is active in the registry; functions judge by it within a minute.',
    properties: {
      contractId: TEXT,
      contractVersion: VERSION,
      previousVersion: VERSION,
      isRollback: {
        type: 'boolean',
        description: 'an older version, or one that was taken back, counts again',
      },
      tables: { type: 'array', items: TEXT },
      by: TEXT,
    },
    required: ['contractId', 'contractVersion', 'previousVersion', 'isRollback', 'tables', 'by'],
  },
} as const satisfies Record<PipelineEvent['type'], ObjectSchema>;

type FromSchema<S> = S extends { readonly enum: readonly (infer Word)[] }
  ? Word
  : S extends { readonly type: 'string' }
    ? string
    : S extends { readonly type: 'integer' }
      ? number
      : S extends { readonly type: 'boolean' }
        ? boolean
        : S extends { readonly type: 'array'; readonly items: infer Items }
          ? readonly FromSchema<Items>[]
          : S extends {
                readonly properties: infer Properties;
                readonly required: readonly (infer Required)[];
              }
            ? { readonly [Name in keyof Properties & Required]: FromSchema<Properties[Name]> } & {
                readonly [Name in Exclude<keyof Properties, Required>]?: FromSchema<Properties[Name]>;
              }
            : never;

/** As JSON carries it: what is undefined is absent. */
type Sent<T> = T extends readonly (infer Item)[]
  ? readonly Sent<Item>[]
  : T extends object
    ? { readonly [Name in keyof T as undefined extends T[Name] ? never : Name]: Sent<T[Name]> } & {
        readonly [Name in keyof T as undefined extends T[Name] ? Name : never]?: Sent<
          Exclude<T[Name], undefined>
        >;
      }
    : T;

type Detail<Type> = Sent<Extract<PipelineEvent, { readonly type: Type }>['detail']>;
type Agrees<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;

/** Fails to compile where a schema and its type differ. */
export const SCHEMAS_AGREE: {
  readonly [Type in PipelineEvent['type']]: Agrees<Detail<Type>, FromSchema<(typeof EVENT_SCHEMAS)[Type]>>;
} = {
  ObjectHeld: true,
  ObjectReleased: true,
  HoldEnded: true,
  MassDrift: true,
  BreakerClosed: true,
  CatalogUpdated: true,
  CatalogDrift: true,
  CatalogUpdateFailed: true,
  VersionWaits: true,
  DeletesPaused: true,
  ContractsStale: true,
  BreakGlassGranted: true,
  BreakGlassRevoked: true,
  ContractPublished: true,
};
