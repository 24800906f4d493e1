/** A client whose answers are given in advance, by command; the last of them stays. Remembers what was sent. */
export function scripted(answers: Readonly<Record<string, readonly unknown[]>>) {
  const sent: { readonly command: string; readonly input: Readonly<Record<string, unknown>> }[] = [];
  const left = new Map(Object.entries(answers).map(([name, list]) => [name, [...list]]));
  const send = async (command: {
    readonly constructor: { readonly name: string };
    readonly input: object;
  }) => {
    const { name } = command.constructor;
    sent.push({ command: name, input: command.input as Readonly<Record<string, unknown>> });
    const list = left.get(name);
    if (list === undefined) throw new Error(`no answer for ${name}`);
    const answer = list.length > 1 ? list.shift() : list[0];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  // The SDK's clients have one `send` with hundreds of overloads; the adapters use those of their own commands.
  return { client: { send } as never, sent };
}

/** An error as the SDK throws it for a service's answer. */
export function serviceError(name: string, status: number, message = name): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
}

/** A body as the SDK gives it. */
export function body(bytes: Uint8Array) {
  return { transformToByteArray: async () => bytes, destroy: () => {} };
}
