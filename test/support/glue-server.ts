import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { AwsWorld } from './aws/world.ts';

export interface GlueServer {
  readonly endpoint: string;
  /** Names of the calls so far. */
  readonly calls: string[];
  /** Answers instead of the catalog: the error's name and message. */
  deny: (call: string) => { readonly name: string; readonly message: string } | undefined;
}

/** The strict Glue of a world behind Glue's own protocol, on this machine, until the test ends. */
export async function glueServer(world: AwsWorld): Promise<GlueServer> {
  const { sdk } = world.sdkProcess();
  const send = sdk.glue.send as unknown as (command: object) => Promise<unknown>;
  const glue = { calls: [] as string[], deny: () => undefined } as Omit<GlueServer, 'endpoint'> & {
    deny: GlueServer['deny'];
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const call = String(request.headers['x-amz-target']).replace('AWSGlue.', '');
      glue.calls.push(call);
      const answer = (status: number, body: unknown) => {
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify(body, onTheWire));
      };
      const denied = glue.deny(call);
      if (denied) return answer(400, { __type: denied.name, message: denied.message });
      try {
        const input = JSON.parse(Buffer.concat(chunks).toString('utf8'));
        answer(200, await send({ constructor: { name: `${call}Command` }, input }));
      } catch (error) {
        answer(400, { __type: (error as Error).name, message: (error as Error).message });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(glue, { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

/** Times are numbers of seconds in this protocol. */
function onTheWire(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const whole = this[key];
  return whole instanceof Date ? whole.getTime() / 1000 : value;
}
