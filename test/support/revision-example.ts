import type { Contract, Table } from '../../src/judge/contract/contract.ts';
import type { Example } from '../../src/judge/rules/rule.ts';
import type { ContractComparison } from '../../src/tools/revision/change.ts';
import { compareContracts } from '../../src/tools/revision/compare.ts';
import { contractFrom } from './run-example.ts';

export const NOW = '2026-06-15T12:00:00Z';

/** Compares the contract of an example with its revision; the version is one that any change may have, unless stated. */
export function reviseExample(example: Example): ContractComparison {
  const lines = example.revision ?? [];
  const words = new Map(
    lines.filter(isWord).map((line) => line.split(/=(.*)/su).slice(0, 2) as [string, string]),
  );
  const [key, value] = words.get('policy')?.split(': ') ?? [];
  const revised = contractFrom({
    contract: lines.filter((line) => !isWord(line)),
    file: [],
    ...(key !== undefined && value !== undefined && { policy: { [key]: value } }),
  });
  return compareContracts(contractFrom(example), altered(revised, words), { now: NOW });
}

function isWord(line: string): boolean {
  return /^(table|name|location|policy|description|version)=/u.test(line);
}

function altered(contract: Contract, words: ReadonlyMap<string, string>): Contract {
  const version = words.get('version') ?? '9.0.0';
  const [first, ...rest] = contract.tables.map((table): Table => {
    const location = words.get('location');
    const description = words.get('description') ?? table.description;
    return {
      ...table,
      name: words.get('name') ?? table.name,
      contractVersion: version,
      description,
      placements: table.placements.map((place) => ({ ...place, location: location ?? place.location })),
    };
  });
  if (first === undefined) throw new Error('the example has no table');
  const extra = words.get('table');
  const more = extra === undefined ? [] : [{ ...first, name: extra }];
  return { ...contract, version, tables: [first, ...rest, ...more] };
}
