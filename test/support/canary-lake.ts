import { canaryContract } from '../../src/judge/contract/canary-contract.ts';
import { type LambdaLake, lambdaLake } from './lambda-lake.ts';
import { contractYaml, LANDING } from './simulation/contract.ts';

/** The heartbeat's table beside the tests' own, in the same buckets. */
export const CANARY_CONTRACT = canaryContract({
  guarded: 's3://landing/canary/',
  location: 's3://lake/canary/',
  database: 'shop',
  account: '123456789012',
});

/** The functions with the contract of the heartbeat, deployed as a stack would. */
export function canaryLake(): LambdaLake {
  const lake = lambdaLake();
  lake.world.buckets.create('landing', { notifies: [LANDING.prefix, 'canary/'] });
  lake.world.contracts.set(contractYaml(), CANARY_CONTRACT);
  return lake;
}
