/** The constructs of `headgate/cdk`. */

export { Headgate } from './headgate.ts';
export type { ExistingBucket, HeadgateProps, Producer, QuarantineProps } from './props.ts';
