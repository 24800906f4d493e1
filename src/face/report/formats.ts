// Beside the renderers, so that `--help` knows the words without loading what writes them.

export const AUDIT_FORMATS = ['text', 'json', 'jsonl', 'parquet', 'markdown', 'html'] as const;
export type AuditFormat = (typeof AUDIT_FORMATS)[number];

export const REVISION_FORMATS = ['text', 'json', 'github', 'markdown', 'html'] as const;
export type RevisionFormat = (typeof REVISION_FORMATS)[number];
