import type { Contract, Placement, Table } from '../../judge/contract/contract.ts';
import { tableDefinition } from '../../run/catalog/table-definition.ts';
import type { TableDefinition } from '../../run/ports/catalog.ts';
import { uriPart } from './quoting.ts';

/** A table in one environment, ready to be written in another language. */
export interface DerivedTable {
  readonly contract: Contract;
  readonly table: Table;
  readonly placement: Placement | undefined;
}

/** Where a table lies whose contract names no place: to be filled in by the reader. */
const NOWHERE = 's3://YOUR-BUCKET/';

/** What the catalog shall hold, and in which database. */
export function definitionOf({ table, placement }: DerivedTable): TableDefinition {
  return tableDefinition(table, placement ?? { location: `${NOWHERE}${uriPart(table.name)}/` });
}
