import { describe, expect, test } from 'vitest';
import type { LeafNode, LogicalType, PhysicalType } from '../../src/judge/parquet/schema.ts';
import { typeChange } from '../../src/judge/rules/type-change.ts';
import type { ScalarType } from '../../src/judge/types/hive-type.ts';

function leaf(physicalType: PhysicalType, annotation?: LogicalType): LeafNode {
  return {
    kind: 'leaf',
    name: 'c',
    repetition: 'OPTIONAL',
    fieldId: undefined,
    convertedType: undefined,
    logicalType: annotation,
    annotation,
    physicalType,
    typeLength: undefined,
    ordinal: 0,
    path: ['c'],
  };
}

const int = (bitWidth: number, isSigned = true): LogicalType => ({ kind: 'INTEGER', bitWidth, isSigned });
const decimal = (precision: number, scale: number): LogicalType => ({ kind: 'DECIMAL', precision, scale });
const timestamp: LogicalType = { kind: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' };
const time: LogicalType = { kind: 'TIME', isAdjustedToUTC: true, unit: 'MILLIS' };
const dec = (precision: number, scale: number): ScalarType => ({ kind: 'decimal', precision, scale });

describe('VER-1: how a stored scalar differs from the declared one', () => {
  test.each<[ScalarType, LeafNode, ReturnType<typeof typeChange>]>([
    [{ kind: 'boolean' }, leaf('BOOLEAN'), undefined],
    [{ kind: 'boolean' }, leaf('INT32'), 'type-changed'],
    [{ kind: 'tinyint' }, leaf('INT32', int(8)), undefined],
    [{ kind: 'tinyint' }, leaf('INT32', int(16)), 'type-widened'],
    [{ kind: 'tinyint' }, leaf('INT32', int(8, false)), 'integer-unsigned'],
    [{ kind: 'smallint' }, leaf('INT32', int(16)), undefined],
    [{ kind: 'smallint' }, leaf('INT32', int(8, false)), undefined],
    [{ kind: 'smallint' }, leaf('INT32', int(16, false)), 'integer-unsigned'],
    [{ kind: 'smallint' }, leaf('INT32'), 'type-widened'],
    [{ kind: 'int' }, leaf('INT32'), undefined],
    [{ kind: 'int' }, leaf('INT32', int(8)), undefined],
    [{ kind: 'int' }, leaf('INT32', int(16, false)), undefined],
    [{ kind: 'int' }, leaf('INT32', int(32, false)), 'integer-unsigned'],
    [{ kind: 'int' }, leaf('INT64'), 'type-widened'],
    [{ kind: 'int' }, leaf('INT64', int(64, false)), 'integer-unsigned'],
    [{ kind: 'int' }, leaf('DOUBLE'), 'type-changed'],
    [{ kind: 'int' }, leaf('INT32', time), 'type-changed'],
    [{ kind: 'int' }, leaf('INT32', { kind: 'DATE' }), 'type-changed'],
    [{ kind: 'bigint' }, leaf('INT64'), undefined],
    [{ kind: 'bigint' }, leaf('INT64', int(64)), undefined],
    [{ kind: 'bigint' }, leaf('INT32'), 'type-narrowed'],
    [{ kind: 'bigint' }, leaf('INT32', int(32, false)), 'integer-unsigned'],
    [{ kind: 'bigint' }, leaf('INT32', int(16, false)), 'type-narrowed'],
    [{ kind: 'bigint' }, leaf('INT64', int(64, false)), 'integer-unsigned'],
    [{ kind: 'bigint' }, leaf('INT64', timestamp), 'type-changed'],
    [{ kind: 'float' }, leaf('FLOAT'), undefined],
    [{ kind: 'float' }, leaf('DOUBLE'), 'type-widened'],
    [{ kind: 'float' }, leaf('INT32'), 'type-changed'],
    [{ kind: 'double' }, leaf('DOUBLE'), undefined],
    [{ kind: 'double' }, leaf('FLOAT'), 'type-narrowed'],
    [{ kind: 'double' }, leaf('INT64'), 'type-changed'],
    [dec(10, 2), leaf('INT64', decimal(10, 2)), undefined],
    [dec(10, 2), leaf('INT64', decimal(12, 4)), 'decimal-scale-reduced'],
    [dec(10, 2), leaf('INT64', decimal(11, 2)), 'decimal-digits-reduced'],
    [dec(10, 2), leaf('INT64', decimal(10, 1)), 'decimal-digits-reduced'],
    [dec(10, 2), leaf('INT64', decimal(9, 1)), 'type-narrowed'],
    [dec(10, 2), leaf('INT32', decimal(9, 2)), 'type-narrowed'],
    [dec(10, 2), leaf('INT64'), 'type-changed'],
    [{ kind: 'string' }, leaf('BYTE_ARRAY', { kind: 'STRING' }), undefined],
    [{ kind: 'string' }, leaf('BYTE_ARRAY', { kind: 'ENUM' }), undefined],
    [{ kind: 'string' }, leaf('BYTE_ARRAY', { kind: 'JSON' }), undefined],
    [{ kind: 'string' }, leaf('BYTE_ARRAY'), 'type-changed'],
    [{ kind: 'string' }, leaf('INT32'), 'type-changed'],
    [{ kind: 'varchar', length: 4 }, leaf('BYTE_ARRAY', { kind: 'STRING' }), 'value-length'],
    [{ kind: 'char', length: 4 }, leaf('BYTE_ARRAY', { kind: 'JSON' }), 'value-length'],
    [{ kind: 'varchar', length: 4 }, leaf('INT64'), 'type-changed'],
    [{ kind: 'binary' }, leaf('BYTE_ARRAY'), undefined],
    [{ kind: 'binary' }, leaf('FIXED_LEN_BYTE_ARRAY'), undefined],
    [{ kind: 'binary' }, leaf('BYTE_ARRAY', { kind: 'BSON' }), undefined],
    [{ kind: 'binary' }, leaf('BYTE_ARRAY', { kind: 'STRING' }), 'type-changed'],
    [{ kind: 'binary' }, leaf('INT32'), 'type-changed'],
    [{ kind: 'date' }, leaf('INT32', { kind: 'DATE' }), undefined],
    [{ kind: 'date' }, leaf('INT32'), 'type-changed'],
    [{ kind: 'timestamp' }, leaf('INT64', timestamp), undefined],
    [{ kind: 'timestamp' }, leaf('INT96'), undefined],
    [{ kind: 'timestamp' }, leaf('INT64'), 'type-changed'],
    [{ kind: 'string' }, leaf('INT32', { kind: 'UNKNOWN' }), 'type-null'],
  ])('$0.kind against $1.physicalType $1.annotation is $2', (declared, stored, change) => {
    expect(typeChange(declared, stored)).toBe(change);
  });
});
