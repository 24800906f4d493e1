import type { Effect } from '../../judge/athena/prediction.ts';
import { safeText } from '../../text/safe.ts';
import { alignColumns } from './columns.ts';
import { code1, escapeText } from './markdown.ts';
import { type Colour, type Paint, painter } from './paint.ts';

export const PLAN_FORMATS = ['text', 'json', 'markdown'] as const;
export type PlanFormat = (typeof PLAN_FORMATS)[number];

/** A plan as it is shown. All texts are bounded and safe. */
export interface PlanReport {
  readonly tables: readonly TablePlanReport[];
}

interface TablePlanReport {
  readonly table: string;
  readonly contractVersion: string;
  readonly target: { readonly kind: 'contract' } | { readonly kind: 'version'; readonly versionId: string };
  readonly action: Action;
  readonly why?: string;
  readonly basis: { readonly versionId: string } | null;
  readonly changes: readonly {
    readonly sign: Sign;
    readonly what: string;
    readonly path: string;
    readonly from?: string;
    readonly to?: string;
    readonly effect: Effect;
  }[];
  readonly partitions: {
    readonly total: number;
    readonly changed: number;
    readonly changes: readonly {
      readonly path: string;
      readonly from: string;
      readonly to: string;
      readonly partitions: number;
      readonly example: string;
    }[];
  };
  readonly steps: readonly string[];
  readonly meanwhile: Effect;
  readonly notes: readonly string[];
}

type Action = 'create' | 'change' | 'none' | 'observed' | 'refused';
type Sign = '+' | '-' | '~';

const COLOURS = { '+': 'green', '-': 'red', '~': 'yellow' } as const satisfies Record<Sign, Colour>;

const HEADS = {
  create: 'is created',
  change: 'is changed',
  none: 'is as it shall be',
  observed: 'is left out',
  refused: 'cannot be brought there',
} as const satisfies Record<Action, string>;

/** The plan for a terminal, one block for each table that something is to be done or said about, and one summary line. */
export function renderPlanText(
  report: PlanReport,
  { color }: { readonly color: boolean } = { color: false },
): string {
  const paint = painter(color);
  const blocks = shown(report).map((one) => blockOf(one, paint));
  return [...blocks, `${planSummary(report)}\n`].join('\n');
}

/** For a comment on a pull request: a diff that sites colour, and the same words. */
export function renderPlanMarkdown(report: PlanReport): string {
  const blocks = shown(report).map((one) => {
    const diff = linesOf(one).join('').replaceAll('```', "'''").replace(/^~/gmu, '!');
    return [
      `#### ${code1(safeText(one.table, 200))} ${escapeText(headOf(one))}`,
      ...(diff === '' ? [] : [`\`\`\`diff\n${diff}\`\`\``]),
      ...remarksOf(one).map(([name, text]) => `- ${name}: ${escapeText(text)}`),
    ].join('\n');
  });
  return `${['### Catalog plan', ...blocks, `**${planSummary(report)}**`].join('\n\n')}\n`;
}

/** A table that is as it shall be, and of which there is nothing to say, is left out. */
function shown({ tables }: PlanReport): readonly TablePlanReport[] {
  return tables.filter(({ action, notes }) => action !== 'none' || notes.length > 0);
}

function planSummary({ tables }: PlanReport): string {
  const count = (action: Action) => tables.filter((one) => one.action === action).length;
  const [create, change, refused] = [count('create'), count('change'), count('refused')];
  if (create + change + refused === 0) return 'No changes: the catalog holds what is declared.';
  const partitions = tables.reduce((sum, one) => sum + one.partitions.changed, 0);
  const parts = [
    `${create} to create`,
    `${change} to change${partitions > 0 ? ` (with ${counted(partitions)})` : ''}`,
    '0 to delete',
    ...(refused > 0 ? [`${refused} refused`] : []),
  ];
  return `Plan: ${parts.join(', ')}.`;
}

function counted(partitions: number): string {
  return `${partitions} ${partitions === 1 ? 'partition' : 'partitions'}`;
}

function headOf({ contractVersion, action, target, basis, why }: TablePlanReport): string {
  const to = target.kind === 'version' ? ` back to version ${safeText(target.versionId, 40)}` : '';
  const from = basis === null ? '' : `, from version ${safeText(basis.versionId, 40)} in the catalog`;
  const reason = why === undefined ? '' : `: ${why}`;
  return `${safeText(contractVersion, 60)} ${HEADS[action]}${to}${action === 'change' ? from : ''}${reason}`;
}

function blockOf(plan: TablePlanReport, paint: Paint): string {
  const lines = linesOf(plan).map((line) => {
    const sign = line[0] as Sign;
    return `  ${paint(COLOURS[sign], sign)}${line.slice(1)}`;
  });
  const remarks = alignColumns(remarksOf(plan)).replace(/^(?=.)/gmu, '  ');
  return `${paint('bold', safeText(plan.table, 200))} ${headOf(plan)}\n${lines.join('')}${remarks}`;
}

/** A sign and aligned cells for each change; each line ends with a line break. */
function linesOf({ changes, partitions }: TablePlanReport): readonly string[] {
  const cells = [
    ...changes.map(({ sign, what, path, from, to, effect }) => [
      `${sign} ${what}`,
      path || '-',
      [from, to].filter((text) => text !== undefined).join(' -> '),
      effect === 'none' ? '' : `until then: ${effect}`,
    ]),
    ...partitions.changes.map(({ path, from, to, partitions: count, example }) => [
      '~ partitions',
      path,
      `${from} -> ${to}`,
      `in ${count} of ${partitions.total}, such as ${example}`,
    ]),
  ];
  return alignColumns(cells)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `${line}\n`);
}

function remarksOf({ steps, meanwhile, notes }: TablePlanReport): readonly (readonly [string, string])[] {
  return [
    ...(steps.length > 1 ? [['order', steps.join('; ')] as const] : []),
    ...(meanwhile === 'none' ? [] : [['meanwhile', `queries may see: ${meanwhile}`] as const]),
    ...notes.map((note) => ['note', note] as const),
  ];
}
