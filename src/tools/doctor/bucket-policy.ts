/** A statement that forbids something to everybody but those it excepts. */
export interface Denial {
  /** ARNs or patterns of principals. */
  readonly exceptions: readonly string[];
}

interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}

/**
 * The statements of a bucket policy that forbid an action on everything below a prefix to all but named principals. A
 * statement with any other condition does not count: it forbids less than it seems to. `undefined` where the text is no
 * policy.
 */
export function denials(
  policy: string,
  action: string,
  place: { readonly bucket: string; readonly prefix: string },
): readonly Denial[] | undefined {
  if (policy === '') return [];
  const statements = statementsOf(policy);
  return statements?.flatMap((statement) => {
    const exceptions = forbids(statement, action, place) ? exceptionsOf(statement) : undefined;
    return exceptions === undefined ? [] : [{ exceptions }];
  });
}

/** What must be so for a statement to apply. */
interface When {
  readonly operator: string;
  readonly key: string;
  readonly value: string;
}

/** Whether a Deny of the action below the prefix stands under this condition; others may narrow it further. */
export function deniesWhen(
  policy: string,
  action: string,
  place: { readonly bucket: string; readonly prefix: string },
  { operator, key, value }: When,
): boolean {
  return (policy === '' ? [] : (statementsOf(policy) ?? [])).some((statement) => {
    if (!forbids(statement, action, place)) return false;
    const conditions = (statement.Condition ?? {}) as Readonly<Record<string, object>>;
    return Object.entries(conditions[operator] ?? {}).some(
      ([name, values]) => name.toLowerCase() === key.toLowerCase() && texts(values).includes(value),
    );
  });
}

function forbids(
  { Effect, Action, Resource }: Statement,
  action: string,
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
): boolean {
  return (
    Effect === 'Deny' &&
    texts(Action).some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
    texts(Resource).some((resource) => coversPrefix(resource, bucket, prefix))
  );
}

/** Whether a principal is excepted, by its ARN or a pattern of it. */
export function excepts({ exceptions }: Denial, arn: string): boolean {
  return exceptions.some((pattern) => matches(pattern, arn));
}

function statementsOf(policy: string): readonly Statement[] | undefined {
  try {
    const { Statement } = JSON.parse(policy) as { readonly Statement?: unknown };
    const list = Array.isArray(Statement) ? Statement : [Statement];
    return list.filter((one): one is Statement => typeof one === 'object' && one !== null);
  } catch {
    return undefined;
  }
}

function texts(value: unknown): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((one): one is string => typeof one === 'string');
}

/** Only `*` at the end: what stands in the middle is matched text by text, without backtracking. */
function matches(pattern: string, text: string): boolean {
  const [first = '', ...parts] = pattern.split('*');
  if (parts.length === 0) return pattern === text;
  const last = parts.at(-1) ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length)
    return false;
  let from = first.length;
  for (const part of parts.slice(0, -1)) {
    const at = text.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return from <= text.length - last.length;
}

function coversPrefix(resource: string, bucket: string, prefix: string): boolean {
  if (resource === '*') return true;
  const [, name = ''] = /^arn:[^:]*:s3:::(.*)$/u.exec(resource) ?? [];
  return (
    name.endsWith('*') &&
    !name.slice(0, -1).includes('*') &&
    `${bucket}/${prefix}`.startsWith(name.slice(0, -1))
  );
}

const BUT = /^(?:ForAnyValue:|ForAllValues:)?(?:Arn|String)Not(?:Equals|Like)(?:IfExists)?$/u;

/** Whom the statement leaves out; `undefined` where it leaves out more than principals. */
function exceptionsOf({ Principal, NotPrincipal, Condition }: Statement): readonly string[] | undefined {
  if (NotPrincipal !== undefined) {
    const { AWS } = (typeof NotPrincipal === 'object' && NotPrincipal !== null ? NotPrincipal : {}) as {
      AWS?: unknown;
    };
    return Condition === undefined ? texts(AWS) : undefined;
  }
  const isEverybody = Principal === '*' || texts((Principal as { AWS?: unknown } | null)?.AWS).includes('*');
  if (!isEverybody) return undefined;
  const exceptions: string[] = [];
  for (const [operator, keys] of Object.entries((Condition ?? {}) as Readonly<Record<string, object>>))
    for (const [key, value] of Object.entries(keys)) {
      if (!BUT.test(operator) || key.toLowerCase() !== 'aws:principalarn') return undefined;
      exceptions.push(...texts(value));
    }
  return exceptions;
}
