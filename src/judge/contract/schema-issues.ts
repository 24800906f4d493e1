import type { z } from 'zod';
import { safeText } from '../../text/safe.ts';
import { suggest } from '../../text/suggest.ts';
import type { Path, SourceDocument } from './document.ts';
import type { Issue } from './issue.ts';
import { makeIssue } from './make-issue.ts';

export interface SchemaIssueOptions {
  /** Where the judged value stands in the document. */
  readonly base: Path;
  /** Legal keys of the object at a path, for suggestions. */
  readonly keysAt: (path: Path) => readonly string[];
  /** Severity of keys that the model does not know, in the mapping at a path. */
  readonly unknownKeys: (path: Path) => Issue['severity'];
}

/** One located issue for each mistake that a zod model found: unknown keys one by one, unions in the words of one member. */
export function schemaIssues(
  document: SourceDocument,
  problems: readonly z.core.$ZodIssue[],
  options: SchemaIssueOptions,
): readonly Issue[] {
  return problems.flatMap((problem) =>
    toIssues(document, problem, [...options.base, ...problem.path], options),
  );
}

function toIssues(
  document: SourceDocument,
  problem: z.core.$ZodIssue,
  path: Path,
  options: SchemaIssueOptions,
): readonly Issue[] {
  const name = nameOf(path);
  switch (problem.code) {
    case 'unrecognized_keys':
      return unknownKeys(document, problem.keys, path, options);
    case 'invalid_type':
      return [wrongType(document, problem.expected, path)];
    case 'invalid_value':
      return [wrongWord(document, problem.values.map(String), path)];
    case 'invalid_union':
      return wrongUnion(document, problem, path, options);
    case 'too_small':
    case 'too_big':
    case 'not_multiple_of':
      return [
        makeIssue(
          document,
          'value-out-of-range',
          document.locate(path),
          `${name}: ${lower(problem.message)}`,
        ),
      ];
    default: {
      const given = valueAt(document.value, path);
      const shown =
        typeof given === 'string' || typeof given === 'number' ? `, got ${safeText(String(given), 60)}` : '';
      return [
        makeIssue(
          document,
          'value-invalid',
          document.locate(path),
          `${name}: ${lower(problem.message)}${shown}`,
        ),
      ];
    }
  }
}

/** Each costs a look through its mapping, so that only so many are told one by one. */
const MAX_UNKNOWN_KEYS = 50;

function unknownKeys(
  document: SourceDocument,
  keys: readonly string[],
  path: Path,
  options: SchemaIssueOptions,
): readonly Issue[] {
  const told = keys.slice(0, MAX_UNKNOWN_KEYS).map((key) => unknownKey(document, [...path, key], options));
  const rest = keys.length - told.length;
  if (rest === 0) return told;
  const message = `and ${rest} more unknown keys in ${nameOf(path)}`;
  const severity = options.unknownKeys(path);
  return [...told, makeIssue(document, 'unknown-key', document.locate(path), message, { severity })];
}

function unknownKey(document: SourceDocument, path: Path, options: SchemaIssueOptions): Issue {
  const key = String(path.at(-1));
  const legal = options.keysAt(path.slice(0, -1));
  // Which keys a server or a check has depends on its type.
  const isElsewhere = legal.includes(key);
  const meant = isElsewhere ? undefined : suggest(key, legal);
  const isCutType = /^\S*[)>]$/u.test(key);
  const hint = isCutType
    ? ': it looks like the rest of a type that was cut at a comma; quote types inside { }'
    : isElsewhere
      ? ': it belongs to another type than this one'
      : meant
        ? `: did you mean \`${meant}\`?`
        : ': custom properties are where your own keys belong';
  const message = `unknown key \`${safeText(key, 60)}\`${hint}`;
  return makeIssue(document, 'unknown-key', document.locateKey(path), message, {
    severity: options.unknownKeys(path.slice(0, -1)),
    suggestion: isCutType ? undefined : meant,
  });
}

function wrongType(document: SourceDocument, expected: string, path: Path): Issue {
  const given = valueAt(document.value, path);
  if (given === undefined) return missingKey(document, path, 'it is required here');
  const hint =
    expected === 'string' && (typeof given === 'number' || typeof given === 'boolean')
      ? ': put it in quotes'
      : '';
  return makeIssue(
    document,
    'value-type',
    document.locate(path),
    `${nameOf(path)}: expected ${article(expected)}, got ${kindOf(given)}${hint}`,
  );
}

function missingKey(document: SourceDocument, path: Path, wanted: string): Issue {
  const message = `\`${nameOf(path)}\` is missing: ${wanted}`;
  return makeIssue(document, 'key-missing', document.locateKey(path.slice(0, -1)), message);
}

function wrongWord(document: SourceDocument, words: readonly string[], path: Path): Issue {
  const given = valueAt(document.value, path);
  if (given === undefined) return missingKey(document, path, `expected ${oneOf(words)}`);
  const meant = typeof given === 'string' ? suggest(given, words) : undefined;
  const hint = meant ? `: did you mean \`${meant}\`?` : '';
  return makeIssue(
    document,
    'value-invalid',
    document.locate(path),
    `${nameOf(path)}: expected ${oneOf(words)}, got ${safeText(JSON.stringify(given) ?? kindOf(given), 60)}${hint}`,
    { suggestion: meant },
  );
}

/** A union without a discriminator is told in the words of the member that has the right form. */
function wrongUnion(
  document: SourceDocument,
  problem: Extract<z.core.$ZodIssue, { readonly code: 'invalid_union' }>,
  path: Path,
  options: SchemaIssueOptions,
): readonly Issue[] {
  if ('discriminator' in problem && typeof problem.discriminator === 'string') {
    const words = (problem as { readonly options?: readonly unknown[] }).options?.map(String) ?? [];
    return [wrongWord(document, words, path)];
  }
  const member = problem.errors.find(
    (errors) => !errors.some(({ code, path: at }) => code === 'invalid_type' && at.length === 0),
  );
  if (member) return member.flatMap((error) => toIssues(document, error, [...path, ...error.path], options));
  const expected = problem.errors.flatMap((errors) =>
    errors.flatMap((error) => (error.code === 'invalid_type' ? [article(error.expected)] : [])),
  );
  return [
    makeIssue(
      document,
      'value-type',
      document.locate(path),
      `${nameOf(path)}: expected ${expected.join(' or ')}, got ${kindOf(valueAt(document.value, path))}`,
    ),
  ];
}

function oneOf(words: readonly string[]): string {
  const shown = words.slice(0, 12).join(', ');
  const rest = words.length > 12 ? ` or ${words.length - 12} more` : '';
  return words.length === 1 ? shown : `one of ${shown}${rest}`;
}

function nameOf(path: Path): string {
  const named = path.findLast((step) => typeof step === 'string');
  const index = path.at(-1);
  const name = named === undefined ? 'the document' : safeText(String(named), 60);
  return typeof index === 'number' ? `${name}[${index}]` : name;
}

function article(kind: string): string {
  if (kind === 'object' || kind === 'record') return 'a mapping';
  if (kind === 'array' || kind === 'tuple') return 'a list';
  return kind === 'string' ? 'text' : kind === 'int' ? 'a whole number' : `a ${kind}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : typeof value === 'string' ? 'text' : `a ${typeof value}`;
}

function lower(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

export function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Record<PropertyKey, unknown>)[step];
  }
  return current;
}
