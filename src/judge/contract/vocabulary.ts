/** Words that contracts, findings and reports share. Rule ids are public: never renamed once released. */

export const SEVERITIES = ['info', 'warning', 'error'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** How far a file is looked into: its footer alone, the dictionaries and indexes of its pages too, every page. */
export const DEPTHS = ['footer', 'pages', 'data'] as const;
export type Depth = (typeof DEPTHS)[number];

/** Rules about the file as a whole, or about where it stands: nobody can waive what breaks every reader. */
export const FILE_RULE_IDS = [
  'file-not-parquet',
  'file-truncated',
  'file-encrypted',
  'footer-malformed',
  'footer-contradictory',
  'footer-too-large',
  'codec-unsupported',
  'encoding-unsupported',
  'logical-type-unsupported',
  'annotation-misplaced',
  'column-encrypted',
  'file-stray',
  'file-unmatched',
  'table-format-foreign',
  'page-damaged',
] as const;

/** Rules about where a file lies: no reader finds what is nowhere, so there is nothing to waive. */
export const PLACE_RULE_IDS = ['partition-path', 'partition-projection'] as const;

/** Rules about the catalog itself: they concern no file, so no waiver covers them. */
export const CATALOG_RULE_IDS = [
  'catalog-drift',
  'partition-schema-stale',
  'index-access',
  'catalog-collision',
  'partition-elsewhere',
] as const;
export type CatalogRuleId = (typeof CATALOG_RULE_IDS)[number];

export const RULE_IDS = [
  ...FILE_RULE_IDS,
  'column-missing',
  'column-unexpected',
  'column-renamed',
  'column-ambiguous',
  'column-order',
  'type-changed',
  'type-widened',
  'type-narrowed',
  'decimal-scale-reduced',
  'decimal-digits-reduced',
  'timestamp-unit',
  'timestamp-zone',
  'integer-unsigned',
  'type-null',
  'nesting-changed',
  'field-missing',
  'field-unexpected',
  'list-legacy',
  'map-shape',
  'required-null',
  'required-unproven',
  ...PLACE_RULE_IDS,
  'partition-value',
  'partition-column-in-file',
  'row-count',
  'value-range',
  'null-share',
  'value-length',
  'value-invalid',
  'value-duplicate',
  'quality-unproven',
  'readability',
  ...CATALOG_RULE_IDS,
  'column-added',
  'column-removed',
  'table-added',
  'table-removed',
  'partitioning-changed',
  'location-changed',
  'quality-changed',
  'policy-changed',
  'documentation-changed',
  'version-not-bumped',
] as const;
export type RuleId = (typeof RULE_IDS)[number];
