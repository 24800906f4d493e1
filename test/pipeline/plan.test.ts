import { expect, test } from 'vitest';
import { type Plan, planFolder } from '../../src/run/folder/plan.ts';
import type { LandingEntry, Survey } from '../../src/run/folder/survey.ts';

type PlanPolicy = Parameters<typeof planFolder>[1];

/** Minutes after ten. Seconds as a fraction: 0.5 is half a minute. */
type Minute = number;

interface Row {
  readonly policy?: Partial<PlanPolicy>;
  /** `key state@minute`: w waiting, h held, u unfinished, p published. */
  readonly landing?: readonly string[];
  /** Published keys that landing lacks. */
  readonly missing?: readonly string[];
  /** Since when exactly these are missing; absent: seen now for the first time. */
  readonly since?: Minute;
  readonly isReplaced?: boolean;
  /** `folder@minute` */
  readonly markers?: readonly string[];
  readonly now?: Minute;
  readonly judge?: readonly string[];
  readonly copies?: readonly string[];
  readonly deletes?: readonly string[];
  readonly clears?: readonly string[];
  readonly waits?: Plan['waits'];
  readonly again?: Minute;
}

const marker = { completion: { kind: 'success-marker' } } as const;
const explicit = { completion: { kind: 'explicit' } } as const;
const quiet = { completion: { kind: 'quiet', minutes: 10 } } as const;
const consume = { landing: 'consume' } as const;
const partial = { onPartialBatch: 'publish' } as const;

/** By hand: settle is one minute, deleteAfter sixty; it is 10:10 unless said otherwise. */
const ROWS: Readonly<Record<string, Row>> = {
  'nothing there': {},
  'first-file: an admitted file goes at once': { landing: ['a w@10'], copies: ['a'] },
  'first-file: each file stands for itself': {
    landing: ['a w@1', 'b h@1', 'c u@1', 'd p@1'],
    copies: ['a'],
    judge: ['c'],
  },
  'first-file: what is published is left': { landing: ['a p@1'] },
  'consume: what is published and lies there is cleared, whatever the rest of its batch waits for': {
    policy: { ...consume, ...marker },
    landing: ['a p@1', 'b w@2', 'c h@2', 'd u@2'],
    judge: ['d'],
    clears: ['a'],
    waits: ['not-judged'],
    again: 11,
  },
  'consume: first-file: what is published is cleared': {
    policy: consume,
    landing: ['a p@1', 'b w@1', 'c h@1'],
    copies: ['b'],
    clears: ['a'],
  },
  'first-file: what is held is left': { landing: ['a h@1'] },
  'first-file: markers mean nothing': { landing: ['a w@9'], markers: ['@1'], copies: ['a'] },
  'first-file: a delete seen for the first time': { missing: ['a'], waits: ['still-changing'], again: 11 },
  'first-file: a delete waits its hour': { missing: ['a'], since: 5, waits: ['delete-pending'], again: 65 },
  'first-file: a delete one second before its hour': {
    missing: ['a'],
    since: 0,
    now: 60 - 1 / 60,
    waits: ['delete-pending'],
    again: 60,
  },
  'first-file: a delete at its hour': { missing: ['a'], since: 0, now: 60, deletes: ['a'] },
  'first-file: a delete beside published files': {
    landing: ['b p@1'],
    missing: ['a'],
    since: 0,
    now: 60,
    deletes: ['a'],
  },
  'first-file: a delete waits for files that just changed': {
    landing: ['b p@60'],
    missing: ['a'],
    since: 0,
    now: 60.5,
    waits: ['delete-pending'],
    again: 61,
  },
  'first-file: a held file stops a delete': {
    landing: ['b h@1'],
    missing: ['a'],
    since: 0,
    now: 90,
    waits: ['files-held'],
  },
  'first-file: a held file stops no delete with `publish`': {
    policy: partial,
    landing: ['b h@1'],
    missing: ['a'],
    since: 0,
    now: 90,
    deletes: ['a'],
  },
  'first-file: an unjudged file stops a delete': {
    landing: ['b u@1'],
    missing: ['a'],
    since: 0,
    now: 90,
    judge: ['b'],
    waits: ['not-judged'],
    again: 91,
  },
  'overwrite: new files and deletes go together once settled': {
    landing: ['b w@8'],
    missing: ['a'],
    since: 8,
    copies: ['b'],
    deletes: ['a'],
  },
  'overwrite: nothing goes while files come': {
    landing: ['b w@9.5'],
    missing: ['a'],
    since: 8,
    waits: ['still-changing'],
    again: 10.5,
  },
  'overwrite: nothing goes while keys vanish': {
    landing: ['b w@8'],
    missing: ['a'],
    since: 9.5,
    waits: ['still-changing'],
    again: 10.5,
  },
  'overwrite: exactly settled is settled': {
    landing: ['b w@9'],
    missing: ['a'],
    since: 9,
    copies: ['b'],
    deletes: ['a'],
  },
  'overwrite: deletes seen for the first time': {
    landing: ['b w@8'],
    missing: ['a'],
    waits: ['still-changing'],
    again: 11,
  },
  'overwrite: one held file stops all of it': {
    landing: ['b w@8', 'c h@8'],
    missing: ['a'],
    since: 8,
    waits: ['files-held'],
  },
  'overwrite: with `publish` the rest goes': {
    policy: partial,
    landing: ['b w@8', 'c h@8'],
    missing: ['a'],
    since: 8,
    copies: ['b'],
    deletes: ['a'],
  },
  'overwrite: one unjudged file stops all of it': {
    landing: ['b w@8', 'c u@8'],
    missing: ['a'],
    since: 8,
    judge: ['c'],
    waits: ['not-judged'],
    again: 11,
  },
  'overwrite: with `publish` an unjudged file stops it too': {
    policy: partial,
    landing: ['b w@8', 'c u@8'],
    missing: ['a'],
    since: 8,
    judge: ['c'],
    waits: ['not-judged'],
    again: 11,
  },
  'overwrite: the rest of one that was cut off waits no hour': {
    landing: ['b p@1'],
    missing: ['a'],
    since: 8,
    isReplaced: true,
    deletes: ['a'],
  },
  'overwrite: the rest of one that was cut off still settles': {
    landing: ['b p@1'],
    missing: ['a'],
    since: 9.5,
    isReplaced: true,
    waits: ['still-changing'],
    again: 10.5,
  },
  'marker: without one nothing goes': { policy: marker, landing: ['a w@1'], waits: ['no-marker'] },
  'marker: newer than all files': { policy: marker, landing: ['a w@1'], markers: ['@2'], copies: ['a'] },
  'marker: as old as the newest file': { policy: marker, landing: ['a w@2'], markers: ['@2'], copies: ['a'] },
  'marker: older than one file': {
    policy: marker,
    landing: ['a w@1', 'b w@3'],
    markers: ['@2'],
    waits: ['marker-older'],
  },
  'marker: older than a published file only': {
    policy: marker,
    landing: ['a w@1', 'b p@3'],
    markers: ['@2'],
    waits: ['marker-older'],
  },
  'marker: an unjudged file below it': {
    policy: marker,
    landing: ['a w@1', 'b u@1'],
    markers: ['@2'],
    judge: ['b'],
    waits: ['not-judged'],
    again: 11,
  },
  'marker: a held file below it': {
    policy: marker,
    landing: ['a w@1', 'b h@1'],
    markers: ['@2'],
    waits: ['files-held'],
  },
  'marker: a held file below it, with `publish`': {
    policy: { ...marker, ...partial },
    landing: ['a w@1', 'b h@1'],
    markers: ['@2'],
    copies: ['a'],
  },
  'marker: nothing to do below it': { policy: marker, landing: ['a p@1', 'b h@1'], markers: ['@2'] },
  'marker: deletes without one wait for ever': {
    policy: marker,
    missing: ['a'],
    since: 0,
    now: 600,
    waits: ['no-marker'],
  },
  'marker: deletes with one wait their hour': {
    policy: marker,
    missing: ['a'],
    since: 5,
    markers: ['@6'],
    waits: ['delete-pending'],
    again: 65,
  },
  'marker: an overwrite with one': {
    policy: marker,
    landing: ['b w@8'],
    missing: ['a'],
    since: 8,
    markers: ['@9'],
    copies: ['b'],
    deletes: ['a'],
  },
  'marker: each folder has its own': {
    policy: marker,
    landing: ['x/a w@1', 'y/b w@1'],
    markers: ['x/@2', 'y/@0'],
    copies: ['x/a'],
    waits: ['marker-older'],
  },
  'marker: one held file holds its own folder only': {
    policy: marker,
    landing: ['x/a w@1', 'x/h h@1', 'y/b w@1'],
    markers: ['x/@2', 'y/@2'],
    copies: ['y/b'],
    waits: ['files-held'],
  },
  'marker: nested, the inner one is complete': {
    policy: marker,
    landing: ['a w@5', 'x/b w@1'],
    markers: ['@2', 'x/@2'],
    copies: ['x/b'],
    waits: ['marker-older'],
  },
  'marker: nested, the outer one covers what the inner one is too old for': {
    policy: marker,
    landing: ['a w@1', 'x/b w@3'],
    markers: ['@4', 'x/@2'],
    copies: ['a', 'x/b'],
  },
  'marker: nested and both complete, what is held below the inner one holds the inner one only': {
    policy: marker,
    landing: ['a w@1', 'x/b w@1', 'x/c h@1'],
    markers: ['@2', 'x/@2'],
    copies: ['a'],
    waits: ['files-held'],
  },
  'marker: a folder without one, beside one that has': {
    policy: marker,
    landing: ['x/a w@1', 'y/b w@1'],
    markers: ['x/@2'],
    copies: ['x/a'],
    waits: ['no-marker'],
  },
  'explicit: a marker is needed there too': { policy: explicit, landing: ['a w@1'], waits: ['no-marker'] },
  'explicit: said': { policy: explicit, landing: ['a w@1'], markers: ['@2'], copies: ['a'] },
  'quiet: not long enough': {
    policy: quiet,
    landing: ['a w@1'],
    waits: ['still-changing'],
    again: 11,
  },
  'quiet: exactly long enough': { policy: quiet, landing: ['a w@0'], copies: ['a'] },
  'quiet: a published file counts as noise': {
    policy: quiet,
    landing: ['a w@0', 'b p@4'],
    waits: ['still-changing'],
    again: 14,
  },
  'quiet: nothing to do': { policy: quiet, landing: ['a p@9'] },
  'quiet: an overwrite': {
    policy: quiet,
    landing: ['b w@0'],
    missing: ['a'],
    since: 0,
    copies: ['b'],
    deletes: ['a'],
  },
};

const at = (minute: Minute) =>
  new Date(Date.parse('2026-11-03T10:00:00.000Z') + minute * 60_000).toISOString();

function entryOf(text: string): LandingEntry {
  const [relativeKey = '', rest = ''] = text.split(' ');
  const [state, minute] = rest.split('@');
  const object = { key: `t/${relativeKey}`, etag: relativeKey, sizeBytes: 1, modifiedAt: at(Number(minute)) };
  const judgedBy = { contractHash: '', contractVersion: '', catalogVersion: '' };
  const origin = { bucket: 'landing', key: object.key, etag: '', sizeBytes: 1, writtenAt: object.modifiedAt };
  const states: Readonly<Record<string, LandingEntry['state']>> = {
    w: { kind: 'waiting', record: { origin, judgedBy } },
    h: { kind: 'held', holdId: '' },
    u: { kind: 'unfinished' },
    p: { kind: 'published' },
  };
  return { relativeKey, object, state: states[state ?? ''] as LandingEntry['state'] };
}

function surveyOf({ policy, landing = [], missing = [], since, isReplaced, markers = [] }: Row): Survey {
  const all = landing.map(entryOf);
  // What is published is told by its folder and time alone, unless it is to be cleared away.
  const isSettled = ({ state }: LandingEntry) => state.kind === 'published' && policy?.landing !== 'consume';
  const settled = new Map<string, string>();
  for (const { relativeKey, object } of all.filter(isSettled)) {
    const folder = relativeKey.slice(0, relativeKey.lastIndexOf('/') + 1);
    if ((settled.get(folder) ?? '') < object.modifiedAt) settled.set(folder, object.modifiedAt);
  }
  return {
    folder: '',
    entries: all.filter((entry) => !isSettled(entry)),
    missing: missing.map((relativeKey) => ({ relativeKey, object: entryOf(`${relativeKey} p@0`).object })),
    foreign: [],
    settled,
    markers: markers.map((text) => {
      const [folder = '', minute] = text.split('@');
      return { folder, modifiedAt: at(Number(minute)) };
    }),
    missingRecord:
      since === undefined
        ? undefined
        : { fingerprint: '', since: at(since), ...(isReplaced && { isReplaced }) },
  };
}

const keys = (entries: readonly { readonly relativeKey: string }[]) =>
  entries.map(({ relativeKey }) => relativeKey).sort();

test.each(Object.entries(ROWS))('PIP-19: %s', (_, row) => {
  const policy: PlanPolicy = {
    landing: 'keep',
    completion: { kind: 'first-file' },
    onPartialBatch: 'hold',
    settleSeconds: 60,
    deleteAfterSeconds: 3600,
    ...row.policy,
  };
  const plan = planFolder(surveyOf(row), policy, at(row.now ?? 10));
  expect({
    judge: keys(plan.judge),
    copies: keys(plan.copies),
    deletes: keys(plan.deletes),
    clears: keys(plan.clears),
    waits: plan.waits,
    again: plan.lookAgainAt,
  }).toEqual({
    judge: row.judge ?? [],
    copies: row.copies ?? [],
    deletes: row.deletes ?? [],
    clears: row.clears ?? [],
    waits: row.waits ?? [],
    again: row.again === undefined ? undefined : at(row.again),
  });
});
