/** Formats whose own log says which files are the table, and which of their rows: to a reader of plain Parquet all of them are. */
export const TABLE_FORMATS = {
  delta: { words: 'a Delta Lake table', folder: '_delta_log/' },
  hudi: { words: 'a Hudi table', folder: '.hoodie/' },
  iceberg: { words: 'an Iceberg table', folder: 'metadata/' },
} as const;
export type TableFormat = keyof typeof TABLE_FORMATS;

/** The log of a table of another format. */
export interface FormatLog {
  readonly format: TableFormat;
  /** The table's folder: all below it is the table's. Empty, or ends with a slash. */
  readonly folder: string;
  /** One object of the log. */
  readonly key: string;
}

const MAY_BE_LOG = /(?:^|\/)(?:_delta_log|\.hoodie|metadata)\/./u;

/** The log that an object belongs to, by its key; the outermost where there are several. A folder's own object is none. */
export function formatLogOf(key: string): FormatLog | undefined {
  if (!MAY_BE_LOG.test(key) || key.endsWith('/') || key.endsWith('_$folder$')) return undefined;
  const segments = key.split('/');
  for (const [index, segment] of segments.slice(0, -1).entries()) {
    const format = formatOf(segment, segments.slice(index + 1));
    if (format)
      return {
        format,
        folder: segments
          .slice(0, index)
          .map((name) => `${name}/`)
          .join(''),
        key,
      };
  }
  return undefined;
}

/** A folder called `metadata` is Iceberg's only where it holds the metadata of a version of the table. */
function formatOf(folder: string, below: readonly string[]): TableFormat | undefined {
  switch (folder) {
    case '_delta_log':
      return 'delta';
    case '.hoodie':
      return 'hudi';
    case 'metadata':
      return below.length === 1 && /\.metadata\.json(?:\.gz)?$/u.test(below[0] ?? '') ? 'iceberg' : undefined;
  }
  return undefined;
}

/** The log at or above a key. */
export function formatLogAbove<Log extends Pick<FormatLog, 'folder'>>(
  logs: readonly Log[],
  key: string,
): Log | undefined {
  return logs.find(({ folder }) => key.startsWith(folder));
}
