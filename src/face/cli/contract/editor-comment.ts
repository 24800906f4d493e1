/** What `headgate schema` prints lies beside the contracts under this name, so that editors find it without a network. */
export const EDITOR_SCHEMA_FILE = 'headgate.schema.json';

/** By this line editors with a YAML language server complete and check a contract. */
export const EDITOR_COMMENT = `# yaml-language-server: $schema=${EDITOR_SCHEMA_FILE}`;
