import { AUDIT_MUTANTS } from './audit-mutants.ts';
import { CATALOG_MUTANTS } from './catalog-mutants.ts';
import { CONTRACT_MUTANTS } from './contract-mutants.ts';
import { MUTANTS, type Mutant } from './mutants.ts';
import { PARTITION_MUTANTS } from './partition-mutants.ts';
import { PIPELINE_MUTANTS } from './pipeline-mutants.ts';
import { PROJECTION_MUTANTS } from './projection-mutants.ts';
import { STRAY_MUTANTS } from './stray-mutants.ts';

export const ALL_MUTANTS: readonly Mutant[] = [
  ...MUTANTS,
  ...CATALOG_MUTANTS,
  ...PIPELINE_MUTANTS,
  ...CONTRACT_MUTANTS,
  ...AUDIT_MUTANTS,
  ...PARTITION_MUTANTS,
  ...STRAY_MUTANTS,
  ...PROJECTION_MUTANTS,
];
