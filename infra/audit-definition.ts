/** Objects that one call of the function judges: seconds of work, and an input well below the limit of a state. */
const BATCH = { MaxItemsPerBatch: 500, MaxInputBytesPerBatch: 200_000 } as const;
/** So that an audit leaves the account's functions to the files that arrive. */
const MAX_CONCURRENCY = 20;

/**
 * The audit as Amazon States Language (JSONPath). Its input is `{"bucket": "…", "prefix": "…"}`, which lists, or
 * `{"bucket": "…", "manifest": {"bucket": "…", "key": "…"}}`, which reads an S3 Inventory in CSV. It only reads what it
 * judges; verdicts that are not `admit` stand in its results. CloudFormation puts in what `${…}` names.
 */
export function auditDefinition() {
  return {
    Comment: 'Judges objects that exist already, and changes nothing',
    StartAt: 'HasManifest',
    States: {
      HasManifest: {
        Type: 'Choice',
        Choices: [{ Variable: '$.manifest', IsPresent: true, Next: 'AuditInventory' }],
        Default: 'AuditListing',
      },
      AuditInventory: distributedMap('Inventory', {
        ItemReader: {
          Resource: 'arn:${Partition}:states:::s3:getObject',
          ReaderConfig: { InputType: 'MANIFEST' },
          Parameters: { 'Bucket.$': '$.manifest.bucket', 'Key.$': '$.manifest.key' },
        },
        areKeysEncoded: true,
      }),
      AuditListing: distributedMap('Listing', {
        ItemReader: {
          Resource: 'arn:${Partition}:states:::s3:listObjectsV2',
          Parameters: { 'Bucket.$': '$.bucket', 'Prefix.$': '$.prefix' },
        },
        areKeysEncoded: false,
      }),
    },
  };
}

function distributedMap(
  label: string,
  { ItemReader, areKeysEncoded }: { readonly ItemReader: object; readonly areKeysEncoded: boolean },
) {
  return {
    Type: 'Map',
    Label: label,
    ItemReader,
    ItemSelector: { 'Key.$': '$$.Map.Item.Value.Key' },
    ItemBatcher: { ...BATCH, BatchInput: { 'bucket.$': '$.bucket', areKeysEncoded } },
    MaxConcurrency: MAX_CONCURRENCY,
    // An audit that lacks objects would say less than it seems to; a failed one is redriven.
    ToleratedFailurePercentage: 0,
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
      // Names are unique in the whole machine.
      StartAt: `Judge${label}`,
      States: {
        [`Judge${label}`]: {
          Type: 'Task',
          Resource: '${AuditFunctionArn}',
          Parameters: {
            'bucket.$': '$.BatchInput.bucket',
            'areKeysEncoded.$': '$.BatchInput.areKeysEncoded',
            'items.$': '$.Items',
          },
          // Throttles and other passing trouble; a whole batch is judged again.
          Retry: [
            {
              ErrorEquals: ['States.ALL'],
              IntervalSeconds: 5,
              MaxAttempts: 5,
              BackoffRate: 2,
              JitterStrategy: 'FULL',
            },
          ],
          End: true,
        },
      },
    },
    ResultWriter: {
      Resource: 'arn:${Partition}:states:::s3:putObject',
      Parameters: { Bucket: '${ResultsBucket}', Prefix: 'audits' },
    },
    End: true,
  };
}
