import type { LeafNode } from '../parquet/schema.ts';
import type { ScalarKind, ScalarType } from '../types/hive-type.ts';
import { decimalCell, integerAsDecimal, integerAsScaledDecimal } from './decimal-cells.ts';
import { decimalTooLong } from './error-text.ts';
import { type FileKind, fileKindOf } from './file-kind.ts';
import { fits, integerAsDouble, negative, rawTime, reinterpreted, unsignedFits } from './integer-cells.ts';
import { type Cell, changed, fails, right, since, wrong, wrongUnlessText } from './scalar-cells.ts';
import { cut, numberAsText, textIfUtf8, timestampAsVarchar } from './text-cells.ts';

const E1 = fails();
const SAME = right('K01');

/** What most cells are: no reader for the pair. */
const NOTHING = {
  boolean: E1,
  tinyint: E1,
  smallint: E1,
  int: E1,
  bigint: E1,
  float: E1,
  double: E1,
  decimal: E1,
  string: E1,
  varchar: E1,
  char: E1,
  binary: E1,
  date: E1,
  timestamp: E1,
} as const satisfies Record<ScalarKind, Cell>;

const narrower = fits('K30');
const bits = reinterpreted('K41');
const days = reinterpreted('K39');
/** The annotation of an integer kept it from being a date until 476. */
const annotatedDays = changed(476, fails('K40'), wrong('K40'));
const toText = since(450, numberAsText('K72'));
const toDouble = since(448, integerAsDouble);

/** 32-bit integers; what differs between them is which declared integers hold them. */
const INT32_ROW = {
  ...NOTHING,
  int: SAME,
  bigint: right('K11'),
  float: bits,
  double: toDouble,
  decimal: integerAsDecimal,
  string: toText,
  varchar: toText,
  date: annotatedDays,
} as const satisfies Record<ScalarKind, Cell>;

const null75 = fails('K75');
const decimalAsText = since(450, numberAsText('K73'));
/** 32-bit decimals were read as raw integers by the first version that could. */
const decimal32AsText = since(450, changed(452, wrong('K73'), numberAsText('K73')));
/** Bytes of a decimal shown as text, until a coercion for top-level columns came. */
const rawDecimal: Cell = {
  row: 'K54',
  project: (question) =>
    (question.isTopLevel && question.engine >= 450 ? decimalText : wrong('K54')).project(question),
  isStable: false,
};
const decimalText = numberAsText('K54');
/** varchar(n) over a decimal of fixed length had no reader before that coercion. */
const fixedDecimalAsVarchar = since(450, decimalText);
const rawText = wrong('K55');
const rawBytes = right('K17', 'raw-bytes');
/** Decimals were taken out of what a binary column reads (in 476; unobserved from 441 to 475). */
const decimalBytes = changed(476, rawBytes, fails('K17'));
const wholeFits = fits('K33');

/** A whole decimal of at most 18 digits stands for an integer (`isZeroScaleShortDecimalAnnotation`); others do not. */
const WHOLE_INT = {
  ...NOTHING,
  tinyint: wholeFits,
  smallint: wholeFits,
  int: wholeFits,
  bigint: right('K18'),
  float: bits,
};
const WHOLE_BYTES = { ...WHOLE_INT, bigint: right('K19'), date: days };

/** The scalar matrix: stored kind × declared kind (reference 3.2). Decimals are told apart further by `cellOf`. */
const SCALARS = {
  boolean: { ...NOTHING, boolean: SAME },
  int32: { ...INT32_ROW, tinyint: narrower, smallint: narrower, date: days },
  int8: { ...INT32_ROW, tinyint: SAME, smallint: SAME },
  int16: { ...INT32_ROW, tinyint: narrower, smallint: SAME },
  'int32-annotated': { ...INT32_ROW, tinyint: narrower, smallint: narrower },
  uint8: { ...INT32_ROW, tinyint: unsignedFits, smallint: SAME },
  uint16: { ...INT32_ROW, tinyint: unsignedFits, smallint: unsignedFits },
  uint32: {
    ...INT32_ROW,
    tinyint: unsignedFits,
    smallint: unsignedFits,
    int: negative,
    bigint: negative,
  },
  date: { ...NOTHING, date: SAME },
  'time-millis': NOTHING,
  null: {
    boolean: null75,
    tinyint: right('K25'),
    smallint: right('K25'),
    int: right('K25'),
    bigint: right('K25'),
    float: right('K25'),
    double: since(448, right('K75')),
    decimal: right('K25'),
    string: since(450, right('K75')),
    varchar: since(450, right('K75')),
    char: null75,
    binary: null75,
    date: right('K25'),
    timestamp: null75,
  },
  int64: {
    ...NOTHING,
    tinyint: narrower,
    smallint: narrower,
    int: narrower,
    bigint: SAME,
    float: bits,
    double: toDouble,
    string: toText,
    varchar: toText,
    date: days,
  },
  uint64: {
    ...NOTHING,
    tinyint: unsignedFits,
    smallint: unsignedFits,
    int: unsignedFits,
    bigint: negative,
    float: bits,
    double: toDouble,
    string: toText,
    varchar: toText,
    date: days,
  },
  timestamp: { ...NOTHING, bigint: rawTime, timestamp: right('K10', 'rounded-to-ms') },
  time: { ...NOTHING, bigint: rawTime },
  int96: {
    ...NOTHING,
    string: since(448, right('K74')),
    varchar: since(448, timestampAsVarchar),
    timestamp: right('K10', 'rounded-to-ms'),
  },
  float: {
    ...NOTHING,
    float: right('K02', 'float-filter-report'),
    double: right('K12'),
    string: toText,
    varchar: toText,
  },
  double: { ...NOTHING, double: SAME, string: toText, varchar: toText },
  'decimal-int32': { ...NOTHING, string: decimal32AsText, varchar: decimal32AsText },
  'decimal-int64': { ...NOTHING, string: decimalAsText, varchar: decimalAsText },
  'decimal-binary': { ...NOTHING, string: rawDecimal, varchar: rawDecimal, char: rawText, binary: rawBytes },
  'decimal-fixed': { ...NOTHING, string: rawDecimal, varchar: fixedDecimalAsVarchar, binary: decimalBytes },
  text: { ...NOTHING, string: SAME, varchar: cut, char: cut, binary: right('K16') },
  bytes: { ...NOTHING, string: textIfUtf8, varchar: cut, char: cut, binary: SAME },
  bson: { ...NOTHING, string: rawText, varchar: rawText, char: rawText, binary: right('K16') },
  fixed: { ...NOTHING, string: wrongUnlessText('K56'), binary: SAME },
  uuid: { ...NOTHING, string: rawText, binary: rawBytes },
  float16: { ...NOTHING, string: rawText, binary: rawBytes },
  interval: { ...NOTHING, string: rawText, binary: rawBytes },
} as const satisfies Record<FileKind, Record<ScalarKind, Cell>>;

/** Whole short decimals by how they are stored. */
const WHOLE: Readonly<Partial<Record<FileKind, Record<ScalarKind, Cell>>>> = {
  'decimal-int32': { ...WHOLE_INT, string: decimal32AsText, varchar: decimal32AsText },
  'decimal-int64': { ...WHOLE_INT, string: decimalAsText, varchar: decimalAsText, date: days },
  'decimal-binary': {
    ...WHOLE_BYTES,
    string: rawDecimal,
    varchar: rawDecimal,
    char: rawText,
    binary: rawBytes,
  },
  'decimal-fixed': {
    ...WHOLE_BYTES,
    string: rawDecimal,
    varchar: fixedDecimalAsVarchar,
    binary: decimalBytes,
  },
};

const LONG_DECIMAL = 18;
/** No engine type holds more digits: neither a decimal nor its text can be made of one. */
const LONGEST_DECIMAL = 38;
const tooLong: Cell = {
  row: 'K87',
  project: ({ engine }) => ({ effect: 'query-fails', basis: 'types', error: decimalTooLong(engine) }),
  isStable: false,
};
const TOO_LONG: Readonly<Partial<Record<ScalarKind, Cell>>> = {
  decimal: tooLong,
  string: changed(450, rawText, tooLong),
  varchar: changed(450, rawText, tooLong),
};
const scaledInteger = changed(452, wrong('K53'), integerAsScaledDecimal);
const timestampMillis = SAME;

/** The cell of a pair, with the parameters of its types. */
export function cellOf(declared: ScalarType, leaf: LeafNode): Cell {
  const kind = fileKindOf(leaf);
  if (leaf.annotation?.kind === 'DECIMAL') {
    const { precision, scale } = leaf.annotation;
    if (precision > LONGEST_DECIMAL) return TOO_LONG[declared.kind] ?? SCALARS[kind][declared.kind];
    if (declared.kind === 'decimal') return decimalCell(declared, leaf.annotation);
    const whole = scale === 0 && precision <= LONG_DECIMAL ? WHOLE[kind] : undefined;
    return (whole ?? SCALARS[kind])[declared.kind];
  }
  if (declared.kind === 'decimal') return integerToDecimal(declared.precision, declared.scale, kind);
  const isMillis = leaf.annotation?.kind === 'TIMESTAMP' && leaf.annotation.unit === 'MILLIS';
  if (declared.kind === 'timestamp' && kind === 'timestamp' && isMillis) return timestampMillis;
  return SCALARS[kind][declared.kind];
}

/** Note b: 32-bit integers under decimals of at most 18 digits, and the null type likewise. */
function integerToDecimal(precision: number, scale: number, kind: FileKind): Cell {
  const cell = SCALARS[kind].decimal;
  if (cell === E1) return E1;
  if (precision > LONG_DECIMAL) return kind === 'null' ? null75 : E1;
  return kind !== 'null' && scale > 0 ? scaledInteger : cell;
}
