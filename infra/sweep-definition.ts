/** So that a sweep leaves the account's functions, and its requests to S3, to the files that arrive. */
const MAX_CONCURRENCY = 10;

/** Throttles and other passing trouble: what was compared is stored, and is not compared again. */
const RETRY = [
  {
    ErrorEquals: ['States.ALL'],
    IntervalSeconds: 5,
    MaxAttempts: 5,
    BackoffRate: 2,
    JitterStrategy: 'FULL',
  },
] as const;

/**
 * A sweep of one table in pieces as Amazon States Language (JSONPath). Its input is `{"table": "database.table"}`, with
 * `"isThorough": true` where every published object is to be compared by its metadata. Each piece is called again until it is done: a
 * piece may take hours, and each call goes on where the one before was. CloudFormation puts in what `${…}` names.
 */
export function sweepDefinition() {
  return {
    Comment: 'Sweeps a table that is too large for one function',
    StartAt: 'Split',
    States: {
      Split: {
        Type: 'Task',
        Resource: '${WatchFunctionArn}',
        Parameters: { job: 'split', 'input.$': '$' },
        Retry: RETRY,
        Next: 'SweepPieces',
      },
      SweepPieces: {
        Type: 'Map',
        Label: 'Pieces',
        ItemsPath: '$.pieces',
        ItemSelector: {
          job: 'sweep',
          'table.$': '$.table',
          'startedAt.$': '$.startedAt',
          'isThorough.$': '$.isThorough',
          'piece.$': '$$.Map.Item.Value',
        },
        MaxConcurrency: MAX_CONCURRENCY,
        ToleratedFailurePercentage: 0,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'SweepPiece',
          States: {
            SweepPiece: {
              Type: 'Task',
              Resource: '${WatchFunctionArn}',
              ResultPath: '$.swept',
              Retry: RETRY,
              Next: 'IsPieceDone',
            },
            IsPieceDone: {
              Type: 'Choice',
              Choices: [{ Variable: '$.swept.isDone', BooleanEquals: true, Next: 'PieceDone' }],
              Default: 'SweepPiece',
            },
            // The results of all pieces come together in one state: they say nothing.
            PieceDone: { Type: 'Pass', Result: {}, End: true },
          },
        },
        ResultPath: null,
        Next: 'Finish',
      },
      Finish: {
        Type: 'Task',
        Resource: '${WatchFunctionArn}',
        Parameters: {
          job: 'finish',
          'table.$': '$.table',
          'startedAt.$': '$.startedAt',
          'isThorough.$': '$.isThorough',
          'pieceCount.$': 'States.ArrayLength($.pieces)',
        },
        Retry: RETRY,
        End: true,
      },
    },
  };
}
