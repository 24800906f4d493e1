import type { HiveType } from './hive-type.ts';

/** A type in Hive and Glue spelling, without spaces: `struct<a:int,b:array<string>>`. `parseHiveType` reads it back. */
export function formatHiveType(type: HiveType): string {
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'varchar':
    case 'char':
      return `${type.kind}(${type.length})`;
    case 'array':
      return `array<${formatHiveType(type.element)}>`;
    case 'map':
      return `map<${formatHiveType(type.key)},${formatHiveType(type.value)}>`;
    case 'struct':
      return `struct<${type.fields.map(({ name, type: field }) => `${name}:${formatHiveType(field)}`).join(',')}>`;
    default:
      return type.kind;
  }
}
