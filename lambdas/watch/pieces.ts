import type { Context } from 'aws-lambda';
import { HeadgateError } from '../../src/error.ts';
import type { ReconcileGuard } from '../../src/run/folder/reconcile.ts';
import { finishPieces, type Piece, splitSweep, sweepPiece } from '../../src/run/folder/sweep-pieces.ts';
import { guardedTables } from '../../src/run/table/guarded-table.ts';
import { safeText } from '../../src/text/safe.ts';

/** What Step Functions asks of a sweep in pieces: see `infra/sweep-definition.ts`. */
export type PieceEvent =
  | { readonly job: 'split'; readonly input: { readonly table: string; readonly isThorough?: boolean } }
  | {
      readonly job: 'sweep';
      readonly table: string;
      readonly startedAt: string;
      readonly isThorough: boolean;
      readonly piece: Piece;
    }
  | {
      readonly job: 'finish';
      readonly table: string;
      readonly startedAt: string;
      readonly isThorough: boolean;
      readonly pieceCount: number;
    };

const JOBS: ReadonlySet<unknown> = new Set(['split', 'sweep', 'finish'] satisfies PieceEvent['job'][]);

export function isPieceEvent(event: object): event is PieceEvent {
  return 'job' in event && JOBS.has(event.job);
}

/** What a sweep leaves of its time to act upon the part that it is in. */
const SHARE_RESERVED = 0.3;

/** Whether the time of a sweep is over, of what is left now. */
export function clockFor(remainingMs: () => number): () => boolean {
  const reserveMs = remainingMs() * SHARE_RESERVED;
  return () => remainingMs() < reserveMs;
}

/** Answers what the next state needs; throws what the state is to try again. */
export function createPieceHandler(guard: ReconcileGuard) {
  return async (event: PieceEvent, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<object> => {
    const name: unknown = event.job === 'split' ? event.input?.table : event.table;
    const guarded = guardedTables(await guard.contracts.current()).get(String(name));
    if (guarded === undefined)
      throw new HeadgateError(
        'NO_CONTRACT',
        `no contract declares table ${safeText(String(name), 120)}: give "table" as database.table`,
      );
    switch (event.job) {
      case 'split': {
        const { isThorough } = event.input;
        return splitSweep(guard, guarded, isThorough === undefined ? {} : { isThorough });
      }
      case 'sweep': {
        const isOver = clockFor(() => context.getRemainingTimeInMillis());
        return sweepPiece(guard, guarded, event, event.piece, isOver);
      }
      case 'finish':
        return finishPieces(guard, guarded, event, event.pieceCount);
    }
  };
}
