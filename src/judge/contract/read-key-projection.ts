import { suggest } from '../../text/suggest.ts';
import type { HiveType } from '../types/hive-type.ts';
import { readDate } from './date-projection.ts';
import {
  ESCAPED,
  isPositive,
  notPositive,
  PROJECTION_SETTINGS,
  type ProjectionKind,
  type ProjectionProblem,
  type ProjectionSettings,
  problem,
  type ReadKeyProjection,
  refuse,
  type Setting,
  shown,
} from './projection.ts';

type Kind = ProjectionKind;

/** What each kind needs, and what it may have. */
const SETTINGS_OF = {
  enum: { needed: ['values'], optional: [] },
  integer: { needed: ['range'], optional: ['interval', 'digits'] },
  date: { needed: ['range', 'format'], optional: ['interval', 'interval.unit'] },
  injected: { needed: [], optional: [] },
} as const satisfies Record<
  Kind,
  { readonly needed: readonly Setting[]; readonly optional: readonly Setting[] }
>;
const KINDS = Object.keys(SETTINGS_OF) as readonly Kind[];

/** The types of keys that Trino computes values of (`io.trino.plugin.hive.projection`); Athena's page names none. */
const KEY_TYPES = {
  enum: ['string', 'varchar'],
  integer: ['string', 'varchar', 'int', 'bigint'],
  date: ['string', 'varchar', 'date'],
  injected: ['string', 'varchar', 'int', 'bigint'],
} as const satisfies Record<Kind, readonly HiveType['kind'][]>;

/** Reads the settings of one key by the rules of Athena's page on partition projection, or says everything that is wrong. */
export function readKeyProjection(settings: ProjectionSettings, type: HiveType): ReadKeyProjection {
  const kind = settings.type?.trim().toLowerCase() as Kind | undefined;
  if (kind === undefined || !KINDS.includes(kind)) return refuse([wrongKind(settings.type)]);
  const { needed, optional } = SETTINGS_OF[kind];
  const known: readonly Setting[] = ['type', ...needed, ...optional];
  const problems: ProjectionProblem[] = [
    ...needed
      .filter((setting) => settings[setting] === undefined)
      .map((setting) => problem(setting, `a projection of type ${kind} needs ${setting}`)),
    ...PROJECTION_SETTINGS.filter(
      (setting) => settings[setting] !== undefined && !known.includes(setting),
    ).map((setting) => problem(setting, `${setting} says nothing of type ${kind}: remove it`)),
  ];
  if (!(KEY_TYPES[kind] as readonly string[]).includes(type.kind))
    problems.push(
      problem(
        'type',
        `type ${kind} computes no ${type.kind}: declare the key as ${KEY_TYPES[kind].join(', ')}`,
      ),
    );
  if (problems.length > 0) return refuse(problems);
  return READERS[kind](settings, type);
}

function wrongKind(given: string | undefined): ProjectionProblem {
  const meant = given === undefined ? undefined : suggest(given.trim(), KINDS);
  const what = given === undefined ? 'type is missing' : `type ${shown(given)} is not known`;
  return problem('type', `${what}: expected ${KINDS.join(', ')}`, meant);
}

type Reader = (settings: ProjectionSettings, type: HiveType) => ReadKeyProjection;
const READERS = {
  enum: readEnum,
  integer: readInteger,
  date: readDate,
  injected: (_, { kind }) => ({
    ok: true,
    projection: { kind: 'injected', as: kind === 'int' || kind === 'bigint' ? 'number' : 'text' },
  }),
} as const satisfies Record<Kind, Reader>;

function readEnum({ values: text = '' }: ProjectionSettings): ReadKeyProjection {
  const values = text.split(',');
  const wrong = values.find((value) => value.trim() !== value || value === '' || ESCAPED.test(value));
  if (wrong === undefined) return { ok: true, projection: { kind: 'enum', values } };
  const why =
    wrong.trim() === wrong && wrong !== ''
      ? 'holds a character that is escaped in folders'
      : 'is empty, or begins or ends with white space, which Athena takes as part of it';
  return refuse([
    problem(
      'values',
      `the value ${shown(wrong)} ${why}: expected values with a comma between, such as DE,AT`,
    ),
  ]);
}

/** Java's `long`. */
const LONG = 1n << 63n;

function readInteger({ range = '', interval = '1', digits = '' }: ProjectionSettings): ReadKeyProjection {
  const bounds = range.split(',').map((bound) => bound.trim());
  const [from = '', to = ''] = bounds;
  const isRange = bounds.length === 2 && isLong(from) && isLong(to);
  const problems = [
    ...(isRange && BigInt(from) <= BigInt(to)
      ? []
      : [
          problem(
            'range',
            `${shown(range)} is not a range of whole numbers: expected the least and the greatest with a comma between, such as 0,23`,
          ),
        ]),
    ...(isPositive(interval) ? [] : [notPositive('interval', interval)]),
    ...(digits === '' || isPositive(digits) ? [] : [notPositive('digits', digits)]),
  ];
  if (problems.length > 0) return refuse(problems);
  const plain = (text: string) => String(BigInt(text));
  return {
    ok: true,
    projection: {
      kind: 'integer',
      from: plain(from),
      to: plain(to),
      interval: plain(interval.trim()),
      digits: Number(digits || 0),
    },
  };
}

function isLong(text: string): boolean {
  return /^-?\d{1,19}$/u.test(text) && BigInt(text) >= -LONG && BigInt(text) < LONG;
}
