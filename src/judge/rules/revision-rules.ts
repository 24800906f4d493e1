import type { Rule } from './rule.ts';

const revisionRule = { group: 'revision', scope: 'revision', severity: 'info' } as const;

/** What a new version of a contract changes that no single file shows: found by `src/tools/revision`. */
export const REVISION_RULES = [
  {
    ...revisionRule,
    id: 'column-added',
    summary: 'the new version declares a column or field that the old one has not',
    remedy:
      'accept the old version for a while with `accept`, so that its files are not held for the new column',
    examples: {
      failing: { contract: ['id int'], file: [], revision: ['id int', 'note string'] },
      passing: { contract: ['id int'], file: [], revision: ['id int'] },
    },
    message: ({ actual }) => `the new version adds it (${actual})`,
  },
  {
    ...revisionRule,
    id: 'column-removed',
    summary: 'the new version no longer declares a column or field: queries that name it fail',
    remedy: 'mark the column as deprecated first, and drop it in a major version when nobody reads it',
    examples: {
      failing: { contract: ['id int', 'note string'], file: [], revision: ['id int'] },
      passing: { contract: ['id int', 'note string'], file: [], revision: ['id int', 'note string'] },
    },
    message: ({ expected }) => `the new version drops it (${expected})`,
  },
  {
    ...revisionRule,
    id: 'table-added',
    summary: 'the new version declares a table that the old one has not',
    remedy: 'nothing: no file of it exists yet',
    examples: {
      failing: { contract: ['id int'], file: [], revision: ['id int', 'table=extra'] },
      passing: { contract: ['id int'], file: [], revision: ['id int'] },
    },
    message: ({ actual }) => `the new version adds table ${actual}`,
  },
  {
    ...revisionRule,
    id: 'table-removed',
    severity: 'error',
    summary: 'the new version no longer declares a table: its files are judged by nothing',
    remedy: 'keep the table until its files and its queries are gone, or move it to a contract of its own',
    examples: {
      failing: { contract: ['id int'], file: [], revision: ['id int', 'name=other'] },
      passing: { contract: ['id int'], file: [], revision: ['id int'] },
    },
    message: ({ expected }) => `the new version drops table ${expected}`,
  },
  {
    ...revisionRule,
    id: 'partitioning-changed',
    summary:
      'the partition keys, their order or their types change: Glue cannot change them in a table that exists',
    remedy: 'declare a new table with the new keys, and move readers to it',
    examples: {
      failing: {
        contract: ['id int', 'dt date partition'],
        file: [],
        revision: ['id int', 'dt date partition', 'country string partition'],
      },
      passing: {
        contract: ['id int', 'dt date partition'],
        file: [],
        revision: ['id int', 'dt date partition'],
      },
    },
    message: ({ expected, actual }) => `partitioned by ${expected}, now by ${actual}`,
  },
  {
    ...revisionRule,
    id: 'location-changed',
    severity: 'error',
    summary: 'the table lies elsewhere, or writers shall write elsewhere: what is there already stays behind',
    remedy: 'move the files first, or keep the location; a new guarded prefix needs a deployment',
    examples: {
      failing: { contract: ['id int'], file: [], revision: ['id int', 'location=s3://lake/elsewhere/'] },
      passing: { contract: ['id int'], file: [], revision: ['id int', 'location=s3://lake/t/'] },
    },
    message: ({ expected, actual }) => `was ${expected}, is ${actual}`,
  },
  {
    ...revisionRule,
    id: 'quality-changed',
    summary: 'limits or quality checks of a column or table change',
    remedy: 'tell writers where a limit becomes tighter, and readers where it becomes looser',
    examples: {
      failing: { contract: ['amount double min=0'], file: [], revision: ['amount double'] },
      passing: { contract: ['amount double min=0'], file: [], revision: ['amount double min=0'] },
    },
    message: ({ expected, actual }) => `was ${expected}, is ${actual}`,
  },
  {
    ...revisionRule,
    id: 'policy-changed',
    summary: 'how Headgate treats files of the table changes',
    remedy:
      'have somebody look twice at what loosens the gate: mode, accept, waivers, fileMatch, compatibility',
    examples: {
      failing: { contract: ['id int'], file: [], revision: ['id int', 'policy=onUnknownColumn: hold'] },
      passing: { contract: ['id int'], file: [], revision: ['id int', 'policy=onUnknownColumn: warn'] },
    },
    message: ({ expected, actual }) => `was ${expected}, is ${actual}`,
  },
  {
    ...revisionRule,
    id: 'documentation-changed',
    summary: 'only words change: no file and no query sees it',
    remedy: 'nothing: raise the last number of the version',
    examples: {
      failing: { contract: ['id int'], file: [], revision: ['id int', 'description=Orders'] },
      passing: { contract: ['id int'], file: [], revision: ['id int'] },
    },
    message: ({ expected, actual }) => `was ${expected}, is ${actual}`,
  },
  {
    ...revisionRule,
    id: 'version-not-bumped',
    severity: 'error',
    summary:
      'the version does not say how much changed: two different contracts would share it, or a break hide in it',
    remedy: 'set the version that is named, and keep the old document while its version is accepted',
    examples: {
      failing: { contract: ['id int'], file: [], revision: ['id bigint', 'version=1.0.1'] },
      passing: { contract: ['id int'], file: [], revision: ['id bigint', 'version=2.0.0'] },
    },
    message: ({ expected, actual }) => `the version is ${actual}, but what changed asks for ${expected}`,
  },
] as const satisfies readonly Rule[];
