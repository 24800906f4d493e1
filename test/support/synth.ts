import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Headgate, type HeadgateProps } from '../../infra/index.ts';

// CDK holds each template against the schemas of its resources, which takes half of the time: once, in nag.test.ts, is enough.
process.env.CDK_VALIDATION = 'false';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';

type Value = Readonly<Record<string, unknown>>;

/** A resource with every reference of CloudFormation as the value that it would have. */
export interface Resource {
  readonly type: string;
  readonly properties: Value;
}

export interface SynthesisedStack {
  readonly template: Template;
  readonly json: {
    readonly Resources: Readonly<
      Record<
        string,
        {
          readonly Type: string;
          readonly Properties: Value;
          readonly DeletionPolicy?: string;
          readonly UpdateReplacePolicy?: string;
        }
      >
    >;
    readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
  };
  /** By logical id. */
  readonly resources: ReadonlyMap<string, Resource>;
  /** Folder of the cloud assembly. */
  readonly folder: string;
  /** What the constructs warn about. */
  readonly warnings: readonly string[];
  attribute(logicalId: string, name: string): string;
  arnOfQueue(url: string): string;
  resolve(value: unknown): unknown;
}

export const SCHEMAS = resolve(import.meta.dirname, '../../schemas');

/** Synthesises a stack, without account and network, into a folder that is removed at once unless it is kept. */
export function synth(
  props: Partial<HeadgateProps> = {},
  options: { readonly stack?: StackProps; readonly build?: (stack: Stack) => Partial<HeadgateProps> } = {},
): SynthesisedStack {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-synth-'));
  try {
    const app = new App({ outdir: folder });
    const stack = new Stack(app, 'Headgate', options.stack ?? {});
    const headgate = new Headgate(stack, 'Headgate', {
      contracts: SCHEMAS,
      ...props,
      ...options.build?.(stack),
    });
    const template = Template.fromStack(stack);
    const warnings = headgate.node.metadata
      .filter(({ type }) => type === 'aws:cdk:warning')
      .map(({ data }) => String(data));
    return { ...described(template), folder, warnings };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const made: string[] = [];
process.on('exit', () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A folder with these contracts, by file name; removed when the process ends. */
export function contractFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-contracts-'));
  made.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function described(template: Template) {
  const json = template.toJSON() as SynthesisedStack['json'];
  const attribute = (id: string, name: string) =>
    attributeOf(json.Resources[id]?.Type ?? '', id, name, refOf);
  const refOf = (id: string): string => {
    const { Type = '', Properties = {} } = json.Resources[id] ?? {};
    switch (Type) {
      case 'AWS::S3::Bucket':
        return String(Properties.BucketName ?? id.toLowerCase());
      case 'AWS::SQS::Queue':
        return `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${id}`;
      case 'AWS::SNS::Topic':
        return `arn:aws:sns:${REGION}:${ACCOUNT}:${id}`;
      case 'AWS::IAM::Role':
        return String(resolved(Properties.RoleName));
      case 'AWS::Events::EventBus':
        return String(Properties.Name);
      default:
        return id;
    }
  };
  const resolved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolved);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [[key, argument] = ['', undefined]] = entries;
    if (entries.length === 1) {
      if (key === 'Ref') return PSEUDO[String(argument)] ?? refOf(String(argument));
      if (key === 'Fn::GetAtt') {
        const [id, name] = argument as readonly [string, string];
        return attribute(id, name);
      }
      if (key === 'Fn::Join') {
        const [separator, parts] = argument as readonly [string, readonly unknown[]];
        return parts.map(resolved).join(separator);
      }
      if (key.startsWith('Fn::')) throw new Error(`no value for ${key}`);
    }
    return Object.fromEntries(entries.map(([name, inner]) => [name, resolved(inner)]));
  };
  const resources = new Map(
    Object.entries(json.Resources).map(([id, { Type, Properties = {} }]) => [
      id,
      {
        type: Type,
        properties: (Type === 'AWS::Lambda::Function'
          ? resolvedFunction(Properties, resolved)
          : resolved(Properties)) as Value,
      },
    ]),
  );
  return {
    template,
    json,
    resources,
    attribute,
    arnOfQueue: (url: string) => `arn:aws:sqs:${REGION}:${ACCOUNT}:${url.split('/').at(-1)}`,
    resolve: resolved,
  };
}

/** The code is an asset whose place is no matter here. */
function resolvedFunction({ Code: _, ...properties }: Value, resolved: (value: unknown) => unknown): unknown {
  return resolved(properties);
}

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'Headgate',
};

function attributeOf(type: string, id: string, name: string, refOf: (id: string) => string): string {
  if (name === 'QueueName' || name === 'TopicName') return id;
  if (name !== 'Arn') return `${id}.${name}`;
  const here = `${REGION}:${ACCOUNT}`;
  switch (type) {
    case 'AWS::S3::Bucket':
      return `arn:aws:s3:::${refOf(id)}`;
    case 'AWS::SQS::Queue':
      return `arn:aws:sqs:${here}:${id}`;
    case 'AWS::Lambda::Function':
      return `arn:aws:lambda:${here}:function:${id}`;
    case 'AWS::IAM::Role':
      return `arn:aws:iam::${ACCOUNT}:role/${refOf(id)}`;
    case 'AWS::DynamoDB::Table':
      return `arn:aws:dynamodb:${here}:table/${id}`;
    case 'AWS::Events::EventBus':
      return `arn:aws:events:${here}:event-bus/${refOf(id)}`;
    case 'AWS::Events::Rule':
      return `arn:aws:events:${here}:rule/${id}`;
    case 'AWS::Logs::LogGroup':
      return `arn:aws:logs:${here}:log-group:${id}:*`;
    case 'AWS::KMS::Key':
      return `arn:aws:kms:${here}:key/${id}`;
    default:
      return `arn:aws:${type}:${id}`;
  }
}
