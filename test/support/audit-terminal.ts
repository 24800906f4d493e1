import { HeadgateError } from '../../src/error.ts';
import { type AuditOptions, auditFrom } from '../../src/face/cli/audit/audit.ts';
import { type AuditSource, objectSource } from '../../src/face/cli/audit/audit-source.ts';
import type { ObjectStore } from '../../src/run/ports/object-store.ts';
import type { AuditReport } from '../../src/tools/audit/audit-report.ts';

export interface AuditRan {
  readonly code: number | undefined;
  /** The code of what was thrown. */
  readonly error: string | undefined;
  readonly message: string;
  readonly report: AuditReport;
}

/** An audit of objects as `headgate audit s3://…` runs it, over any store. */
export async function auditObjects(
  objects: Pick<ObjectStore, 'list' | 'open'>,
  contracts: string,
  options: Partial<AuditOptions> & { readonly prefix?: string; readonly signal?: AbortSignal } = {},
): Promise<AuditRan> {
  const { prefix = 't/', signal, ...more } = options;
  const source: AuditSource = objectSource({ bucket: 'landing', prefix }, objects, { retryDelaysMs: [0, 0] });
  let out = '';
  const terminal = {
    out: (text: string) => {
      out += text;
    },
    err: () => undefined,
    isInteractive: false,
    hasColor: false,
    now: () => '2026-11-09T12:00:00Z',
    version: '9.9.9',
  };
  const all: AuditOptions = {
    contracts,
    lenient: false,
    format: 'json',
    failOn: 'error',
    verbose: false,
    ...more,
  };
  const ran = await auditFrom(async () => source, all, terminal, signal).then(
    (code) => ({ code, error: undefined, message: '' }),
    (cause: unknown) => {
      if (!(cause instanceof HeadgateError)) throw cause;
      return { code: undefined, error: cause.code as string, message: cause.message };
    },
  );
  return { ...ran, report: out.startsWith('{') ? (JSON.parse(out) as AuditReport) : EMPTY };
}

const EMPTY = {} as AuditReport;
