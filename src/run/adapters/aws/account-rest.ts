import { type AthenaClient, ListWorkGroupsCommand } from '@aws-sdk/client-athena';
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import {
  type EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
} from '@aws-sdk/client-eventbridge';
import type { Account } from '../../ports/account.ts';
import { pages, read } from './account-read.ts';

export interface AccountRestSettings {
  readonly events: Pick<EventBridgeClient, 'send'>;
  readonly athena: Pick<AthenaClient, 'send'>;
  readonly dynamo: Pick<DynamoDBClient, 'send'>;
}

/** What EventBridge, Athena and DynamoDB say. */
export function accountRest({
  events,
  athena,
  dynamo,
}: AccountRestSettings): Pick<Account, 'rules' | 'workGroups' | 'ledger'> {
  const targetsOf = async (bus: string, rule: string) => {
    const targets = await read('events:ListTargetsByRule', `rule ${rule}`, () =>
      pages(
        (NextToken) =>
          events.send(
            new ListTargetsByRuleCommand({ EventBusName: bus, Rule: rule, ...(NextToken && { NextToken }) }),
          ),
        ({ Targets }) => Targets,
        ({ NextToken }) => NextToken,
      ),
    );
    return targets ?? [];
  };
  return {
    async rules(bus) {
      const rules = await read('events:ListRules', `bus ${bus}`, () =>
        pages(
          (NextToken) =>
            events.send(new ListRulesCommand({ EventBusName: bus, ...(NextToken && { NextToken }) })),
          ({ Rules }) => Rules,
          ({ NextToken }) => NextToken,
        ),
      );
      if (rules === undefined) return undefined;
      const found = [];
      // One after the other: EventBridge lets few of these through at once.
      for (const { Name = '', State, EventPattern, ScheduleExpression } of rules) {
        const targets = await targetsOf(bus, Name);
        found.push({
          name: Name,
          isEnabled: State !== 'DISABLED',
          pattern: EventPattern,
          schedule: ScheduleExpression,
          targetArns: targets.flatMap(({ Arn }) => Arn ?? []),
          deadLetterArns: targets.flatMap(({ DeadLetterConfig }) => DeadLetterConfig?.Arn ?? []),
        });
      }
      return found;
    },
    async workGroups() {
      const groups = await read('athena:ListWorkGroups', 'work groups', () =>
        pages(
          (NextToken) => athena.send(new ListWorkGroupsCommand({ ...(NextToken && { NextToken }) })),
          ({ WorkGroups }) => WorkGroups,
          ({ NextToken }) => NextToken,
        ),
      );
      return (groups ?? []).map(({ Name = '', State, EngineVersion }) => ({
        name: Name,
        isEnabled: State !== 'DISABLED',
        engine: EngineVersion?.EffectiveEngineVersion ?? 'not told',
      }));
    },
    async ledger(table) {
      const described = await read('dynamodb:DescribeTable', `table ${table}`, () =>
        dynamo.send(new DescribeTableCommand({ TableName: table })),
      );
      if (described?.Table === undefined) return undefined;
      const backups = await read('dynamodb:DescribeContinuousBackups', `table ${table}`, () =>
        dynamo.send(new DescribeContinuousBackupsCommand({ TableName: table })),
      );
      const recovery = backups?.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
      return {
        status: described.Table.TableStatus ?? 'unknown',
        keys: (described.Table.KeySchema ?? []).map(
          ({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`,
        ),
        isRecoverable: recovery?.PointInTimeRecoveryStatus === 'ENABLED',
      };
    },
  };
}
