import { describe, expect, test } from 'vitest';
import { createSampler, partitionFolder } from '../../src/tools/audit/sample.ts';

const entry = (key: string) => ({ key });
const keysOf = (entries: readonly { readonly key: string }[]) => entries.map(({ key }) => key);
const partition = (name: string, files: number) =>
  Array.from({ length: files }, (_, index) => entry(`dt=${name}/part-${String(index).padStart(3, '0')}`));
const everything = () => true;

describe('AUD-5 a sample of each partition', () => {
  test('a partition is the folder down to its last name=value, else the folder', () => {
    expect(partitionFolder('t/dt=1/c=2/more/a.parquet')).toBe('t/dt=1/c=2/');
    expect(partitionFolder('t/x/a=b.parquet')).toBe('t/x/');
    expect(partitionFolder('a.parquet')).toBe('');
  });

  test('each partition gives N files, also one that pages cut, and small ones all they have', () => {
    const sampler = createSampler(2, everything);
    const files = [...partition('1', 50), ...partition('2', 1), ...partition('3', 3)];
    const taken = [files.slice(0, 20), files.slice(20, 40), files.slice(40)].map((page) =>
      sampler.take(page),
    );
    const entries = [...taken.flatMap((step) => step.entries), ...sampler.end()];
    const count = (name: string) => entries.filter(({ key }) => key.startsWith(`dt=${name}/`)).length;
    expect([count('1'), count('2'), count('3')]).toEqual([2, 1, 2]);
    expect(taken.reduce((sum, { leftOut }) => sum + leftOut, 0)).toBe(54 - 5);
  });

  test('the same files are chosen whatever the pages, and not only the first', () => {
    const files = partition('1', 100);
    const choose = (size: number) => {
      const sampler = createSampler(3, everything);
      for (let at = 0; at < files.length; at += size) sampler.take(files.slice(at, at + size));
      return keysOf(sampler.end());
    };
    expect(choose(100)).toEqual(choose(7));
    expect(choose(100)).not.toEqual(keysOf(files.slice(0, 3)));
  });

  test('what is not read anyway passes and takes no place of a sample', () => {
    const sampler = createSampler(1, ({ key }) => !key.endsWith('_SUCCESS'));
    const page = [entry('dt=1/_SUCCESS'), entry('dt=1/a'), entry('dt=2/_SUCCESS'), entry('dt=2/b')];
    expect(keysOf(sampler.take(page).entries)).toEqual(['dt=1/_SUCCESS', 'dt=2/_SUCCESS', 'dt=1/a']);
    expect(keysOf(sampler.end())).toEqual(['dt=2/b']);
  });

  test('goes on with what an earlier run held back, after a way through JSON', () => {
    const files = partition('1', 40);
    const whole = createSampler(2, everything);
    whole.take(files);
    const first = createSampler(2, everything);
    first.take(files.slice(0, 25));
    const second = createSampler<{ key: string }>(2, everything, JSON.parse(JSON.stringify(first.save())));
    second.take(files.slice(25));
    expect(keysOf(second.end())).toEqual(keysOf(whole.end()));
  });
});
