/** Something wrong with a document, located. All of them are reported, not the first. */
export interface Issue {
  /** Kebab-case id, e.g. `unknown-key`, `type-width-implicit`. */
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Lower case, no full stop: what was given, what was expected, what to do. */
  readonly message: string;
  /** The nearest legal word, where there is one. */
  readonly suggestion?: string;
  /** Two lines of context around the place, ready to print, already made safe. */
  readonly frame: string;
}
