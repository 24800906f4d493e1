import { parquetFile } from '../parquet-file.ts';

/** What a test file is to version 1 and to version 2 of the test contract. */
export type FileKind = 'good' | 'drifted' | 'renamed' | 'new-column' | 'truncated' | 'csv';

const STRING = { type: 'BYTE_ARRAY', converted: 'UTF8' } as const;
const id = { name: 'id', repetition: 'REQUIRED', type: 'INT64' } as const;

const ROWS = 3;
const whole = { nullCount: 0 } as const;

/** Bytes of a small file; `mark` makes each one of a kind differ from the others. */
export function fileBytes(kind: FileKind, mark: string): Uint8Array {
  const file = (schema: Parameters<typeof parquetFile>[0]['schema']) =>
    parquetFile({
      schema,
      rows: ROWS,
      rowGroups: [
        {
          rows: ROWS,
          columns: Object.fromEntries(schema.map(({ name }) => [name, whole])),
        },
      ],
      createdBy: mark,
    });
  const v = { name: 'v', repetition: 'OPTIONAL', ...STRING } as const;
  switch (kind) {
    case 'good':
      return file([id, v]);
    case 'drifted':
      return file([{ ...id, ...STRING, repetition: 'REQUIRED' }, v]);
    case 'renamed':
      return file([id, { ...v, name: 'value' }]);
    case 'new-column':
      return file([id, v, { name: 'w', repetition: 'OPTIONAL', type: 'INT64' }]);
    case 'truncated':
      return file([id, v]).subarray(0, 40);
    case 'csv':
      return new TextEncoder().encode(`id,v\n1,${mark}\n`);
  }
}
