/** Which experiments of the reference (its section 10.3) a pair of the matrix answers. */
const EXPERIMENTS: readonly (readonly [experiment: string, column: RegExp, declared: RegExp])[] = [
  ['X01', /^(u?int(8|16|32|64)|decimal_(9|18)_0|binary_decimal_9_0|int(32|64)_decimal)/u, /^float$/u],
  ['X02', /^int(32|64)$/u, /^(double|string|decimal\(10,2\)|date)$/u],
  ['X02', /^int96$/u, /^string$/u],
  ['X02', /^decimal_10_2$/u, /^string$/u],
  ['X02', /^time_us$/u, /^bigint$/u],
  ['X02', /^r$/u, /^array<int>$/u],
  ['X02', /^decimal_5_2$/u, /^decimal\(20,2\)$/u],
  ['X03', /^(u?int(32|64)|duration|decimal_(18|20)_0|binary_decimal_18_0)/u, /^(date|float)$/u],
  ['X04', /^float/u, /^(double|float)$/u],
  ['X04', /decimal_9_0$/u, /^(int|bigint)$/u],
  ['X04', /^int32$/u, /^bigint$/u],
  ['X05', /^(decimal_|int32$|fixed16_)/u, /^decimal/u],
  ['X06', /^null$/u, /./u],
  ['X07', /^uint(32|64)/u, /^(tinyint|int|bigint)$/u],
  ['X09', /^(s1|s2|s3|l|map|r)/u, /[<]/u],
  ['X09', /^smix$/u, /struct/u],
  ['X16', /^(ts_|int96)/u, /^timestamp$/u],
  ['X17', /^int64$/u, /^string$/u],
  ['X17', /^text$/u, /^int$/u],
  ['X18', /^text_long$/u, /^(varchar|char)/u],
];

export function experimentsOf(fixture: string, column: string, declared: string): readonly string[] {
  const isShape = fixture === 'shapes';
  const found = EXPERIMENTS.filter(
    ([experiment, columns, types]) =>
      columns.test(column) &&
      types.test(declared) &&
      (experiment === 'X09' ? isShape : experiment === 'X02' || !isShape),
  );
  return [...new Set(found.map(([experiment]) => experiment))];
}
