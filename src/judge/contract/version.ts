/**
 * Orders versions: by their numbers (`1.10.0` after `1.9.0`), a pre-release (`2.0.0-rc.1`) before its release, anything
 * else as text. Negative where `a` is lower.
 */
export function compareVersions(a: string, b: string): number {
  const [coreA = '', preA] = split(a);
  const [coreB = '', preB] = split(b);
  const byCore = compareParts(coreA.split('.'), coreB.split('.'));
  if (byCore !== 0) return byCore;
  if (preA === undefined || preB === undefined)
    return Number(preA === undefined) - Number(preB === undefined);
  return compareParts(preA.split('.'), preB.split('.'));
}

function split(version: string): readonly [string, string | undefined] {
  const text = version.replace(/^v/iu, '').replace(/\+.*$/u, '');
  const dash = text.indexOf('-');
  return dash === -1 ? [text, undefined] : [text.slice(0, dash), text.slice(dash + 1)];
}

function compareParts(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [x = '0', y = '0'] = [a[index], b[index]];
    const areNumbers = /^\d+$/u.test(x) && /^\d+$/u.test(y);
    const order = areNumbers ? Number(x) - Number(y) : x < y ? -1 : Number(x > y);
    if (order !== 0) return order;
  }
  return 0;
}
