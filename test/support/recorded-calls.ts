import { type Area, FUNCTION_CALLS, type FunctionName, OPERATOR_CALLS } from '../../lambdas/permissions.ts';

/** A call of the SDK by a function, from a trace or a recording. */
export interface RecordedCall<By extends string = FunctionName> {
  readonly by: By;
  readonly command: string;
  readonly input: Readonly<Record<string, unknown>>;
}

const BUCKETS: Readonly<Record<string, Area>> = {
  landing: 'guarded',
  lake: 'location',
  quarantine: 'quarantine',
  config: 'registry',
};

/** Of landing and location by the heartbeat's test contract; of quarantine by the name of its table. */
const CANARY_KEY = /^(?:canary\/|shop\.headgate_canary\/)/u;

type Actor = FunctionName | 'operator';

const CALLS = { ...FUNCTION_CALLS, operator: OPERATOR_CALLS } as const;

/** Calls that the table of permissions does not have, each once: `function command area`. */
export function undeclared(
  calls: readonly RecordedCall<Actor>[],
  options: { readonly isInPlace?: boolean } = {},
): readonly string[] {
  const found = new Set<string>();
  for (const { by, command, input } of calls)
    for (const { name, area } of partsOf(by, command, input, options.isInPlace === true)) {
      const declared = (CALLS[by] as Readonly<Record<string, readonly string[]>>)[name] ?? [];
      if (!declared.includes(area)) found.add(`${by} ${name} ${area}`);
    }
  return [...found].sort();
}

/** What a call is about: for a copy its destination, and its source by itself. */
function partsOf(by: Actor, command: string, input: RecordedCall['input'], isInPlace: boolean) {
  const bucketArea = (bucket: string) => {
    const area = BUCKETS[bucket] ?? `bucket ${bucket}`;
    const isOfCanary = by === 'canary' && CANARY_KEY.test(String(input.Key ?? input.Prefix));
    if (isOfCanary) return `canary ${area}`;
    return isInPlace && area === 'location' ? 'guarded' : area;
  };
  const parts: { readonly name: string; readonly area: string }[] = [];
  if (typeof input.CopySource === 'string')
    parts.push({ name: 'CopySource', area: bucketArea(input.CopySource.split('/')[0] ?? '') });
  if (typeof input.Bucket === 'string') parts.push({ name: command, area: bucketArea(input.Bucket) });
  else parts.push({ name: command, area: otherArea(command, input) });
  return parts;
}

function otherArea(command: string, input: RecordedCall['input']): string {
  if (typeof input.QueueUrl === 'string')
    return `queue ${(input.QueueUrl.split('/').at(-1) ?? '').replace('.fifo', '')}`;
  if (/Item|Query/u.test(command)) return 'ledger';
  if (command === 'PutEventsCommand') return 'bus';
  if (command === 'PublishCommand') return 'topics';
  return 'tables';
}
