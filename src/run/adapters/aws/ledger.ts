import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { HeadgateError } from '../../../error.ts';
import { isUtf8, utf8Bytes } from '../../../text/utf8-order.ts';
import type { Json, Ledger, LedgerEntry, LedgerKey } from '../../ports/ledger.ts';
import { failureOf, translate } from './aws-error.ts';

export interface DynamoSettings {
  readonly client: Pick<DynamoDBClient, 'send'>;
  /** Partition key `scope`, sort key `id`, both strings; time to live by `expiresAt`, in seconds since 1970. */
  readonly table: string;
}

const MAX_KEY_BYTES = 1024;
const MAX_ITEM_BYTES = 400 * 1024;

/** A DynamoDB table: one item an entry, its value as JSON text, a fresh revision with every write. */
export function createDynamoLedger({ client, table }: DynamoSettings): Ledger {
  const call = (action: string, isWrite: boolean) => ({ action, resource: `table ${table}`, isWrite });
  return {
    async get(key) {
      if (!isStorable(key)) return undefined;
      try {
        const { Item } = await client.send(
          new GetItemCommand({ TableName: table, Key: keyOf(key), ConsistentRead: true }),
        );
        return Item && entryOf(Item);
      } catch (error) {
        throw translate(error, call('dynamodb:GetItem', false));
      }
    },
    async put(key, value, expectedRevision, { expiresAt } = {}) {
      const text = JSON.stringify(value);
      checkItem(key, text);
      const revision = randomUUID();
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: {
              ...keyOf(key),
              value: { S: text },
              revision: { S: revision },
              ...(expiresAt !== undefined && { expiresAt: { N: String(epochSeconds(expiresAt)) } }),
            },
            ...isAt(expectedRevision),
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return 'stored';
      } catch (error) {
        if (!isConditionFailed(error)) throw translate(error, call('dynamodb:PutItem', true));
        // The SDK repeats a call whose answer was lost: then what is there is what this call wrote.
        return failedItem(error)?.revision?.S === revision ? 'stored' : 'conflict';
      }
    },
    async remove(key, expectedRevision) {
      if (!isStorable(key)) return 'conflict';
      try {
        await client.send(
          new DeleteItemCommand({ TableName: table, Key: keyOf(key), ...isAt(expectedRevision) }),
        );
        return 'removed';
      } catch (error) {
        if (isConditionFailed(error)) return 'conflict';
        throw translate(error, call('dynamodb:DeleteItem', true));
      }
    },
    async *list(scope, idPrefix = '') {
      let after: Record<string, AttributeValue> | undefined;
      do {
        const page: Page = await queryPage({ client, table }, scope, idPrefix, after);
        after = page.after;
        if (page.entries.length > 0) yield page.entries;
      } while (after !== undefined);
    },
  };
}

interface Page {
  readonly entries: readonly LedgerEntry[];
  readonly after: Record<string, AttributeValue> | undefined;
}

async function queryPage(
  { client, table }: DynamoSettings,
  scope: string,
  idPrefix: string,
  after: Record<string, AttributeValue> | undefined,
): Promise<Page> {
  try {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression:
          idPrefix === '' ? '#scope = :scope' : '#scope = :scope AND begins_with(#id, :id)',
        ExpressionAttributeNames: { '#scope': 'scope', ...(idPrefix !== '' && { '#id': 'id' }) },
        ExpressionAttributeValues: {
          ':scope': { S: scope },
          ...(idPrefix !== '' && { ':id': { S: idPrefix } }),
        },
        ...(after && { ExclusiveStartKey: after }),
      }),
    );
    return { entries: Items.map(entryOf), after: LastEvaluatedKey };
  } catch (error) {
    throw translate(error, { action: 'dynamodb:Query', resource: `table ${table}`, isWrite: false });
  }
}

function epochSeconds(isoTime: string): number {
  return Math.ceil(Date.parse(isoTime) / 1000);
}

function keyOf({ scope, id }: LedgerKey) {
  return { scope: { S: scope }, id: { S: id } };
}

function isAt(expectedRevision: string | undefined) {
  return expectedRevision === undefined
    ? { ConditionExpression: 'attribute_not_exists(#id)', ExpressionAttributeNames: { '#id': 'id' } }
    : {
        ConditionExpression: '#revision = :revision',
        ExpressionAttributeNames: { '#revision': 'revision' },
        ExpressionAttributeValues: { ':revision': { S: expectedRevision } },
      };
}

function entryOf(item: Record<string, AttributeValue>): LedgerEntry {
  const text = (name: string) => item[name]?.S ?? '';
  return {
    scope: text('scope'),
    id: text('id'),
    value: JSON.parse(text('value')) as Json,
    revision: text('revision'),
  };
}

function isConditionFailed(error: unknown): boolean {
  return failureOf(error).name === 'ConditionalCheckFailedException';
}

function failedItem(error: unknown): Record<string, AttributeValue> | undefined {
  return (error as { readonly Item?: Record<string, AttributeValue> }).Item;
}

function isStorable({ scope, id }: LedgerKey): boolean {
  return [scope, id].every((part) => part !== '' && isUtf8(part) && utf8Bytes(part) <= MAX_KEY_BYTES);
}

function checkItem(key: LedgerKey, text: string): void {
  if (!isStorable(key))
    throw new HeadgateError(
      'NOT_STORABLE',
      `a ledger key of ${utf8Bytes(key.scope)} and ${utf8Bytes(key.id)} bytes, expected 1 to ${MAX_KEY_BYTES} each`,
    );
  const bytes = utf8Bytes(key.scope) + utf8Bytes(key.id) + utf8Bytes(text);
  if (bytes > MAX_ITEM_BYTES)
    throw new HeadgateError(
      'NOT_STORABLE',
      `a ledger entry of ${bytes} bytes, expected at most ${MAX_ITEM_BYTES}`,
    );
}
