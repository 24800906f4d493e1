import { environmentFrom } from '../../src/run/adapters/aws/environment.ts';
import type { Account, EventRule } from '../../src/run/ports/account.ts';
import type { DeploymentNames } from '../../src/tools/doctor/observe.ts';
import type { Resource, SynthesisedStack } from './synth.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What an account would say right after the stack was deployed: its resources, read as the doctor reads them. */
export interface StackAccount {
  readonly account: Account;
  readonly names: DeploymentNames;
  /** By logical id: tests change or remove what somebody could. */
  readonly resources: Map<string, Resource>;
  /** Logical ids of a type. */
  idsOf(type: string): readonly string[];
}

export function stackAccount(stack: SynthesisedStack): StackAccount {
  const resources = new Map(stack.resources);
  const ofType = (type: string) => [...resources].filter(([, resource]) => resource.type === type);
  const bucketNameOf = (id: string, { properties }: Resource) =>
    String(properties.BucketName ?? id.toLowerCase());
  const bucket = (name: string): Fields | undefined =>
    ofType('AWS::S3::Bucket').find(([id, resource]) => bucketNameOf(id, resource) === name)?.[1].properties;
  const policy = (name: string) =>
    ofType('AWS::S3::BucketPolicy').find(([, { properties }]) => properties.Bucket === name)?.[1].properties;
  const arnOf = (id: string) => stack.attribute(id, 'Arn');
  const queueByArn: Account['queueByArn'] = async (arn) => {
    const found = ofType('AWS::SQS::Queue').find(([id]) => arnOf(id) === arn);
    if (found === undefined) return undefined;
    const { MaximumMessageSize, VisibilityTimeout, RedrivePolicy } = found[1].properties as {
      readonly MaximumMessageSize?: number;
      readonly VisibilityTimeout?: number;
      readonly RedrivePolicy?: { readonly deadLetterTargetArn: string };
    };
    return {
      arn,
      visible: 0,
      inFlight: 0,
      delayed: 0,
      maxMessageBytes: MaximumMessageSize ?? 262_144,
      visibilitySeconds: VisibilityTimeout ?? 30,
      deadLetterArn: RedrivePolicy?.deadLetterTargetArn,
    };
  };
  const account: Account = {
    crawlers: async () => [],
    jobs: async () => [],
    table: async () => undefined,
    tableGrants: async () => [],
    locationGrants: async () => undefined,
    async notice(name) {
      const properties = bucket(name);
      const { NotificationConfiguration: told } = (properties ?? {}) as {
        readonly NotificationConfiguration?: {
          readonly EventBridgeConfiguration?: { readonly EventBridgeEnabled: boolean };
        };
      };
      return (
        properties && {
          toEventBridge: told?.EventBridgeConfiguration?.EventBridgeEnabled === true,
          toQueues: [],
        }
      );
    },
    async versioning(name) {
      const { VersioningConfiguration } = (bucket(name) ?? {}) as {
        readonly VersioningConfiguration?: { readonly Status: string };
      };
      return bucket(name) && (VersioningConfiguration?.Status ?? 'Off');
    },
    async ownership(name) {
      const { OwnershipControls } = (bucket(name) ?? {}) as {
        readonly OwnershipControls?: { readonly Rules: readonly { readonly ObjectOwnership: string }[] };
      };
      return bucket(name) && (OwnershipControls?.Rules[0]?.ObjectOwnership ?? 'ACLs');
    },
    policy: async (name) =>
      bucket(name) && JSON.stringify(policy(name)?.PolicyDocument ?? '').replace(/^""$/u, ''),
    async expiries(name) {
      const { LifecycleConfiguration } = (bucket(name) ?? {}) as {
        readonly LifecycleConfiguration?: {
          readonly Rules: readonly { readonly ExpirationInDays?: number; readonly Prefix?: string }[];
        };
      };
      const rules = LifecycleConfiguration?.Rules ?? [];
      return rules
        .filter(({ ExpirationInDays }) => ExpirationInDays !== undefined)
        .map(({ Prefix = '' }, index) => ({ id: `rule ${index}`, prefix: Prefix }));
    },
    queue: (url) => queueByArn(stack.arnOfQueue(url)),
    queueByArn,
    async pollers(queueArn) {
      return ofType('AWS::Lambda::EventSourceMapping')
        .filter(([, { properties }]) => properties.EventSourceArn === queueArn)
        .map(([, { properties }]) => {
          const id = String(properties.FunctionName);
          const { Timeout, Role } = (resources.get(id)?.properties ?? {}) as {
            readonly Timeout?: number;
            readonly Role?: string;
          };
          return {
            functionArn: arnOf(id),
            isEnabled: properties.Enabled !== false,
            timeoutSeconds: Timeout,
            roleArn: Role,
          };
        });
    },
    async rules(bus) {
      return ofType('AWS::Events::Rule')
        .filter(([, { properties }]) => (properties.EventBusName ?? 'default') === bus)
        .map(([id, { properties }]) => ruleOf(id, properties));
    },
    workGroups: async () => [],
    async ledger(table) {
      const properties = resources.get(table)?.properties as
        | {
            readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
            readonly PointInTimeRecoverySpecification?: { readonly PointInTimeRecoveryEnabled: boolean };
          }
        | undefined;
      return (
        properties && {
          status: 'ACTIVE',
          keys: properties.KeySchema.map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`),
          isRecoverable: properties.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled === true,
        }
      );
    },
  };
  return { account, names: namesOf(stack), resources, idsOf: (type) => ofType(type).map(([id]) => id) };
}

function ruleOf(id: string, properties: Fields): EventRule {
  const targets = (properties.Targets ?? []) as readonly {
    readonly Arn: string;
    readonly DeadLetterConfig?: { readonly Arn: string };
  }[];
  return {
    name: id,
    isEnabled: properties.State !== 'DISABLED',
    pattern: properties.EventPattern === undefined ? undefined : JSON.stringify(properties.EventPattern),
    schedule: properties.ScheduleExpression as string | undefined,
    targetArns: targets.map(({ Arn }) => Arn),
    deadLetterArns: targets.flatMap(({ DeadLetterConfig }) => DeadLetterConfig?.Arn ?? []),
  };
}

/** From the output that a person saves as `headgate.json`. */
function namesOf(stack: SynthesisedStack): DeploymentNames {
  const [output] = Object.entries(stack.json.Outputs ?? {}).flatMap(([name, { Value }]) =>
    name.includes('Deployment') ? [String(stack.resolve(Value))] : [],
  );
  const environment = environmentFrom(JSON.parse(output ?? '{}') as Record<string, string>);
  const { ledgerTable = '', bus = '', quarantine = '', queues, deadLetters } = environment;
  return { ledgerTable, ledger: { get: async () => undefined }, bus, quarantine, queues, deadLetters };
}
