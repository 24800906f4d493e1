import type { Field } from '../../judge/contract/contract.ts';
import { formatHiveType } from '../../judge/types/format-hive-type.ts';
import type { HiveType } from '../../judge/types/hive-type.ts';
import { INDEX_ACCESS, toCatalogColumn } from '../../run/catalog/table-definition.ts';
import { type DerivedTable, definitionOf } from './derived-table.ts';
import { hiveName, hiveString } from './quoting.ts';

/** `CREATE EXTERNAL TABLE` as Athena takes it: every name quoted, nothing from the contract outside of quotes. */
export function renderDdl(derived: DerivedTable): string {
  const { table, placement } = derived;
  const { location, format, parameters, description } = definitionOf(derived);
  const name = hiveName(table.name.toLowerCase());
  const lines = [
    ...(placement ? [] : ['-- the contract names no place: fill in LOCATION']),
    `CREATE EXTERNAL TABLE IF NOT EXISTS ${placement?.database === undefined ? '' : `${hiveName(placement.database)}.`}${name} (`,
    columnsText(table.columns),
    ')',
    ...(description ? [`COMMENT ${hiveString(description)}`] : []),
    ...(table.partitionKeys.length > 0 ? ['PARTITIONED BY (', columnsText(table.partitionKeys), ')'] : []),
  ];
  if (INDEX_ACCESS in format.serdeParameters)
    lines.push(
      `ROW FORMAT SERDE ${hiveString(format.serde)}`,
      `WITH SERDEPROPERTIES (${properties(format.serdeParameters)})`,
      `STORED AS INPUTFORMAT ${hiveString(format.inputFormat)}`,
      `OUTPUTFORMAT ${hiveString(format.outputFormat)}`,
    );
  else lines.push('STORED AS PARQUET');
  // EXTERNAL is what the statement itself says.
  const { EXTERNAL: _, ...stated } = parameters;
  lines.push(`LOCATION ${hiveString(location)}`, `TBLPROPERTIES (${properties(stated)});`);
  return `${lines.join('\n')}\n`;
}

function columnsText(fields: readonly Field[]): string {
  return fields
    .map((field) => {
      const { name, comment } = toCatalogColumn(field);
      return `  ${hiveName(name)} ${ddlType(field.type)}${comment ? ` COMMENT ${hiveString(comment)}` : ''}`;
    })
    .join(',\n');
}

/** Names in structs are quoted where they must be, so that none of them ends the type. */
function ddlType(type: HiveType): string {
  switch (type.kind) {
    case 'array':
      return `array<${ddlType(type.element)}>`;
    case 'map':
      return `map<${ddlType(type.key)},${ddlType(type.value)}>`;
    case 'struct':
      return `struct<${type.fields.map(({ name, type: field }) => `${structName(name)}:${ddlType(field)}`).join(',')}>`;
    default:
      return formatHiveType(type);
  }
}

function structName(name: string): string {
  return /^[\p{L}\p{N}_]+$/u.test(name) ? name : hiveName(name);
}

function properties(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${hiveString(key)} = ${hiveString(value)}`)
    .join(', ');
}
