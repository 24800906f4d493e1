import type { PolicyKeyReference } from '../../judge/contract/policy-reference.ts';

/** `docs/policy.md`: every key of the custom property `headgate`. */
export function renderPolicy(reference: Readonly<Record<string, PolicyKeyReference>>): string {
  return [
    '# The policy of a contract',
    '',
    '<!-- Written by `npm run docs` from src/judge/contract/policy-reference.ts. -->',
    '',
    'The custom property `headgate` of a contract, or of one of its tables, says what happens to files that differ. Every key may be left out; the',
    'word of a table comes before that of the contract. `headgate schema` prints all of it for editors.',
    '',
    '```yaml',
    'customProperties:',
    '  - property: headgate',
    '    value:',
    '      onUnknownColumn: hold',
    '```',
    '',
    '| key | decides | where it is not stated |',
    '|---|---|---|',
    ...Object.entries(reference).map(
      ([key, { says, ...entry }]) => `| [\`${key}\`](#${anchorOf(key)}) | ${says} | ${unstated(entry)} |`,
    ),
    '',
    ...Object.entries(reference).flatMap(([key, entry]) => section(key, entry)),
  ].join('\n');
}

function section(
  key: string,
  { says, words, example, rules, ...entry }: PolicyKeyReference,
): readonly string[] {
  return [
    `## ${key}`,
    '',
    `${says[0]?.toUpperCase()}${says.slice(1)}. Where it is not stated: ${unstated(entry)}.`,
    '',
    ...(words
      ? [
          '| word | means |',
          '|---|---|',
          ...Object.entries(words).map(([word, means]) => `| \`${word}\` | ${means} |`),
          '',
        ]
      : []),
    '```yaml',
    `${key}: ${example}`,
    '```',
    '',
    ...(rules ? [`Rules: ${rules.map((rule) => `[\`${rule}\`](rules.md#${rule})`).join(', ')}.`, ''] : []),
  ];
}

function unstated(entry: Pick<PolicyKeyReference, 'default' | 'otherwise'>): string {
  return entry.default === undefined ? (entry.otherwise ?? 'nothing') : `\`${entry.default}\``;
}

/** As GitHub makes it of a heading. */
function anchorOf(key: string): string {
  return key.toLowerCase().replaceAll('.', '');
}
