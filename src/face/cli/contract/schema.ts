import { editorSchema } from '../../../judge/contract/editor-schema.ts';
import { POLICY_REFERENCE } from '../../../judge/contract/policy-reference.ts';
import { renderPolicy } from '../../report/policy.ts';
import type { ExitCode, Terminal } from '../run.ts';

/** `headgate schema`: a JSON Schema for editors, or every policy key for people. */
export async function runSchema(format: 'json' | 'markdown', terminal: Terminal): Promise<ExitCode> {
  terminal.out(
    format === 'json' ? `${JSON.stringify(editorSchema(), undefined, 2)}\n` : renderPolicy(POLICY_REFERENCE),
  );
  return 0;
}
