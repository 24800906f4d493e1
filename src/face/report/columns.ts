/** Records as lines: cells of a column start at the same place, nothing is cut, and each record is one line. */
export function alignColumns(records: readonly (readonly string[])[]): string {
  const widths = (records[0] ?? []).map((_, column) =>
    Math.max(...records.map((record) => record[column]?.length ?? 0)),
  );
  return records
    .map(
      (record) =>
        `${record
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
