import type { Compatibility } from '../../judge/contract/contract.ts';
import type { Direction } from './change.ts';

/** The directions in which a table's `compatibility` asks that files stay good. */
export const DEMANDS = {
  none: [],
  backward: ['backward'],
  backward_all: ['backward'],
  forward: ['forward'],
  forward_all: ['forward'],
  full: ['backward', 'forward'],
  full_all: ['backward', 'forward'],
} as const satisfies Record<Compatibility, readonly Direction[]>;
