import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { HeadgateError } from '../../../error.ts';
import { translate } from './aws-error.ts';
import { type AwsSettings, clientConfig } from './clients.ts';

/**
 * The ARN of whoever holds the credentials. AWS lets every principal ask; the answer is what CloudTrail calls them. Loaded
 * only where somebody acts.
 */
export async function callerArn(
  settings: AwsSettings,
  client: Pick<STSClient, 'send'> = new STSClient(clientConfig(settings, 'other')),
): Promise<string> {
  const call = { action: 'sts:GetCallerIdentity', resource: 'the credentials', isWrite: false };
  try {
    const { Arn } = await client.send(new GetCallerIdentityCommand({}));
    if (Arn) return Arn;
  } catch (error) {
    throw translate(error, call);
  }
  throw new HeadgateError('NOT_CONFIGURED', 'AWS does not say whose credentials these are');
}
