/** What a contract can be made from. */
export const IMPORT_KINDS = ['parquet', 'ddl', 'glue'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];
