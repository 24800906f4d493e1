/** A one-line change of the judging code that some test must notice. */
export interface Mutant {
  readonly file: string;
  /** Stands once in the file. */
  readonly find: string;
  readonly replace: string;
}

export const of = (
  file: string,
  ...changes: readonly (readonly [find: string, replace: string])[]
): readonly Mutant[] => changes.map(([find, replace]) => ({ file: `src/${file}`, find, replace }));

export const MUTANTS: readonly Mutant[] = [
  ...of(
    'judge/parquet/thrift.ts',
    ['if (length > cursor.limit - start)', 'if (length > cursor.limit - start + 1)'],
    ['if (size > cursor.limit - cursor.at)', 'if (size < 0)'],
    ['if (raw > Number.MAX_SAFE_INTEGER)', 'if (raw > Number.MAX_VALUE)'],
    ['if (value > 0xffff_ffff) break;', ''],
    ['{ fatal: true, ignoreBOM: true }', '{ fatal: true }'],
    ['const low = first === 0xe0 ? 0xa0 :', 'const low = first === 0xe0 ? 0x80 :'],
    ['String.fromCharCode(0xdc00 + code)', "'?'"],
    ['const MAX_DEPTH = 32;', 'const MAX_DEPTH = 33;'],
    ['return (raw >>> 1) ^ -(raw & 1);', 'return raw >>> 1;'],
    ['if (id < 0 || id > 0x7fff)', 'if (id < 0)'],
    ['return cursor.end < cursor.limit', 'return cursor.end <= cursor.limit'],
  ),
  ...of(
    'judge/parquet/read-footer.ts',
    ['if (byteLength < SMALLEST_FILE_BYTES)', 'if (byteLength <= SMALLEST_FILE_BYTES)'],
    ['if (footerBytes > byteLength - SMALLEST_FILE_BYTES)', 'if (footerBytes > byteLength)'],
    [
      'const isTooLarge = footerBytes > limits.maxFooterBytes;',
      'const isTooLarge = footerBytes >= limits.maxFooterBytes;',
    ],
    ['if (bytes.length !== end - start)', 'if (bytes.length > end - start)'],
    ['coveredEnd !== undefined && coveredEnd < place.start', 'coveredEnd !== undefined && coveredEnd < 0'],
    [
      "contradiction === 'pages-cut-off' ? 'file-truncated'",
      "contradiction === 'pages-shared' ? 'file-truncated'",
    ],
    ['const shift = place.start - coveredEnd;', 'const shift = place.start - coveredEnd + 1;'],
    ["if (magic === 'PARE')", "if (magic === 'PAR2')"],
    [
      'for (let headBytes = HEAD_BYTES; ; headBytes *= 4)',
      'for (let headBytes = HEAD_BYTES; ; headBytes *= 2)',
    ],
  ),
  ...of(
    'judge/parquet/file-metadata.ts',
    [
      'if (rest !== 0 && !(read.isEncrypted && rest === SIGNATURE_BYTES))',
      'if (rest !== 0 && !read.isEncrypted)',
    ],
    ['isTypeOrder ||= field >>> 4 === 1;', 'isTypeOrder ||= field >>> 4 >= 1;'],
  ),
  ...of(
    'judge/parquet/row-groups.ts',
    ['if (columns !== walk.leaves.length)', 'if (columns > walk.leaves.length)'],
    ['if (!walk.isOrdered || walk.indexStart < walk.pagesEnd)', 'if (!walk.isOrdered)'],
    ['if (fileOffset < 0 || fileOffset >= fileBytes)', 'if (fileOffset > fileBytes)'],
    ["rows < flatValues ? 'rows-fewer'", "rows > flatValues ? 'rows-fewer'"],
    ['oddOrdinal === ABSENT && flatValues !== rows)', 'flatValues !== rows)'],
    ['if (fewestOrdinal !== ABSENT && fewestSlots < rows)', 'if (false)'],
    ['chunksElsewhere === leaves.length', 'chunksElsewhere > 0'],
  ),
  ...of(
    'judge/parquet/chunk-walk.ts',
    ['if (nullCount === ABSENT && values !== 0)', 'if (nullCount === ABSENT)'],
    ['if (!hasMetadata && isHidden) return;', 'if (!hasMetadata) return;'],
    ['const bit = id >= 0 && id < 31 ? id : 31;', 'const bit = id & 31;'],
    ['if (dictionaryAt > 0 && dictionaryAt < dataAt) start = dictionaryAt;', ''],
    ['if (values === 0 && (compressedBytes === 0 || dataAt === 0)) return;', 'if (values === 0) return;'],
    ['if (start < MAGIC_BYTES || compressedBytes <= 0)', 'if (start < MAGIC_BYTES || compressedBytes < 0)'],
    ['if (end > footerStart)', 'if (end > footerStart + 1)'],
    ['if (start < walk.pagesEnd) walk.isOrdered = false;', ''],
    ['if (end > walk.coveredEnd) walk.coveredEnd = end;', ''],
    ['if (walk.bloomFilterBytes < 0) walk.isCoverKnown = false;', ''],
  ),
  ...of(
    'judge/parquet/chunk-path.ts',
    ['if (code > 0x7f || bytes[start + index] !== code)', 'if (bytes[start + index] !== code)'],
    ["same.length > 1 ? 'path-twice'", "same.length > 0 ? 'path-twice'"],
    ['return JSON.stringify(path).toLowerCase();', 'return JSON.stringify(path);'],
  ),
  ...of(
    'judge/parquet/chunk-places.ts',
    ['if ((starts[after] ?? 0) < (ends[before] ?? 0))', 'if ((starts[after] ?? 0) <= (ends[before] ?? 0))'],
    ['dictionaryAt > 0 && dictionaryAt < dataAt ? dictionaryAt : dataAt', 'dataAt'],
  ),
  ...of(
    'judge/parquet/thrift-shape.ts',
    ['(wire === WIRE.false ? WIRE.true : wire)', 'wire'],
    ['if (isUnion && fields !== 1)', 'if (isUnion && fields > 1)'],
  ),
  ...of('judge/athena/contradictions.ts', ["if (engine < since) return inEveryVersion('K86', 'none');", '']),
  ...of(
    'judge/parquet/statistics-value.ts',
    ['if (bytes.length !== leaf.typeLength) return undefined;', ''],
    ['let value = BigInt(((bytes[0] ?? 0) << 24) >> 24);', 'let value = BigInt(bytes[0] ?? 0);'],
    ['if (exponent === 0) return sign * fraction * 2 ** -24;', 'if (exponent === 0) return 0;'],
  ),
  ...of(
    'judge/parquet/bounds.ts',
    ['|| !isSameInBothOrders(chunk, leaf)) return NONE;', ') return NONE;'],
    ['value: value === 0 ? zero : value', 'value'],
    ['if (orderKnown && (', 'if (('],
  ),
  ...of(
    'judge/parquet/shape.ts',
    ['repeated.name === `${node.name}_tuple`', 'false'],
    ["inner.repetition === 'REPEATED' ||", ''],
    ['others.length > 0 || repeated.repetition', 'repeated.repetition'],
  ),
  ...of(
    'judge/parquet/logical-type.ts',
    ['if (old !== undefined && !(logical && isSameOldType(logical, old)))', 'if (old !== undefined)'],
    ['precision !== logical.precision || scale', 'scale'],
    [
      'return logical.bitWidth === old.bitWidth && logical.isSigned === old.isSigned;',
      'return logical.bitWidth === old.bitWidth;',
    ],
  ),
  ...of(
    'judge/athena/values.ts',
    ['if (!hasValues(chunk)) continue;\n    const bounds', 'const bounds'],
    ["if (bounds === undefined) basis = 'assumed';", ''],
    ['return values > 0 && nullCount !== values;', 'return values > 0;'],
    ['if (isBytes && BROKEN_BINARY_STATISTICS', 'if (BROKEN_BINARY_STATISTICS'],
    ['!isBytes && isSameInBothOrders(chunk, leaf);', '!isBytes;'],
  ),
  ...of('judge/athena/scalar-cells.ts', [
    '(question.isTopLevel && question.engine >= version',
    '(question.engine >= version',
  ]),
  ...of(
    'judge/athena/integer-cells.ts',
    ['min >= -limit && max < limit', 'min >= -limit && max <= limit'],
    ["return readable ? 'wrong-results' : 'query-fails';", "return 'query-fails';"],
    ['each <= DOUBLE_INTEGER_LIMIT', 'each < DOUBLE_INTEGER_LIMIT'],
    ['annotation.precision > 9', 'annotation.precision > 10'],
  ),
  ...of(
    'judge/athena/text-cells.ts',
    ['return single && isExact && longest <= length', 'return single && longest <= length'],
    ['(value < 0n ? 1 : 0)', '0'],
  ),
  ...of(
    'judge/athena/decimal-cells.ts',
    [
      'return scaled < 10n ** BigInt(declared.precision);',
      'return scaled <= 10n ** BigInt(declared.precision);',
    ],
    [
      'const hasNothingToLose = min === max && min % lost === 0n;',
      'const hasNothingToLose = min % lost === 0n;',
    ],
    ['size + 5n * 10n', 'size + 4n * 10n'],
    ['if (declared.scale < stored.scale) return', 'if (declared.scale <= stored.scale) return'],
    ['spare > 0 ? rounded', 'spare >= 0 ? rounded'],
  ),
  ...of(
    'judge/athena/scalar-table.ts',
    ['const annotatedDays = changed(476,', 'const annotatedDays = changed(477,'],
    ['const scaledInteger = changed(452,', 'const scaledInteger = changed(451,'],
    ['scale === 0 && precision <= LONG_DECIMAL', 'scale === 0'],
    ["kind !== 'null' && scale > 0", 'scale > 0'],
    ['double: { ...NOTHING, double: SAME,', 'double: { ...NOTHING, float: SAME, double: SAME,'],
  ),
  ...of(
    'judge/athena/filters.ts',
    ['low > high + (isTrimmed ? 1 : 0)', 'low > high'],
    ['!(max instanceof Uint8Array)) return min > max;', '!(max instanceof Uint8Array)) return false;'],
    ['USES[declared.kind] !== unused || leaf', 'leaf'],
    ['engine < 440) return', 'engine < 441) return'],
    ['if (engine >= 477) return', 'if (engine >= 478) return'],
    ['if (max < 0n) return', 'if (min < 0n && max <= 0n && false) return'],
    ["if (min > max) return 'throws';", ''],
    ['bounds === undefined && !chunk.dictionaryOnly', 'bounds === undefined'],
    ["return leaf.physicalType === 'INT32';", 'return false;'],
    [
      'annotation.precision > 18 || (leaf.typeLength ?? 0) > 8',
      'annotation.precision > 18 || (leaf.typeLength ?? 0) > 9',
    ],
  ),
  ...of(
    'judge/athena/construct-field.ts',
    ["if (!hasContent) return 'K52';", ''],
    ['else if (walk.engine < 441)', 'else if (walk.engine < 442)'],
    ['same.find((child) => child.name === name) ?? same[0]', 'same[0]'],
    ["else if (node.annotation?.kind !== 'MAP' && !isListOfPairs(node, key, value))", 'else if (false)'],
    [
      "node.annotation?.kind !== 'MAP' && !isListOfPairs(node, key, value)",
      "node.annotation?.kind !== 'MAP'",
    ],
    ['chunks()?.every(({ values }) => values === 0)', 'false'],
    [
      'const inside: Place = { at: `${place.at}[]`, isFiltered: false };',
      'const inside: Place = { at: `${place.at}[]`, isFiltered: true };',
    ],
    ["if (node.name.toLowerCase() === 'array' ||", 'if ('],
  ),
  ...of(
    'judge/athena/predict.ts',
    ['rank(b.effect) > rank(a.effect)', 'rank(b.effect) >= rank(a.effect)'],
    [
      "rank(predictions[index]?.effect ?? 'none') === most",
      "rank(predictions[index]?.effect ?? 'none') <= most",
    ],
  ),
  ...of(
    'judge/athena/partition-values.ts',
    ['day >= 1 && day <= days', 'day <= days'],
    ['isLeap ? 29 : 28', '29'],
    ['number >= -limit && number < limit', 'number > -limit && number < limit'],
  ),
  ...of(
    'judge/athena/annotations.ts',
    ["return annotation.unit === 'MILLIS' ? INT32 : INT64;", 'return INT64;'],
    [
      "return BY_BITS.get(annotation.bitWidth) ?? 'none';",
      "return BY_BITS.get(annotation.bitWidth) ?? 'any';",
    ],
    ['(length === undefined || length === typeLength)', 'length === undefined'],
    ['if (precision < 1)', 'if (precision < 0)'],
    ['2 ** (8 * typeLength - 1) - 1', '2 ** (8 * typeLength) - 1'],
  ),
  ...of('judge/athena/files.ts', ['BYTE_STREAM_SPLIT: 444', 'BYTE_STREAM_SPLIT: 445']),
  ...of(
    'judge/verdict/judge.ts',
    ['accepted.until >= writtenOn', 'accepted.until > writtenOn'],
    ["return rule === 'quality-unproven'\n", "return rule === 'required-unproven'\n"],
    ["policy.onUnproven === 'hold' ?", "policy.onUnproven !== 'admit' ?"],
    ["severity === 'error') ? 'hold' : 'admit'", "severity !== 'info') ? 'hold' : 'admit'"],
    ["(severity === 'error' || !prediction || !isAssumed(prediction))", 'true'],
    [
      "checkStray({ relativeKey, fileMatch, isMissed }), []), verdict: 'ignore' }",
      'checkStray({ relativeKey, fileMatch, isMissed }), []) }',
    ],
    ['const writtenOn = day(input.key.writtenAt ?? input.now);', 'const writtenOn = day(input.now);'],
    ["effect: 'none', stated: 'warning'", "effect: 'none', stated: 'error'"],
  ),
  ...of(
    'judge/verdict/policy.ts',
    ['one.rule === rule && one.path === path', 'one.rule === rule'],
    ['one.rule === rule && one.path === path', 'one.path === path'],
    ['one.until >= now.slice(0, 10)', 'one.until > now.slice(0, 10)'],
    ['isMeant(one) && one.until > now', 'isMeant(one)'],
    ['isWaivable(finding.rule) ?', 'finding.rule ?'],
    ["if (effect === 'none') return 'info';", "if (effect === 'none') return 'error';"],
    ["(isLikelyHarmless(prediction) ? 'warn' : 'hold')", "'hold'"],
    ["isRead ? 'error' : 'warning'", "'warning'"],
    ['return finding.stated ?? DEFAULTS[finding.rule];', 'return DEFAULTS[finding.rule];'],
  ),
  ...of('judge/verdict/check.ts', [
    "isExplained ||= evidence?.kind === 'finding' && evidence.effect !== 'none';",
    "isExplained ||= evidence?.kind === 'finding';",
  ]),
  ...of(
    'judge/verdict/fingerprint.ts',
    [".filter(({ severity }) => severity === 'error')", ''],
    ['.sort()', ''],
  ),
];
