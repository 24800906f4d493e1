import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFolderContractSource } from '../../../src/run/adapters/local/contract-source.ts';
import { COLUMN, contractText } from '../../support/contract-text.ts';
import { codeOf } from '../../support/error-code.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('LAK-6 contracts in a folder', () => {
  test('the same set while nothing changes, a new one when a file does', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.yaml'), contractText(COLUMN));
    const source = createFolderContractSource(folder);
    const first = await source.current();
    expect(first.registry.tables.map(({ table }) => table.name)).toEqual(['t']);
    expect((await source.current()).registry).toBe(first.registry);
    writeFileSync(join(folder, 'a.yaml'), contractText(COLUMN).replace('version: 1.0.0', 'version: 1.1.0'));
    const second = await source.current();
    expect(second.registry.tables[0]?.contracts[0]?.version).toBe('1.1.0');
    expect(second.stale).toBeUndefined();
  });

  test('contracts that became nonsense leave the last good ones, and say where', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'a.yaml');
    writeFileSync(file, contractText(COLUMN));
    const source = createFolderContractSource(folder);
    const { registry } = await source.current();
    writeFileSync(file, contractText(COLUMN).replace('kind: DataContract', 'kind: Nonsense'));
    const spoilt = await source.current();
    expect(spoilt.registry).toBe(registry);
    expect(spoilt.stale).toMatch(/a\.yaml:2:\d+ /u);
    rmSync(file);
    expect((await source.current()).stale).toMatch(/^no contract \(\*\.yaml\) in folder/u);
    writeFileSync(file, contractText(COLUMN));
    expect((await source.current()).stale).toBeUndefined();
  });

  test('two versions that are one are no set', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'below'));
    writeFileSync(join(folder, 'a.yaml'), contractText(COLUMN));
    writeFileSync(join(folder, 'below/b.yml'), contractText(COLUMN));
    expect(await codeOf(createFolderContractSource(folder).current())).toBe('CONTRACTS_UNUSABLE');
  });

  test('where there never was a usable set, nothing can be judged', async () => {
    const empty = temporaryFolder();
    expect(await codeOf(createFolderContractSource(empty).current())).toBe('CONTRACTS_UNUSABLE');
    expect(await codeOf(createFolderContractSource(join(empty, 'none')).current())).toBe(
      'CONTRACTS_UNUSABLE',
    );
    writeFileSync(join(empty, 'a.yaml'), 'nonsense: [');
    expect(await codeOf(createFolderContractSource(empty).current())).toBe('CONTRACTS_UNUSABLE');
  });
});
