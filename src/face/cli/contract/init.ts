import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { editorSchema } from '../../../judge/contract/editor-schema.ts';
import { writeBytes } from '../../../run/adapters/local/file-writer.ts';
import { safeText } from '../../../text/safe.ts';
import { type ExitCode, type Terminal, UsageError } from '../run.ts';
import { EDITOR_COMMENT, EDITOR_SCHEMA_FILE } from './editor-comment.ts';

export interface InitOptions {
  readonly table: string;
  readonly database: string;
  readonly bucket: string;
}

/** `headgate init [DIR]`: a first contract that lints clean, and a workflow that keeps it so. Nothing that is there is touched. */
export async function runInit(dir: string, options: InitOptions, terminal: Terminal): Promise<ExitCode> {
  for (const [name, value] of Object.entries(options))
    if (!/^[a-z0-9][a-z0-9_.-]{0,62}$/u.test(value))
      throw new UsageError(
        `--${name} ${safeText(value, 80)}: expected lower-case letters, digits, _ . and -`,
      );
  const files = {
    [join(dir, 'schemas', `${options.table}.odcs.yaml`)]: contractText(options),
    [join(dir, 'schemas', EDITOR_SCHEMA_FILE)]: `${JSON.stringify(editorSchema(), undefined, 2)}\n`,
    [join(dir, '.github', 'workflows', 'headgate.yml')]: WORKFLOW,
  };
  const taken = Object.keys(files).filter((file) => existsSync(file));
  if (taken.length > 0)
    throw new UsageError(
      `${taken.map((file) => safeText(file, 200)).join(' and ')} is there already: nothing was written`,
    );
  for (const [file, text] of Object.entries(files)) {
    await writeBytes(file, text);
    terminal.out(`${safeText(file, 512)}\n`);
  }
  terminal.err(
    'next: declare your columns, or `headgate import parquet DIR --merge` them; then `headgate lint`\n',
  );
  return 0;
}

function contractText({ table, database, bucket }: InitOptions): string {
  return `${EDITOR_COMMENT}
apiVersion: v3.1.0
kind: DataContract
id: ${table}
name: ${table}
version: 1.0.0
status: draft
description:
  purpose: What a row is, and who writes it.

servers:
  - server: landing
    type: s3
    environment: prod
    description: Writers write here; nobody queries it.
    location: s3://${bucket}-landing/${table}/
    format: parquet
  - server: catalog
    type: glue
    environment: prod
    account: "123456789012" # yours, in quotes
    database: ${database}
    location: s3://${bucket}/${table}/
    format: parquet

schema:
  - name: ${table}
    physicalType: table
    logicalType: object
    properties:
      - name: id
        logicalType: string
        physicalType: string
        required: true
        unique: true
        description: The key.
      - name: created_at
        logicalType: timestamp
        logicalTypeOptions: { timezone: true }
        physicalType: timestamp
        required: true
      - name: dt
        logicalType: date
        physicalType: date
        required: true
        partitioned: true
        partitionKeyPosition: 1
    customProperties:
      - property: headgate
        description: How files that differ are treated.
        value:
          onMissingColumn: hold
          onUnknownColumn: warn
          compatibility: backward

support:
  - { channel: "#data", tool: slack, scope: notifications }
`;
}

const WORKFLOW = `name: contracts
on:
  pull_request:
    paths: ["schemas/**"]
permissions:
  contents: read
jobs:
  headgate:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: actions/setup-node@v4
        with:
          node-version: 24
      - run: npx --yes headgate lint --format github
      - run: npx --yes headgate diff --against "origin/$BASE" --format github
        env:
          BASE: \${{ github.base_ref }}
`;
