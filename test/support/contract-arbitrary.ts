import fc from 'fast-check';

const scalar = fc.oneof(
  fc.constantFrom('boolean', 'tinyint', 'smallint', 'int', 'bigint', 'float', 'double'),
  fc.constantFrom('string', 'date', 'timestamp', 'varchar(5)', 'varchar(9)', 'binary'),
  fc.constantFrom('decimal(9,2)', 'decimal(12,2)', 'decimal(12,4)', 'decimal(30,6)'),
);
const { type } = fc.letrec<{ type: string }>((tie) => ({
  type: fc.oneof(
    { depthSize: 'small', withCrossShrink: true, maxDepth: 2 },
    { weight: 6, arbitrary: scalar },
    { weight: 1, arbitrary: tie('type').map((element) => `array<${element}>`) },
    { weight: 1, arbitrary: tie('type').map((value) => `map<string,${value}>`) },
    {
      weight: 2,
      arbitrary: fc
        .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c'), tie('type')), {
          minLength: 1,
          maxLength: 3,
          selector: ([name]) => name,
        })
        .map((fields) => `struct<${fields.map(([name, of]) => `${name}:${of}`).join(',')}>`),
    },
  ),
}));

const NUMBERS = /^(tinyint|smallint|int|bigint|float|double|decimal.*)$/u;

/** A column as a line of the examples' language. */
const column = (name: string) =>
  fc
    .record({
      type,
      required: fc.boolean(),
      minimum: fc.option(fc.constantFrom(-5, 0, 10), { nil: undefined }),
    })
    .map(({ type: of, required, minimum }) =>
      [
        name,
        of,
        ...(required ? ['required'] : []),
        ...(minimum !== undefined && NUMBERS.test(of) ? [`min=${minimum}`] : []),
      ].join(' '),
    );

const key = fc
  .constantFrom('dt date', 'dt string', 'country string', 'hour int')
  .map((line) => `${line} partition`);

/** Columns and partition keys of a table, as lines of the examples' language. */
export const tableLines: fc.Arbitrary<readonly string[]> = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom('id', 'name', 'amount', 'seen'), { minLength: 1, maxLength: 4 }),
    fc.uniqueArray(key, { maxLength: 2, selector: (line) => line.split(' ')[0] }),
  )
  .chain(([names, keys]) => fc.tuple(...names.map(column)).map((columns) => [...columns, ...keys]));

/** A table and what somebody made of it: mostly one column changed, dropped or new. */
export const revisedLines: fc.Arbitrary<readonly [readonly string[], readonly string[]]> = tableLines.chain(
  (base) =>
    fc.tuple(
      fc.constant(base),
      fc.oneof(
        tableLines,
        fc.tuple(fc.nat({ max: base.length - 1 }), tableLines).map(([index, other]) => {
          const name = base[index]?.split(' ')[0];
          const replacement = other[0]?.replace(/^\S+/u, name ?? '');
          const isKey = base[index]?.endsWith(' partition');
          return isKey || replacement === undefined ? base : base.with(index, replacement);
        }),
        column('extra').map((line) => [line, ...base]),
        fc.constant(base.length > 1 && !base[1]?.endsWith(' partition') ? base.slice(1) : base),
        fc.constant(base.map((line) => line.replace(/ required| min=\S+/gu, ''))),
        fc.constant(base.map((line) => line.replace(/ int\b/u, ' bigint').replace(' varchar(5)', ' string'))),
      ),
    ),
);
