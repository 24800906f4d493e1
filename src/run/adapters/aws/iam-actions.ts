/**
 * The IAM actions that each call of an adapter needs; the stack builds its roles from this. A test records the calls
 * of every function and fails on one that is not here.
 */
export const IAM_ACTIONS = {
  // A missing key is answered by 404 only to who may list; else by 403, which would not be told from a missing right.
  HeadObjectCommand: ['s3:GetObject', 's3:ListBucket'],
  GetObjectCommand: ['s3:GetObject', 's3:ListBucket'],
  PutObjectCommand: ['s3:PutObject'],
  ListObjectsV2Command: ['s3:ListBucket'],
  // Of a copy: what is written. Tags travel along.
  CopyObjectCommand: ['s3:PutObject', 's3:PutObjectTagging'],
  // Of a copy, whole or in parts: what is read.
  CopySource: ['s3:GetObject', 's3:GetObjectTagging'],
  // If-Match on a delete is allowed only to who may read.
  DeleteObjectCommand: ['s3:DeleteObject', 's3:GetObject'],
  GetObjectTaggingCommand: ['s3:GetObjectTagging'],
  CreateMultipartUploadCommand: ['s3:PutObject', 's3:PutObjectTagging'],
  UploadPartCopyCommand: ['s3:PutObject'],
  CompleteMultipartUploadCommand: ['s3:PutObject'],
  AbortMultipartUploadCommand: ['s3:AbortMultipartUpload'],
  GetTableCommand: ['glue:GetTable'],
  // By people: what a rollback goes back to.
  GetTableVersionCommand: ['glue:GetTableVersion'],
  GetTableVersionsCommand: ['glue:GetTableVersions'],
  CreateTableCommand: ['glue:CreateTable'],
  UpdateTableCommand: ['glue:UpdateTable'],
  BatchCreatePartitionCommand: ['glue:BatchCreatePartition'],
  GetPartitionCommand: ['glue:GetPartition'],
  GetPartitionsCommand: ['glue:GetPartitions'],
  UpdatePartitionCommand: ['glue:UpdatePartition'],
  GetItemCommand: ['dynamodb:GetItem'],
  PutItemCommand: ['dynamodb:PutItem'],
  DeleteItemCommand: ['dynamodb:DeleteItem'],
  QueryCommand: ['dynamodb:Query'],
  SendMessageBatchCommand: ['sqs:SendMessage'],
  // By people, on dead letters; their queue takes sqs:SendMessage.
  StartMessageMoveTaskCommand: [
    'sqs:StartMessageMoveTask',
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
  ],
  PutEventsCommand: ['events:PutEvents'],
  PublishCommand: ['sns:Publish'],
  GetSecretValueCommand: ['secretsmanager:GetSecretValue'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Calls of the SDK, and the source of a copy. */
export type CommandName = keyof typeof IAM_ACTIONS;
