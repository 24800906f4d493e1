import type { Random } from '../../fuzz/random.ts';

type Json = unknown;
export type Schema = Readonly<Record<string, Json>>;
type Fields = Record<string, Json>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Text for the patterns and formats that the standard's schemas have; any other text by default. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  uri: ['https://example.com/a', 's3://bucket/prefix/'],
  date: ['2026-11-03', '2024-02-29'],
  'date-time': ['2026-11-03T10:00:00Z', '2026-11-03T10:00:00+02:00'],
  '^[A-Za-z0-9_-]+$': ['abc', 'A-1_x'],
};
const WORDS = ['a', 'orders', 'Köln', 'x y', '0', 'true', '1.0.0'];
const MAX_DEPTH = 6;

/** Draws values that a JSON schema allows, or nearly: whoever asks checks them. Knows what the standard's schemas use. */
export function drawing(root: Schema, random: Random) {
  const resolve = (schema: Schema): Schema => {
    const ref = schema.$ref;
    if (typeof ref !== 'string') return schema;
    const found = ref
      .replace('#/', '')
      .split('/')
      .reduce<Json>((at, name) => (at as Fields)[name], root) as Schema;
    const { $ref: _, ...own } = schema;
    return { ...resolve(found), ...own };
  };

  const draw = (given: Schema, depth: number): Json => {
    const schema = resolve(given);
    if ('const' in schema) return schema.const;
    if (Array.isArray(schema.enum)) return random.pick(schema.enum);
    const branches = (schema.oneOf ?? schema.anyOf) as readonly Schema[] | undefined;
    const isShape = branches?.every((branch) => 'type' in resolve(branch) || '$ref' in branch);
    if (branches && isShape && !('properties' in schema)) return draw(random.pick(branches), depth);
    const types = Array.isArray(schema.type) ? schema.type : [schema.type];
    switch (random.pick(types)) {
      case 'string':
        return textOf(schema);
      case 'boolean':
        return random.below(2) === 0;
      case 'integer':
        return random.below(40);
      case 'number':
        return random.below(400) / 4;
      case 'null':
        return null;
      case 'array':
        return listOf(schema, depth);
      case 'object':
        return objectOf(schema, depth);
      default:
        return 'properties' in schema || 'allOf' in schema ? objectOf(schema, depth) : random.pick(WORDS);
    }
  };

  const textOf = ({ pattern, format, examples }: Schema): string => {
    const known = TEXTS[String(format ?? pattern)];
    if (known) return random.pick(known);
    const given = Array.isArray(examples) ? examples.filter((each) => typeof each === 'string') : [];
    return given.length > 0 && (pattern !== undefined || random.below(2) === 0)
      ? random.pick(given)
      : random.pick(WORDS);
  };

  const listOf = ({ items, minItems }: Schema, depth: number): readonly Json[] => {
    const size = Math.max(Number(minItems ?? 0), depth > MAX_DEPTH ? 0 : random.below(3));
    return Array.from({ length: size }, () => draw((items ?? {}) as Schema, depth + 1));
  };

  /** The parts that hold for a value as it is by now: its own, those of `allOf`, and of conditions that it meets. */
  const objectOf = (schema: Schema, depth: number): Fields => {
    const value: Fields = {};
    const fill = (given: Schema): void => {
      const part = resolve(given);
      const required = new Set((part.required ?? []) as readonly string[]);
      for (const [name, each] of Object.entries((part.properties ?? {}) as Record<string, Schema>)) {
        const isWanted = required.has(name) || random.below(depth > MAX_DEPTH ? 12 : 3) === 0;
        if (isWanted && !(name in value)) value[name] = draw(each, depth + 1);
      }
      const branches = (part.oneOf ?? part.anyOf) as readonly Schema[] | undefined;
      if (branches) fill(random.pick(branches));
      for (const each of (part.allOf ?? []) as readonly Schema[]) fill(each);
      const { if: condition, then } = part;
      if (isObject(condition) && isObject(then) && meets(value, condition)) fill(then);
      if (part.additionalProperties === true && random.below(6) === 0) value.anything = random.pick(WORDS);
    };
    fill(schema);
    return value;
  };
  return { whole: () => draw(root, 0) };
}

function meets(value: Fields, condition: Fields): boolean {
  const any = condition.anyOf as readonly Fields[] | undefined;
  if (any) return any.some((each) => meets(value, each));
  return Object.entries((condition.properties ?? {}) as Record<string, Fields>).every(
    ([name, each]) => !('const' in each) || value[name] === each.const,
  );
}

/** One change somewhere in a document: a key gone, misspelt or new, or a value of another kind. */
export function harm(document: Json, random: Random): Json {
  const copy = structuredClone(document);
  const places: Fields[] = [];
  const visit = (value: Json): void => {
    if (isObject(value) && Object.keys(value).length > 0) places.push(value);
    for (const each of Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [])
      visit(each);
  };
  visit(copy);
  const owner = random.pick(places);
  const key = random.pick(Object.keys(owner));
  const how = random.below(4);
  if (how === 0) delete owner[key];
  else if (how === 1) {
    owner[`${key}x`] = owner[key];
    delete owner[key];
  } else if (how === 2) owner.unheardOf = random.pick(WORDS);
  else owner[key] = random.pick([7, true, 'text', ['list'], { of: 'things' }, null] as readonly Json[]);
  return copy;
}
