import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import type { GuardedTable } from '../src/run/table/guarded-table.ts';

/** Glue databases that contracts name and that do not exist yet; tables come with the first admitted file. */
export class Databases extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly tables: readonly GuardedTable[];
      readonly existing: readonly string[];
      readonly catalogId: string;
    },
  ) {
    super(scope, id);
    const existing = new Set(props.existing.map((name) => name.toLowerCase()));
    const names = new Set(
      props.tables
        .filter(({ placement }) => placement.mode !== 'observe')
        .map(({ ref }) => ref.database.toLowerCase()),
    );
    for (const name of [...names].toSorted()) {
      // Every account has it.
      if (existing.has(name) || name === 'default') continue;
      const database = new CfnDatabase(this, name, {
        catalogId: props.catalogId,
        databaseInput: { name, description: 'Tables whose files Headgate judges' },
      });
      database.applyRemovalPolicy(RemovalPolicy.RETAIN);
    }
  }
}
