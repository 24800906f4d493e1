import { type Mutant, of } from './mutants.ts';

/** Changes of what compares, renders, imports and mocks contracts that some test must notice. */
export const CONTRACT_MUTANTS: readonly Mutant[] = [
  ...of(
    'judge/contract/places.ts',
    ['.toLowerCase();', ';'],
    ["database ?? 'default'}.${placed", "database ?? ''}.${placed"],
    ['...(location === guarded ? []', '...(false ? []'],
    ["while (around.length > 0 && !place.uri.startsWith(around.at(-1)?.uri ?? '')) around.pop();", ''],
    ['RANK[outer.kind] > RANK[inner.kind]', 'RANK[outer.kind] >= RANK[inner.kind]'],
    ['blamed.owner ?? other.owner', 'blamed.owner'],
    ["uri.endsWith('/') ? uri : `${uri}/`", 'uri'],
    ['      break;\n', ''],
    ['const isHolding = blamed === outer && outer.uri !== inner.uri;', 'const isHolding = false;'],
    ['blamed.owner !== other.owner && blamed', 'blamed'],
  ),
  ...of(
    'tools/revision/compare.ts',
    ["!table.policy.compatibility.endsWith('_all')", 'false'],
    ["return severity === 'error' || waived !== undefined;", "return severity === 'error';"],
    ["breaks: backward === 'error' ? ['backward'] : [],", 'breaks: [],'],
    ["isAcceptable: isHeldFor('column-missing'),", "isAcceptable: isHeldFor('column-unexpected'),"],
    ['all.filter(({ since }) => since === undefined);', 'all;'],
  ),
  ...of('tools/revision/evidence.ts', [
    "if (other.verdict === 'hold' && own.verdict === 'admit') witness ??= file;",
    "if (other.verdict === 'hold') witness ??= file;",
  ]),
  ...of(
    'tools/revision/own-files.ts',
    ["(fill === 'all-null' ? allowed.at(-1) : allowed[0])", 'allowed[0]'],
    ["(fill === 'all-null' ? filled.at(-1) : filled[0])", 'filled[0]'],
    ["return (side === 'min') === b > a ? b : a;", "return (side === 'min') === b > a ? a : b;"],
    [
      "{ facts: factsOf(table, 0, 'no-rows'), relativeKey }",
      "{ facts: factsOf(table, 0, 'no-null'), relativeKey }",
    ],
    ["!== 'type-widened')", "!== 'type-changed')"],
  ),
  ...of('tools/revision/renames.ts', ['matches.length === 1 && rivals.length === 1', 'matches.length === 1']),
  ...of('tools/revision/version-step.ts', ["major === 0 && level === 'major' ? 'minor' : level", 'level']),
  ...of(
    'tools/derive/quoting.ts',
    ["name.replaceAll('`', '``')", 'name'],
    [".replaceAll('*/', '*\\u2215')", ''],
    ["text.replace(/['\\\\]/gu", "text.replace(/[']/gu"],
  ),
  ...of(
    'tools/derive/json-schema.ts',
    ['const whole = precision - scale;', 'const whole = precision;'],
    ['type: required ? type : [type,', 'type: field ? type : [type,'],
    ['maximum: edge - 1 }', 'maximum: edge }'],
  ),
  ...of('tools/derive/pyspark.ts', ['const isLocal = timezone === false ||', 'const isLocal = false ||']),
  ...of('tools/derive/typescript.ts', [
    "const isText = SCALARS[type.kind] === 'string' &&",
    "const isText = SCALARS[type.kind] !== 'x' &&",
  ]),
  ...of(
    'tools/derive/kiro.ts',
    ['...(required ? [`THE SYSTEM SHALL NOT write null to column ${path}.`] : []),', ''],
    ["const requirement = rest.at(-1) ?? '1';", "const requirement = '1';"],
    ['...table.partitionKeys.map((field) => ({ field, isKey: true })),', ''],
    ['`${index + 1}. ${criterion}`', '`${index}. ${criterion}`'],
  ),
  ...of('tools/derive/ddl.ts', ['if (INDEX_ACCESS in format.serdeParameters)', 'if (false)']),
  ...of(
    'tools/imports/parquet-columns.ts',
    ["return shape.kind === 'scalar' && rows > 0 &&", "return shape.kind === 'scalar' &&"],
    ['names.filter((other) => other === lower).length === 1', 'true'],
  ),
  ...of(
    'tools/imports/parquet-table.ts',
    ['...(required && b.required && { required }),', '...(required && { required }),'],
    ['variants.toSorted((a, b) => b.files.length - a.files.length)', 'variants'],
    ['/^(0|-?[1-9]\\d{0,8})$/u', '/^-?\\d{1,9}$/u'],
    [
      'return values.includes(null) ? field : { ...field, required: true };',
      'return { ...field, required: true };',
    ],
  ),
  ...of('tools/imports/admitted.ts', ['if (isOwnType || twins.length > 0)', 'if (isOwnType)']),
  ...of(
    'tools/imports/ddl-table.ts',
    ['if (!isParquet) throw refused(', 'if (false) throw refused('],
    ["written.toLowerCase() === 'integer' ? 'int' : written", 'written'],
  ),
  ...of('tools/imports/ddl-tokens.ts', ['(match === "\'\'" ? "\'" : escaped)', 'escaped']),
  ...of(
    'tools/imports/glue-json.ts',
    ["['an Iceberg table', /^iceberg$/iu],", ''],
    ["String(table.TableType).toUpperCase().includes('VIEW')", 'false'],
  ),
  ...of(
    'tools/mock/columns.ts',
    ["if (type.kind === 'varchar' || type.kind === 'char') return () => true;", ''],
    ['if (isCounted) return column(field.name, elements, value);', ''],
    ['let place = start % ring.length;', 'let place = 0;'],
  ),
  ...of(
    'tools/mock/scalars.ts',
    ['value: (row) => stored(low + (BigInt(row) % size))', 'value: () => stored(low)'],
    ["return type.kind === 'float' ? Math.fround(value) : value;", 'return value;'],
    ['Math.min(limits.maxLength ?? 12, length ?? 12,', 'Math.min(length ?? 12,'],
  ),
  ...of('tools/mock/partitions.ts', ['{ ...key, unique: true }', 'key']),
  ...of('tools/mock/random.ts', ['let hash = 0x811c9dc5 ^ seed;', 'let hash = 0x811c9dc5;']),
  ...of('tools/mock/pattern.ts', ['left = Math.floor(left / wheel.length);', 'left = 0;']),
  ...of('judge/contract/quality-check.ts', [
    'if (values.length === 0) return own;',
    'if (values.length >= 0) return own;',
  ]),
  ...of('tools/mock/pattern.ts', [
    'if (step.most > MOST_REPEATS || step.least > step.most) return undefined;',
    '',
  ]),
];
