import { compareUtf8 } from '../../../src/text/utf8-order.ts';
import { awsError, type Commands, type Input, type SdkWorld } from './sdk-command.ts';

/** DynamoDB by the few expressions that the ledger sends; any other is an error of the test. */
export function dynamoCommands({ world: { ledger }, limits }: SdkWorld): Commands {
  const itemsOf = (scope: string) => {
    const items = ledger.scopes.get(scope) ?? new Map();
    ledger.scopes.set(scope, items);
    return items;
  };
  const itemOf = (scope: string, id: string): Input => {
    const item = itemsOf(scope).get(id);
    return (
      item && { scope: { S: scope }, id: { S: id }, value: { S: item.text }, revision: { S: item.revision } }
    );
  };
  const check = (input: Input, item: Input) => {
    const expected = input.ExpressionAttributeValues?.[':revision']?.S;
    const expectsNothing = input.ConditionExpression === 'attribute_not_exists(#id)';
    if (!expectsNothing && input.ConditionExpression !== '#revision = :revision')
      throw new Error('an unknown condition');
    if (expectsNothing ? item !== undefined : item?.revision.S !== expected)
      throw awsError('ConditionalCheckFailedException', 400, { Item: item });
  };
  return {
    GetItemCommand: ({ Key, ConsistentRead }) => {
      if (!ConsistentRead) throw new Error('a read that may be stale');
      return { Item: itemOf(Key.scope.S, Key.id.S) };
    },
    PutItemCommand: (input) => {
      const { scope, id, value, revision } = input.Item;
      check(input, itemOf(scope.S, id.S));
      itemsOf(scope.S).set(id.S, {
        text: value.S,
        revision: revision.S,
        ...(input.Item.expiresAt && {
          expiresAt: new Date(Number(input.Item.expiresAt.N) * 1000).toISOString(),
        }),
      });
      return {};
    },
    DeleteItemCommand: (input) => {
      const { scope, id } = input.Key;
      check(input, itemOf(scope.S, id.S));
      itemsOf(scope.S).delete(id.S);
      return {};
    },
    QueryCommand: ({ ExpressionAttributeValues, ExclusiveStartKey, ConsistentRead }) => {
      if (!ConsistentRead) throw new Error('a read that may be stale');
      const scope = ExpressionAttributeValues[':scope'].S;
      const prefix = ExpressionAttributeValues[':id']?.S ?? '';
      const after = ExclusiveStartKey?.id.S;
      const ids = [...itemsOf(scope).keys()]
        .filter((id) => id.startsWith(prefix) && (after === undefined || compareUtf8(id, after) > 0))
        .sort(compareUtf8);
      const page = ids.slice(0, limits.ledgerEntriesPerPage);
      return {
        Items: page.map((id) => itemOf(scope, id)),
        ...(page.length < ids.length && {
          LastEvaluatedKey: { scope: { S: scope }, id: { S: page.at(-1) } },
        }),
      };
    },
  };
}
