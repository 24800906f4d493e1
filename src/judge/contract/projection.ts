import { safeText } from '../../text/safe.ts';
import type { CalendarUnit } from './date-pattern.ts';

/** The settings of one key as Glue spells them behind `projection.<key>.`. */
export const PROJECTION_SETTINGS = [
  'type',
  'values',
  'range',
  'format',
  'interval',
  'interval.unit',
  'digits',
] as const;
export type Setting = (typeof PROJECTION_SETTINGS)[number];
export type ProjectionSettings = Readonly<Partial<Record<Setting, string>>>;

export const INTERVAL_UNITS = [
  'YEARS',
  'MONTHS',
  'WEEKS',
  'DAYS',
  'HOURS',
  'MINUTES',
  'SECONDS',
] as const satisfies readonly CalendarUnit[];
export type IntervalUnit = (typeof INTERVAL_UNITS)[number];

/** How Athena computes the values of one partition key. Plain JSON; numbers that may be longer than a double are text. */
export type KeyProjection =
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | {
      readonly kind: 'integer';
      readonly from: string;
      readonly to: string;
      readonly interval: string;
      /** Leading zeros up to so many digits; 0 for none. */
      readonly digits: number;
    }
  | {
      readonly kind: 'date';
      readonly format: string;
      /** By `format`, or relative to now. */
      readonly from: string;
      readonly to: string;
      readonly interval: number;
      readonly unit: IntervalUnit;
    }
  /** Whatever a query asks for, in the one way in which it writes it. */
  | { readonly kind: 'injected'; readonly as: 'text' | 'number' };

export interface ProjectionProblem {
  /** The setting that is wrong or missing. */
  readonly setting: Setting;
  readonly message: string;
  readonly suggestion?: string;
}

export type ReadKeyProjection =
  | { readonly ok: true; readonly projection: KeyProjection }
  | { readonly ok: false; readonly problems: readonly ProjectionProblem[] };

export type ProjectionKind = KeyProjection['kind'];

/** Characters that Hive writes into folders as `%XX`: how Athena writes a computed value with them is said nowhere. */
export const ESCAPED = /[\p{Cc}"#%'*/:=?\\{}[\]^]/u;

export function problem(setting: Setting, message: string, suggestion?: string): ProjectionProblem {
  return { setting, message, ...(suggestion !== undefined && { suggestion }) };
}

export function refuse(problems: readonly ProjectionProblem[]): ReadKeyProjection {
  return { ok: false, problems };
}

export function shown(text: string): string {
  return safeText(JSON.stringify(text), 80);
}

export function isPositive(text: string): boolean {
  return /^\s*0*[1-9]\d{0,8}\s*$/u.test(text);
}

export function notPositive(setting: Setting, given: string): ProjectionProblem {
  return problem(setting, `${setting} ${shown(given)} is not a whole number above 0`);
}
