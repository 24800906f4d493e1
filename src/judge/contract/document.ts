import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { safeText } from '../../text/safe.ts';
import type { Position } from './contract.ts';
import type { Issue } from './issue.ts';
import { makeIssue } from './make-issue.ts';

/** A YAML document as plain values, with the way back from a value's path to its place in the text. */
export interface SourceDocument {
  readonly file: string;
  readonly text: string;
  readonly value: unknown;
  /** Place of the value at a path; of the nearest thing above it where nothing is there. */
  readonly locate: (path: Path) => Position;
  /** Place of the key that a path ends in. */
  readonly locateKey: (path: Path) => Position;
}

export type Path = readonly PropertyKey[];

export type OpenedDocument =
  | { readonly ok: true; readonly document: SourceDocument }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** A contract of a thousand columns takes about half a megabyte; nobody writes larger ones by hand. */
const MAX_CHARACTERS = 4 * 1024 * 1024;
const MAX_DEPTH = 100;
/** Once a document is broken, each further complaint says less. */
const MAX_SYNTAX_ISSUES = 100;
const START: Position = { line: 1, column: 1 };

/** Parses YAML 1.2 (or JSON), refusing what would exhaust the reader before it is read. Every problem is an issue. */
export function openDocument(text: string, file: string): OpenedDocument {
  const fail = (rule: string, message: string, at: Position = START): OpenedDocument => ({
    ok: false,
    issues: [makeIssue({ file, text }, rule, at, message)],
  });
  if (text.length > MAX_CHARACTERS)
    return fail(
      'document-too-large',
      `the document has ${text.length} characters, more than ${MAX_CHARACTERS}: split it`,
    );
  const source = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (source.trim() === '')
    return fail('document-empty', 'the document is empty: declare a contract (kind: DataContract)');
  if (isTooDeep(source)) return fail('document-too-deep', `brackets are nested more than ${MAX_DEPTH} deep`);
  const lineCounter = new LineCounter();
  const toPosition = (offset: number): Position => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  try {
    const parsed = parseDocument(source, {
      lineCounter,
      prettyErrors: false,
      logLevel: 'error',
      strict: true,
      // The parser compares each key with each other one: a mapping of 300,000 keys would take it minutes.
      uniqueKeys: false,
    });
    const mistakes = [
      ...parsed.errors.map(({ code, message, pos }) => ({ at: pos[0], message: explainYaml(code, message) })),
      ...wrongKeys(parsed),
    ];
    if (mistakes.length > 0)
      return {
        ok: false,
        issues: mistakes
          .slice(0, MAX_SYNTAX_ISSUES)
          .map(({ at, message }) =>
            makeIssue({ file, text: source }, 'yaml-syntax', toPosition(at), message),
          ),
      };
    const value: unknown = parsed.toJS({ maxAliasCount: 100 });
    const { contents } = parsed;
    return {
      ok: true,
      document: {
        file,
        text: source,
        value,
        locate: (path) => toPosition(offsetOf(contents, path, false)),
        locateKey: (path) => toPosition(offsetOf(contents, path, true)),
      },
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (cause instanceof ReferenceError && /alias count/iu.test(reason))
      return fail('yaml-aliases', 'aliases multiply beyond all measure: write the values out');
    return fail('yaml-syntax', `the document is no YAML that can be read: ${safeText(reason)}`);
  }
}

interface Mistake {
  /** Offset in the text. */
  readonly at: number;
  readonly message: string;
}

/** Keys that stand in their mapping again, and keys that are not words, which cost the more the deeper they nest. */
function wrongKeys(parsed: ReturnType<typeof parseDocument>): readonly Mistake[] {
  const found: Mistake[] = [];
  visit(parsed, {
    Map: (_, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (isScalar(key)) {
          if (seen.has(key.value)) found.push(mistake(key, KEY_TWICE));
          seen.add(key.value);
        } else if (isNode(key))
          found.push(mistake(key, 'a list, mapping or alias stands as a key: keys are words'));
      }
    },
  });
  return found;
}

const KEY_TWICE = 'a key stands twice in one mapping: keep one';

function mistake({ range }: Node, message: string): Mistake {
  return { at: range?.[0] ?? 0, message };
}

/** Brackets outside of quotes, as an upper bound: the parser itself recurses, and deep nesting would exhaust its stack. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let dashes = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x5b || code === 0x7b) depth++;
    else if (code === 0x5d || code === 0x7d) depth = Math.max(0, depth - 1);
    // `- - - - …` nests too, on one line
    dashes = code === 0x2d || code === 0x3f || code === 0x20 ? dashes + (code === 0x20 ? 0 : 1) : 0;
    if (depth > MAX_DEPTH || dashes > MAX_DEPTH * 4) return true;
  }
  return false;
}

const YAML_HINTS: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY:
    'a mapping starts where a value was expected: quote values that hold `: `, such as types',
  TAB_AS_INDENT: 'a tab indents a line: YAML wants spaces',
  BAD_ALIAS: 'a value starts with `*`, which YAML takes as an alias: quote it',
};

function explainYaml(code: string, message: string): string {
  return YAML_HINTS[code] ?? safeText(message.replace(/\.$/u, ''));
}

function offsetOf(root: Node | null, path: Path, wantsKey: boolean): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const [index, step] of path.entries()) {
    if (isAlias(node)) return offset;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) return offset;
      const keyOffset = isScalar(pair.key) ? pair.key.range?.[0] : undefined;
      const value = pair.value as Node | null;
      offset = (wantsKey && index === path.length - 1 ? keyOffset : value?.range?.[0]) ?? keyOffset ?? offset;
      node = value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}
