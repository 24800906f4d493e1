/**
 * How IAM decides, after AWS's description of its evaluation logic (IAM User Guide, "Policy evaluation logic" and "IAM JSON
 * policy elements: Condition operators"): an explicit deny wins, then an allow, else nothing is allowed. Within an account one
 * allow is enough, of the identity or of the resource; across accounts both must allow. It throws on what it does not know.
 */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Request {
  /** ARN of the role, or the host name of a service. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** Of one value, or of several for keys that have more. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

export type Decision = 'allow' | 'explicit-deny' | 'implicit-deny';

export function evaluate(
  request: Request,
  policies: {
    readonly identity: readonly Statement[];
    readonly resource: readonly Statement[];
    /** Of the resource; a principal of another needs both allows. */
    readonly account: string;
  },
): Decision {
  const identity = policies.identity.filter((statement) => appliesTo(statement, request, 'identity'));
  const resource = policies.resource.filter((statement) => appliesTo(statement, request, 'resource'));
  if ([...identity, ...resource].some(({ Effect }) => Effect === 'Deny')) return 'explicit-deny';
  const allows = (statements: readonly Statement[]) => statements.some(({ Effect }) => Effect === 'Allow');
  const isForeign = request.principal.startsWith('arn:') && accountOf(request.principal) !== policies.account;
  const isAllowed = isForeign ? allows(identity) && allows(resource) : allows(identity) || allows(resource);
  return isAllowed ? 'allow' : 'implicit-deny';
}

function accountOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}

function appliesTo(statement: Statement, request: Request, kind: 'identity' | 'resource'): boolean {
  return (
    (kind === 'identity' || isPrincipal(statement.Principal, request.principal)) &&
    isListed(statement.Action, statement.NotAction, request.action, matchesAction) &&
    isListed(statement.Resource, statement.NotResource, request.resource, matchesText) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, expected]) =>
        holds(operator, valuesOf(expected), request.context[key]),
      ),
    )
  );
}

function isPrincipal(principal: Statement['Principal'], actual: string): boolean {
  if (principal === undefined) throw new Error('a statement of a resource without a principal');
  if (principal === '*') return true;
  return Object.entries(principal).some(([kind, names]) =>
    valuesOf(names).some((name) => {
      if (kind === 'Service') return name === actual;
      if (kind !== 'AWS') throw new Error(`a principal of kind ${kind}`);
      const root = /^arn:aws:iam::(\d{12}):root$/u.exec(name)?.[1];
      return name === '*' || name === actual || (root !== undefined && root === accountOf(actual));
    }),
  );
}

function isListed(
  positive: string | readonly string[] | undefined,
  negative: string | readonly string[] | undefined,
  actual: string,
  matches: (pattern: string, text: string) => boolean,
): boolean {
  if (positive !== undefined) return valuesOf(positive).some((pattern) => matches(pattern, actual));
  if (negative !== undefined) return !valuesOf(negative).some((pattern) => matches(pattern, actual));
  throw new Error('a statement that names neither what it is about nor what it is not about');
}

function matchesAction(pattern: string, action: string): boolean {
  return matchesText(pattern.toLowerCase(), action.toLowerCase());
}

/** `*` is any text, `?` any character. */
export function matchesText(pattern: string, text: string): boolean {
  const source = [...pattern]
    .map((character) => {
      if (character === '*') return '.*';
      return character === '?' ? '.' : character.replace(/[\\^$.|+()[\]{}]/u, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`, 'su').test(text);
}

/** By part, so that a `*` in an ARN reaches over no colon but in its last part. */
function matchesArn(pattern: string, arn: string): boolean {
  const parts = (text: string) => {
    const all = text.split(':');
    return [...all.slice(0, 5), all.slice(5).join(':')];
  };
  const actual = parts(arn);
  return parts(pattern).every((part, index) => matchesText(part, actual[index] ?? ''));
}

const TESTS: Readonly<Record<string, (pattern: string, actual: string) => boolean>> = {
  StringEquals: (pattern, actual) => pattern === actual,
  StringLike: matchesText,
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
  Bool: (pattern, actual) => pattern.toLowerCase() === actual.toLowerCase(),
};
const NEGATED: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
};

/** Whether one key of one operator is as the statement wants it. */
function holds(
  operator: string,
  expected: readonly string[],
  actual: string | readonly string[] | undefined,
): boolean {
  if (operator === 'Null') return expected.includes(String(actual === undefined));
  const [, quantifier, name = '', ifExists] =
    /^(?:(ForAnyValue|ForAllValues):)?([A-Za-z]+?)(IfExists)?$/u.exec(operator) ?? [];
  const positive = NEGATED[name] ?? name;
  const test = TESTS[positive];
  if (test === undefined) throw new Error(`condition operator ${operator}`);
  const isNegated = name in NEGATED;
  if (actual === undefined) {
    if (quantifier === 'ForAnyValue') return false;
    return ifExists !== undefined || isNegated || quantifier === 'ForAllValues';
  }
  const one = (value: string) => expected.some((pattern) => test(pattern, value)) !== isNegated;
  const values = valuesOf(actual);
  if (quantifier === undefined) {
    if (values.length !== 1) throw new Error(`several values for ${operator}, which takes one`);
    return one(values[0] ?? '');
  }
  return quantifier === 'ForAnyValue' ? values.some(one) : values.every(one);
}

function valuesOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [String(value)];
}
