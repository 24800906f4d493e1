import type { HiveType } from '../types/hive-type.ts';
import type { LogicalType, PhysicalType, PlainLogicalKind } from './schema.ts';
import type { FileShape } from './shape.ts';

/** The Hive type that holds a file column's values; nothing where Hive has none (times, intervals, the null type). */
export function naturalType(shape: FileShape): HiveType | undefined {
  switch (shape.kind) {
    case 'scalar':
      return shape.leaf.annotation ? fromAnnotation(shape.leaf.annotation) : BARE[shape.leaf.physicalType];
    case 'list': {
      const element = naturalType(shape.element);
      return element && { kind: 'array', element };
    }
    case 'map': {
      const key = naturalType(shape.key);
      const value = shape.value && naturalType(shape.value);
      return key && value && { kind: 'map', key, value };
    }
    case 'struct': {
      const fields = shape.fields.flatMap(({ name, shape: field }) => {
        const type = naturalType(field);
        return type ? [{ name, type }] : [];
      });
      return fields.length === shape.fields.length ? { kind: 'struct', fields } : undefined;
    }
  }
}

const BARE = {
  BOOLEAN: { kind: 'boolean' },
  INT32: { kind: 'int' },
  INT64: { kind: 'bigint' },
  INT96: { kind: 'timestamp' },
  FLOAT: { kind: 'float' },
  DOUBLE: { kind: 'double' },
  BYTE_ARRAY: { kind: 'binary' },
  FIXED_LEN_BYTE_ARRAY: { kind: 'binary' },
} as const satisfies Record<PhysicalType, HiveType>;

const ANNOTATED: Readonly<Partial<Record<PlainLogicalKind, HiveType>>> = {
  STRING: { kind: 'string' },
  ENUM: { kind: 'string' },
  JSON: { kind: 'string' },
  BSON: { kind: 'binary' },
  UUID: { kind: 'binary' },
  DATE: { kind: 'date' },
};

/** Integers by the bits that their values need: an unsigned one needs one more, and 64 of them are the most there is. */
function fromAnnotation(annotation: LogicalType): HiveType | undefined {
  switch (annotation.kind) {
    case 'DECIMAL':
      return annotation.precision <= 38
        ? { kind: 'decimal', precision: annotation.precision, scale: annotation.scale }
        : undefined;
    case 'TIMESTAMP':
      return { kind: 'timestamp' };
    case 'INTEGER': {
      const bits = annotation.bitWidth + (annotation.isSigned ? 0 : 1);
      if (bits <= 8) return { kind: 'tinyint' };
      if (bits <= 16) return { kind: 'smallint' };
      return bits <= 32 ? { kind: 'int' } : { kind: 'bigint' };
    }
    case 'TIME':
    case 'unrecognised':
      return undefined;
    default:
      return ANNOTATED[annotation.kind];
  }
}
