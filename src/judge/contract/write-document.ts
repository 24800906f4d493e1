import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  stringify,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';

const STYLE = { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1', version: '1.2' } as const;

/** A contract as YAML that readers of 1.1 and 1.2 understand alike; notes stand above it as comments, one line each. */
export function writeDocument(value: Readonly<Record<string, unknown>>, notes: readonly string[]): string {
  const head = notes.map((note) => `# ${note}\n`).join('');
  return head + stringify(value, STYLE);
}

export interface MergedDocument {
  readonly text: string;
  /** What changed, one line each, in the words of the document. */
  readonly changes: readonly string[];
}

/** Keys of a property that follow from its type: replaced together where the type differs. */
const TYPE_KEYS = [
  'logicalType',
  'logicalTypeOptions',
  'physicalType',
  'properties',
  'items',
  'map',
] as const;

export interface Merging {
  readonly isSameType: (name: string) => boolean;
  /** The source has nulls there: what it says of no column is no reason to allow some. */
  readonly hasNulls: (name: string) => boolean;
}

/**
 * Brings properties into the table of an existing contract: types that differ are replaced, columns that are missing are
 * added at the end (partition keys last), nulls are allowed where there are some. Comments, order and everything else stay. The text
 * must be a contract that reads.
 */
export function mergeDocument(
  text: string,
  table: string,
  properties: readonly Readonly<Record<string, unknown>>[],
  { isSameType, hasNulls }: Merging,
): MergedDocument | undefined {
  const document = parseDocument(text);
  const schema = document.get('schema');
  const object = isSeq(schema)
    ? (schema.items.find((item) => isMap(item) && [nameOf(item), textOf(item, 'name')].includes(table)) as
        | YAMLMap
        | undefined)
    : undefined;
  if (object === undefined) return undefined;
  if (!isSeq(object.get('properties'))) object.set('properties', document.createNode([]));
  const list = object.get('properties') as YAMLSeq;
  const changes = properties.flatMap((property) => {
    const name = String(property.name);
    const known = list.items.find(
      (item) => isMap(item) && nameOf(item)?.toLowerCase() === name.toLowerCase(),
    );
    if (!isMap(known)) {
      insert(document, list, property);
      return [`added ${name} ${property.physicalType}`];
    }
    return [
      ...(isSameType(name) ? [] : [retype(document, known, property)]),
      ...(known.get('required') === true && hasNulls(name) ? [allowNull(known, name)] : []),
    ];
  });
  return { text: changes.length === 0 ? text : document.toString({ lineWidth: 0 }), changes };
}

function textOf(map: YAMLMap, key: string): string | undefined {
  const value = map.get(key);
  return typeof value === 'string' ? value : undefined;
}

/** The stored name: `physicalName`, else `name`. */
function nameOf(map: YAMLMap): string | undefined {
  return textOf(map, 'physicalName') ?? textOf(map, 'name');
}

/** New columns stand before the partition keys. */
function insert(document: Document, list: YAMLSeq, property: Readonly<Record<string, unknown>>): void {
  const firstKey = list.items.findIndex((item) => isMap(item) && item.get('partitioned') === true);
  const node = document.createNode(property);
  if (firstKey === -1 || property.partitioned === true) list.items.push(node);
  else list.items.splice(firstKey, 0, node);
}

function retype(document: Document, known: YAMLMap, property: Readonly<Record<string, unknown>>): string {
  const before = known.get('physicalType') ?? known.get('logicalType') ?? 'no type';
  for (const key of TYPE_KEYS) {
    const value = property[key];
    const node = known.get(key, true);
    if (value === undefined) known.delete(key);
    // Setting the value of the node that is there keeps the comments on its line.
    else if (isScalar(node) && typeof value === 'string') node.value = value;
    else known.set(key, document.createNode(value));
  }
  return `changed ${property.name} from ${before} to ${property.physicalType}`;
}

function allowNull(known: YAMLMap, name: string): string {
  known.delete('required');
  return `${name} is no longer required: there are nulls`;
}
