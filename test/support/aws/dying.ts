import { Crash, type Process } from './faults.ts';

/**
 * Ports of a process that may die: whatever an adapter makes of the call in which it died, the process sees nothing of
 * it. A real one is gone by then.
 */
export function dying<Ports extends object>(ports: Ports, process: Process): Ports {
  return new Proxy(ports, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value === 'function')
        return (...args: unknown[]) => orDead(value.apply(target, args), process);
      return typeof value === 'object' && value !== null ? dying(value, process) : value;
    },
  });
}

function orDead(result: unknown, process: Process): unknown {
  if (result instanceof Promise)
    return result.catch((error: unknown) => {
      throw process.isDead ? new Crash() : error;
    });
  if (typeof result !== 'object' || result === null) return result;
  return Symbol.asyncIterator in result
    ? iterate(result as AsyncIterable<unknown>, process)
    : dying(result, process);
}

async function* iterate(pages: AsyncIterable<unknown>, process: Process): AsyncIterable<unknown> {
  try {
    for await (const page of pages) yield page;
  } catch (error) {
    throw process.isDead ? new Crash() : error;
  }
}
