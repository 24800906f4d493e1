/** One step of a path in contract notation. */
export type PathStep =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'element' | 'key' | 'value' };

/** A name as a path segment: quoted where it holds anything but letters, digits and `_`. */
export function pathSegment(name: string): string {
  return /^[\p{L}\p{N}_]+$/u.test(name) ? name : JSON.stringify(name);
}

const NOTATION = { element: '[]', value: '{}', key: '{key}' } as const;

/** `address.city`, `lines[].price`, `attributes{}`, `attributes{key}`, `"a.b".c`; file-level findings have the empty path. */
export function formatPath(steps: readonly PathStep[]): string {
  let path = '';
  for (const step of steps) {
    if (step.kind === 'field') path += path === '' ? pathSegment(step.name) : `.${pathSegment(step.name)}`;
    else path += NOTATION[step.kind];
  }
  return path;
}
