const CODES = { red: 31, yellow: 33, green: 32, cyan: 36, dim: 2, bold: 1 } as const;
export type Colour = keyof typeof CODES;

/** Puts text between ANSI codes, or leaves it alone. */
export type Paint = (colour: Colour, text: string) => string;

export function painter(color: boolean): Paint {
  return color ? (colour, text) => `\u001b[${CODES[colour]}m${text}\u001b[0m` : (_, text) => text;
}

export const SEVERITY_COLOURS = { error: 'red', warning: 'yellow', info: 'cyan' } as const;
