/** What a table can be rendered as. */
export const RENDER_KINDS = ['ddl', 'glue', 'json-schema', 'typescript', 'pyspark', 'kiro'] as const;
export type RenderKind = (typeof RENDER_KINDS)[number];
