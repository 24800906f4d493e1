import { GATE_PAGE_LIMITS } from '../src/judge/pages/limits.ts';

/** How often each call was made by the functions, in a run of so many files. */
export interface CallCounts {
  readonly files: number;
  /** Batches that each queue gave to its function, and the messages in them. */
  readonly batches: Readonly<Record<string, { readonly batches: number; readonly messages: number }>>;
  readonly calls: Readonly<Record<string, number>>;
}

/** The same job in both modes that move something. */
export interface CountedModes {
  readonly promote: CallCounts;
  readonly 'in-place': CallCounts;
}

/** List prices of us-east-1 in US dollars, without the free tier; each with where it was read. */
const PRICES = {
  eventBridge: {
    perMillion: 1.0,
    what: 'EventBridge, per million events',
    source: 'AWS pricing page of EventBridge',
  },
  sqs: { perMillion: 0.4, what: 'SQS, per million requests', source: 'AWS pricing page of SQS' },
  lambdaRequest: {
    perMillion: 0.2,
    what: 'Lambda, per million requests',
    source: 'AWS pricing page of Lambda',
  },
  lambdaGbSecond: {
    perMillion: 13.3334,
    what: 'Lambda on arm64, per million GB-seconds',
    source: 'AWS pricing page of Lambda',
  },
  s3Read: { perMillion: 0.4, what: 'S3 GET and HEAD, per million', source: 'AWS pricing page of S3' },
  s3Write: { perMillion: 5.0, what: 'S3 PUT, COPY and LIST, per million', source: 'AWS pricing page of S3' },
  s3Delete: { perMillion: 0, what: 'S3 DELETE', source: 'AWS pricing page of S3' },
  glue: {
    perMillion: 1.0,
    what: 'Glue Data Catalog, per million requests',
    source: 'AWS pricing page of Glue',
  },
  dynamoRead: {
    perMillion: 0.125,
    what: 'DynamoDB on demand, per million read units',
    source: 'AWS pricing page of DynamoDB',
  },
  dynamoWrite: {
    perMillion: 0.625,
    what: 'DynamoDB on demand, per million write units',
    source: 'AWS pricing page of DynamoDB',
  },
  sns: { perMillion: 0.5, what: 'SNS, per million publishes', source: 'AWS pricing page of SNS' },
} as const;
type Price = keyof typeof PRICES;

const PRICE_OF: Readonly<Record<string, Price>> = {
  HeadObjectCommand: 's3Read',
  GetObjectCommand: 's3Read',
  PutObjectCommand: 's3Write',
  CopyObjectCommand: 's3Write',
  ListObjectsV2Command: 's3Write',
  DeleteObjectCommand: 's3Delete',
  GetTableCommand: 'glue',
  CreateTableCommand: 'glue',
  UpdateTableCommand: 'glue',
  BatchCreatePartitionCommand: 'glue',
  GetPartitionCommand: 'glue',
  GetPartitionsCommand: 'glue',
  GetItemCommand: 'dynamoRead',
  QueryCommand: 'dynamoRead',
  PutItemCommand: 'dynamoWrite',
  DeleteItemCommand: 'dynamoWrite',
  SendMessageBatchCommand: 'sqs',
  PutEventsCommand: 'eventBridge',
  PublishCommand: 'sns',
};

/**
 * Not measured on AWS: a batch waits for S3 most of its time, ten objects at a time, and S3 answers small requests within 0.1
 * to 0.2 seconds (AWS's own guide to its performance); all that it asks of ledger and queues takes as long as one batch of them.
 */
const ASSUMED_SECONDS = { forBatch: 0.1, forRound: 0.2 } as const;
const ROUND = 10;
/** What is done one after the other with each object; one thing where nothing is said. */
const ROUNDS: Readonly<Record<string, number>> = { publish: 2, quarantine: 5 };
const RECEIVED_AT_ONCE = 10;
const MEMORY_GB = 0.5;
const MILLION = 1_000_000;

interface Line {
  readonly price: Price;
  readonly perFile: number;
}

function linesOf({ files, batches, calls }: CallCounts): readonly Line[] {
  const total = new Map<Price, number>();
  const add = (price: Price, count: number) => total.set(price, (total.get(price) ?? 0) + count);
  for (const [command, count] of Object.entries(calls)) {
    const price = PRICE_OF[command];
    if (price === undefined) throw new Error(`${command} has no price`);
    add(price, count);
  }
  // One event of S3 for each file.
  add('eventBridge', files);
  add('sqs', files);
  for (const [queue, given] of Object.entries(batches)) {
    // Ten messages at most are received, and deleted, by one request.
    add('sqs', 2 * Math.max(given.batches, Math.ceil(given.messages / RECEIVED_AT_ONCE)));
    add('lambdaRequest', given.batches);
    const rounds = Math.max(given.batches, given.messages / ROUND) * (ROUNDS[queue] ?? 1);
    const seconds = given.batches * ASSUMED_SECONDS.forBatch + rounds * ASSUMED_SECONDS.forRound;
    add('lambdaGbSecond', seconds * MEMORY_GB);
  }
  return (Object.keys(PRICES) as Price[]).flatMap((price) => {
    const count = total.get(price) ?? 0;
    return count === 0 ? [] : [{ price, perFile: count / files }];
  });
}

function costOf({ price, perFile }: Line): number {
  return perFile * PRICES[price].perMillion;
}

/** Of all services, for a million files. */
export function dollarsPerMillion(counts: CallCounts): number {
  return linesOf(counts).reduce((sum, line) => sum + costOf(line), 0);
}

function tableOf(counts: CallCounts): string {
  const rows = linesOf(counts).map(
    (line) =>
      `| ${PRICES[line.price].what} | ${line.perFile.toFixed(3)} | ${PRICES[line.price].perMillion} | ${costOf(line).toFixed(2)} | ${PRICES[line.price].source} |`,
  );
  return `| what | for each file | $ per million | $ per million files | source |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
| **together** | | | **${dollarsPerMillion(counts).toFixed(2)}** | |`;
}

/** `docs/cost.md`. */
export function costDocument(modes: CountedModes): string {
  const { promote, 'in-place': inPlace } = modes;
  const total = dollarsPerMillion(promote);
  const crawlerRun = 0.147;
  return `# What it costs

Computed by \`npm run docs\` from the calls that the functions really made in the end-to-end runs of ${promote.files} files on
moto (\`WRITE_RESULTS=1 npm run test:aws\`, \`bench/results/aws-calls.json\`): told by EventBridge, batches as the stack has them (50 to judge, 20
to publish), five partitions at once, one file in a hundred held. Prices are list prices of us-east-1 without the free tier; check them against the bill.

In mode \`promote\`:

${tableOf(promote)}

In mode \`in-place\`, where nothing is copied:

${tableOf(inPlace)}

Not measured on AWS, and so assumed: ${ASSUMED_SECONDS.forBatch} seconds for a batch and ${ASSUMED_SECONDS.forRound} for every ${ROUND} objects that it asks S3 about (twice that to
publish, five times to quarantine), at ${MEMORY_GB * 1024} MB; ledger items below the size of one unit; full batches, as a job of many files fills them;
no empty receives. Not in it: logs, metrics, KMS (use bucket keys), and the storage of what is published beside
landing. \`observe\` sends nothing on and costs less than \`in-place\`.

## What a sweep adds

Each table is listed once an hour on both sides: a page of 1,000 objects is one LIST, so that a million published objects cost about
$0.01 an hour. Objects that were written in one part and without a customer's key are compared by their ETags, and nothing else is asked. The
published copy of any other is asked once by HEAD, and once a week: $0.40 for a million. What agreed is one ledger entry for each
stretch of some 500 keys: 2,000 reads an hour for a million objects are $0.18 a month, and a stretch in which an object changed is asked
again, at most 1,000 HEADs, or $0.0004.

A sweep of 50 million objects is 100,000 LISTs, or $0.50, and takes hours: the next one begins when it is over. A first look at as many
asks for 50 million verdicts, ten by one request to SQS: $2 beside what each file costs.

## What a deeper look adds

With \`depth: pages\` the gate asks S3 for one range more of a file whose pages have at most 1 MiB: $${PRICES.s3Read.perMillion.toFixed(2)} for a million files. Of a
larger one it asks for one or two more for each row group of a column whose values are asked about, and never for more than
${GATE_PAGE_LIMITS.reads}: at most $${(GATE_PAGE_LIMITS.reads * PRICES.s3Read.perMillion).toFixed(2)} for a million files. \`depth: data\` reads all of a file and is not run on AWS.

## Against what else there is

| what | price | what it does |
| --- | --- | --- |
| Headgate | $${total.toFixed(2)} for a million files | judges each file before anybody reads it |
| Glue crawler | $${crawlerRun} a run at least (2 DPU for 10 minutes); hourly $${(crawlerRun * 730).toFixed(0)} a month for each table | takes over whatever schema it finds |
| Glue Data Quality | about $0.37 a run (5 DPU for 10 minutes) | reads the data: complements, does not replace |

One run of a crawler costs as much as ${Math.round((crawlerRun / total) * MILLION).toLocaleString('en')} files that are judged and published.
`;
}
