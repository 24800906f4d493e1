/**
 * Actions that know no resource, so that `Resource: "*"` is the only way to allow them; each with AWS's own page that
 * says so. Nothing else in the stack may have that resource (a test holds it).
 */
export const UNSCOPED_ACTIONS = {
  'xray:PutTraceSegments':
    'https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html',
  'xray:PutTelemetryRecords':
    'https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html',
  'xray:GetSamplingRules':
    'https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html',
  'xray:GetSamplingTargets':
    'https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html',
  // Step Functions sets up the delivery of its own log: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
  'logs:CreateLogDelivery': 'https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html',
  'logs:GetLogDelivery': 'https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html',
  'logs:UpdateLogDelivery': 'https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html',
  'logs:DeleteLogDelivery': 'https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html',
  'logs:ListLogDeliveries': 'https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html',
  'logs:PutResourcePolicy': 'https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html',
  'logs:DescribeResourcePolicies': 'https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html',
  'logs:DescribeLogGroups': 'https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html',
} as const satisfies Readonly<Record<string, string>>;

export type UnscopedAction = keyof typeof UNSCOPED_ACTIONS;

export const TRACING_ACTIONS = [
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
] as const satisfies readonly UnscopedAction[];

export const MACHINE_ACTIONS = [
  ...TRACING_ACTIONS,
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
] as const satisfies readonly UnscopedAction[];
