import type { StatedPolicy } from './policy.ts';
import type { RuleId } from './vocabulary.ts';

/** What a policy key means, for people and for editors. */
export interface PolicyKeyReference {
  /** One sentence: what it decides. */
  readonly says: string;
  /** Its words, where it has some, with what each does. */
  readonly words?: Readonly<Record<string, string>>;
  /** As it would be written; absent where nothing stands in its place. */
  readonly default?: string;
  /** What holds where it is not stated and no single word says it. */
  readonly otherwise?: string;
  /** As it is written in YAML, behind the key. */
  readonly example: string;
  /** The rules that it changes or feeds. */
  readonly rules?: readonly RuleId[];
}

const REACTIONS = {
  hold: 'an error: the file is held',
  warn: 'a warning: the file goes on, and it is told',
  admit: 'the file goes on; it is noted',
} as const;

/** Every key of the custom property `headgate`. A new key does not compile without its words here. */
export const POLICY_REFERENCE = {
  mode: {
    says: 'what happens to files that come',
    words: {
      promote: 'admitted files are copied from landing to the location that readers see',
      'in-place': 'files are judged where readers see them already, and removed when they break the contract',
      observe: 'files are judged and told; nothing is moved',
    },
    otherwise: '`promote` where landing and location differ, `in-place` where they are one',
    example: 'observe',
  },
  fileMatch: {
    says: 'which keys are files of the table; other visible ones are strays',
    default: '**/*.parquet',
    example: '"**/*.snappy.parquet"',
    rules: ['file-stray', 'file-unmatched'],
  },
  onMissingColumn: {
    says: 'a declared column is not in the file, or under another name',
    words: REACTIONS,
    default: 'hold',
    example: 'warn',
    rules: ['column-missing', 'column-renamed'],
  },
  onUnknownColumn: {
    says: 'the file has a column that is not declared',
    words: REACTIONS,
    default: 'warn',
    example: 'hold',
    rules: ['column-unexpected'],
  },
  onUnproven: {
    says: 'neither statistics nor what was looked at prove or refute a rule',
    words: REACTIONS,
    default: 'warn',
    example: 'hold',
    rules: [
      'required-unproven',
      'value-range',
      'value-invalid',
      'value-length',
      'value-duplicate',
      'null-share',
    ],
  },
  onAssumed: {
    says: 'an effect on queries is assumed, because nothing in the file proves otherwise',
    words: REACTIONS,
    otherwise:
      '`hold` for what could fail a query or change its answer, `warn` for lengths of varchar(n) and char(n) and for fixed bytes that are text by their statistics',
    example: 'warn',
    rules: ['readability', 'type-changed', 'type-narrowed', 'integer-unsigned'],
  },
  depth: {
    says: 'how far a file is looked into',
    words: {
      footer: 'schema and statistics: one read',
      pages: 'dictionaries and page indexes too: some reads a column that a rule asks about',
      data: 'the values of the columns that rules ask about; not in the gate',
    },
    default: 'footer',
    example: 'pages',
    rules: ['page-damaged', 'value-duplicate', 'value-invalid', 'value-length', 'value-range'],
  },
  accept: {
    says: 'older versions whose files are still taken, each until a day',
    otherwise: 'the active version alone',
    example: '[{ version: 1.2.0, until: "2026-12-31" }]',
  },
  waivers: {
    says: 'findings that do not hold until a day, each at one place and with a reason',
    otherwise: 'none',
    example:
      '[{ rule: column-missing, path: discount, until: "2026-12-31", reason: the job is mended in sprint 12 }]',
  },
  compatibility: {
    says: 'which direction a new version may not break: `headgate diff` and the registry ask for it',
    words: {
      backward: 'files of the version before keep the new one',
      forward: 'files of the new version keep the one before',
      full: 'both',
      none: 'neither',
      backward_all: 'backward, for every older version',
      forward_all: 'forward, for every older version',
      full_all: 'both, for every older version',
    },
    default: 'backward',
    example: 'full',
    rules: ['version-not-bumped'],
  },
  landing: {
    says: 'what becomes of an object in landing once its copy is published',
    words: { keep: 'it stays, and a delete there deletes the copy', consume: 'it is removed' },
    default: 'keep',
    example: 'consume',
  },
  completion: {
    says: 'when the files of a partition folder are published',
    words: {
      'first-file': 'each by itself',
      'success-marker': 'together, once `_SUCCESS` is newer than they are',
      explicit: 'together, once `headgate commit` says so',
      'quiet:<minutes>': 'together, once nothing has come for so long',
    },
    default: 'first-file',
    example: 'success-marker',
  },
  onPartialBatch: {
    says: 'what a held file does to the others of its batch',
    words: { hold: 'they wait for it', publish: 'they are published without it' },
    default: 'hold',
    example: 'publish',
  },
  settle: {
    says: 'how long a folder must be quiet before deletes and leftovers are looked at',
    default: '60s',
    example: '5m',
  },
  deleteAfter: {
    says: 'how long an object must be gone from landing before its copy is deleted',
    default: '1h',
    example: '2d',
  },
  partitions: {
    says: 'how readers find partitions',
    words: {
      registered: 'each is added to the catalog when its first file is published',
      projected: 'Athena computes them from `projection`',
    },
    default: 'registered',
    example: 'projected',
    rules: ['partition-projection'],
  },
  projection: {
    says: 'how Athena computes each partition key, in the words of Glue',
    otherwise: 'none: needed with `partitions: projected`',
    example: '{ dt: { type: date, range: "2026-01-01,NOW", format: yyyy-MM-dd } }',
    rules: ['partition-projection'],
  },
  'storage.location.template': {
    says: 'not supported, and refused: partitions lie below name=value folders',
    otherwise: 'none',
    example: '""',
  },
  onHold: {
    says: 'what happens to a file that breaks its contract',
    words: {
      move: 'a copy goes to quarantine; in place, and with `consume`, the object itself leaves',
      alert: 'it is told, and left where it is',
    },
    default: 'move',
    example: 'alert',
  },
  quarantine: {
    says: 'where copies of held files go',
    otherwise: 'the quarantine bucket of the deployment',
    example: 's3://company-quarantine/orders/',
  },
} as const satisfies Record<keyof StatedPolicy, PolicyKeyReference>;
