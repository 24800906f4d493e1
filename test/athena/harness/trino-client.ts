/** What a statement returned, or how Trino refused it. */
export type Answer =
  | { readonly ok: true; readonly rows: readonly (readonly unknown[])[] }
  | { readonly ok: false; readonly error: string; readonly text: string };

interface Page {
  readonly nextUri?: string;
  readonly data?: readonly (readonly unknown[])[];
  readonly error?: { readonly errorName: string; readonly message: string };
}

export interface TrinoClient {
  /** Runs one statement to its end. A refusal by the engine is an answer; only an engine that is gone throws. */
  readonly run: (sql: string) => Promise<Answer>;
}

const STATEMENT_TIMEOUT_MS = 120_000;

/** A client of Trino's REST protocol: one POST, then `nextUri` until there is none. */
export function createTrinoClient(baseUrl: string): TrinoClient {
  const headers = {
    'X-Trino-User': 'headgate',
    'X-Trino-Time-Zone': 'UTC',
    'X-Trino-Catalog': 'hive',
    'X-Trino-Schema': 'default',
  };
  const ask = async (url: string, init: RequestInit): Promise<Page> => {
    const response = await fetch(url, {
      ...init,
      headers,
      signal: AbortSignal.timeout(STATEMENT_TIMEOUT_MS),
    });
    if (!response.ok)
      throw new Error(`Trino answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
    return parsePage(await response.text());
  };
  const runOnce = async (sql: string): Promise<Answer> => {
    const rows: (readonly unknown[])[] = [];
    let page = await ask(`${baseUrl}/v1/statement`, { method: 'POST', body: sql });
    for (;;) {
      if (page.error) return { ok: false, error: page.error.errorName, text: page.error.message };
      rows.push(...(page.data ?? []));
      if (page.nextUri === undefined) return { ok: true, rows };
      page = await ask(page.nextUri, { method: 'GET' });
    }
  };
  return {
    run: async (sql) => {
      for (let attempt = 1; ; attempt++) {
        const answer = await runOnce(sql);
        if (answer.ok || !NOT_YET.has(answer.error)) return answer;
        if (attempt === ATTEMPTS)
          throw new Error(`Trino is up and does not work: ${answer.error}: ${answer.text}`);
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    },
  };
}

/** Refusals that say something of the server and nothing of the file. */
const NOT_YET: ReadonlySet<string> = new Set([
  'NO_NODES_AVAILABLE',
  'SERVER_STARTING_UP',
  'CLUSTER_OUT_OF_MEMORY',
]);
const ATTEMPTS = 60;

/** A page; one that breaks off is what newer servers send of rows that they cannot put into words (476 says so itself). */
function parsePage(json: string): Page {
  try {
    return JSON.parse(quoteLongIntegers(json)) as Page;
  } catch {
    return { error: { errorName: 'SERIALIZATION_ERROR', message: 'the answer breaks off' } };
  }
}

/** Integers beyond 2^53 as text, which JSON's numbers would round; strings and fractions stay as they are. */
function quoteLongIntegers(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gu, (token) =>
    /^-?\d{16,}$/u.test(token) ? `"${token}"` : token,
  );
}
