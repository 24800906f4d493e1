import type { CatalogColumn } from '../../run/ports/catalog.ts';
import { type DerivedTable, definitionOf } from './derived-table.ts';

/** Glue's `TableInput` (API_TableInput), for `aws glue create-table --table-input file://…`. */
export function glueTableInput(derived: DerivedTable) {
  const { columns, partitionKeys, location, format, parameters, description } = definitionOf(derived);
  return {
    Name: derived.table.name.toLowerCase(),
    ...(description !== undefined && { Description: description }),
    TableType: 'EXTERNAL_TABLE',
    Parameters: parameters,
    PartitionKeys: partitionKeys.map(toColumn),
    StorageDescriptor: {
      Columns: columns.map(toColumn),
      Location: location,
      InputFormat: format.inputFormat,
      OutputFormat: format.outputFormat,
      SerdeInfo: { SerializationLibrary: format.serde, Parameters: format.serdeParameters },
    },
  };
}

function toColumn({ name, type, comment }: CatalogColumn) {
  return { Name: name, Type: type, ...(comment !== undefined && { Comment: comment }) };
}
