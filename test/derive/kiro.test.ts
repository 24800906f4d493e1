import { expect, test } from 'vitest';
import type { Table } from '../../src/judge/contract/contract.ts';
import { kiroSpec } from '../../src/tools/derive/kiro.ts';
import { tableLines } from '../support/contract-arbitrary.ts';
import { fc } from '../support/property.ts';
import { contractFrom } from '../support/run-example.ts';

/** Easy Approach to Requirements Syntax: a condition or none, then what the system shall do. */
const EARS = /^(?:(?:WHEN|IF|WHILE|WHERE) .+, (?:THEN )?)?THE SYSTEM SHALL (?:NOT )?.+\.$/u;

const linesOf = (text: string | undefined, pattern: RegExp) =>
  (text ?? '').split('\n').flatMap((line) => pattern.exec(line)?.[1] ?? []);

test('RND-1: any contract gives a spec of the form that Kiro reads: stories, numbered EARS criteria, tasks that cite them', () => {
  fc.assert(
    fc.property(tableLines, (lines) => {
      const contract = contractFrom({ contract: lines, file: [] });
      const table = contract.tables[0] as Table;
      const spec = kiroSpec({ contract, table, placement: table.placements[0] });

      const requirements = spec['requirements.md'] ?? '';
      expect(linesOf(requirements, /^(#{1,2} .+)$/u)).toEqual([
        '# Requirements Document',
        '## Introduction',
        '## Requirements',
      ]);
      const sections = requirements.split(/^### Requirement /mu).slice(1);
      expect(sections.map((section) => section.split(':')[0])).toEqual(['1', '2', '3', '4']);
      for (const section of sections) {
        expect(section).toMatch(/^\*\*User Story:\*\* As .+, I want .+, so that .+\.$/mu);
        const [, list = ''] = section.split('#### Acceptance Criteria\n\n');
        const criteria = list.trim().split('\n');
        for (const [index, line] of criteria.entries()) {
          const [number, text = ''] = line.split(/\. (.*)/su);
          expect([line, number, EARS.test(text)]).toEqual([line, String(index + 1), true]);
        }
      }
      for (const { name, required } of table.columns) {
        expect(requirements).toContain(`write column \`${name}\` as`);
        expect(requirements.includes(`NOT write null to column \`${name}\`.`)).toBe(required);
      }

      const rows = linesOf(spec['design.md'], /^\| `(\w+)` \|/u);
      expect(rows).toEqual([...table.columns, ...table.partitionKeys].map(({ name }) => name));
      expect(linesOf(spec['design.md'], /^(## .+)$/u)).toEqual(
        ['Overview', 'Architecture', 'Data Models', 'Error Handling', 'Testing Strategy'].map(
          (title) => `## ${title}`,
        ),
      );

      const tasks = spec['tasks.md'];
      const steps = linesOf(tasks, /^- \[ \] (\d+)\. .+$/u);
      expect(steps).toEqual(steps.map((_, index) => String(index + 1)));
      const cited = linesOf(tasks, /^ {2}- _Requirements: (\d+)_$/u);
      expect(cited).toHaveLength(steps.length);
      expect(new Set(cited)).toEqual(new Set(['1', '2', '3', '4']));
    }),
    { numRuns: 60 },
  );
});
