import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { run } from '../support/run-cli.ts';
import { contractYaml } from '../support/simulation/contract.ts';
import { fileBytes } from '../support/simulation/files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** An AWS of one answer, on this machine. */
async function endpointThat(answer: Answer): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const xml =
  (status: number, code: string, message: string): Answer =>
  ({ method }, response) => {
    const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
    response
      .writeHead(status, { 'content-type': 'application/xml' })
      .end(method === 'HEAD' ? undefined : body);
  };

const BYTES = fileBytes('drifted', 'd');
const head = {
  etag: '"e1"',
  'last-modified': 'Sun, 01 Nov 2026 00:00:00 GMT',
  'content-length': String(BYTES.length),
};
/** Says what is there; the body itself breaks off. */
const cut: Answer = ({ method }, response) => {
  if (method === 'HEAD') {
    response.writeHead(200, head).end();
    return;
  }
  response.writeHead(206, { ...head, 'content-range': `bytes 0-${BYTES.length - 1}/${BYTES.length}` });
  response.write(BYTES.subarray(0, 20));
  setImmediate(() => response.destroy());
};

async function check(endpoint: string) {
  const contract = join(temporaryFolder(), 't.odcs.yaml');
  writeFileSync(contract, contractYaml());
  return run([
    ...['check', 's3://landing/t/dt=2026-11-01/a.parquet', '--contract', contract, '--format', 'json'],
    ...['--endpoint-url', endpoint, '--region', 'us-east-1'],
  ]);
}

describe('AWS-6: what AWS answers is no verdict, and the command says what to do', () => {
  afterEach(() => vi.unstubAllEnvs());

  test.each<[string, Answer, string, RegExp]>([
    [
      'a bucket in another region',
      xml(301, 'PermanentRedirect', 'The bucket must be addressed using the specified endpoint'),
      'NOT_CONFIGURED',
      /another region: set AWS_REGION or --region/u,
    ],
    [
      'a clock that is wrong',
      xml(
        403,
        'RequestTimeTooSkewed',
        'The difference between the request time and the current time is too large',
      ),
      // A HEAD has no body: all that it tells is 403.
      'PERMISSION_DENIED',
      /it needs s3:GetObject/u,
    ],
    [
      'a bucket of somebody else',
      xml(403, 'AccessDenied', 'Access Denied'),
      'PERMISSION_DENIED',
      /s3:GetObject/u,
    ],
    ['a body that breaks off', cut, 'READ_FAILED', /broke off|shorter|asked for/u],
    [
      'a page of HTML',
      (_, response) => void response.writeHead(500).end('<html>'),
      'READ_FAILED',
      /service failed/u,
    ],
    ['an end without an answer', ({ socket }) => void socket.destroy(), 'READ_FAILED', /no answer in time/u],
  ])('%s', { timeout: 60_000 }, async (_, answer, code, advice) => {
    const { code: exit, out } = await check(await endpointThat(answer));
    const { summary, errors } = JSON.parse(out);
    expect([exit, summary.hold, summary.admit]).toEqual([3, 0, 0]);
    expect(errors).toMatchObject([{ code, message: expect.stringMatching(advice) }]);
  });
  test('an endpoint where nobody is', { timeout: 60_000 }, async () => {
    const { code, out } = await check('http://127.0.0.1:1');
    expect([code, JSON.parse(out).errors[0].code]).toEqual([3, 'READ_FAILED']);
  });
  test('no credentials', async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);
    const { code, out } = await check('http://127.0.0.1:1');
    expect([code, JSON.parse(out).errors[0]]).toMatchObject([
      3,
      { code: 'NOT_CONFIGURED', message: expect.stringContaining('no credentials were found') },
    ]);
  });
});

/** STS has its errors in an envelope. */
const sts =
  (code: string, message: string): Answer =>
  (_, response) =>
    void response
      .writeHead(403, { 'content-type': 'text/xml' })
      .end(`<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`);

describe('TRL-2: where AWS does not say who somebody is, nothing is done', () => {
  test.each([
    ['denied', sts('AccessDenied', 'not authorized'), 'PERMISSION_DENIED'],
    [
      'expired',
      sts('ExpiredToken', 'The security token included in the request is expired'),
      'NOT_CONFIGURED',
    ],
  ] as const)('%s', { timeout: 60_000 }, async (_, answer, code) => {
    const asked: string[] = [];
    const endpoint = await endpointThat((request, response) => {
      asked.push(String(request.headers['x-amz-target'] ?? request.headers['content-type']));
      answer(request, response);
    });
    const folder = temporaryFolder();
    const deployment = join(folder, 'headgate.json');
    writeFileSync(
      deployment,
      JSON.stringify({
        HEADGATE_LEDGER_TABLE: 'ledger',
        HEADGATE_BUS: 'bus',
        HEADGATE_QUARANTINE: 's3://q/',
        HEADGATE_DEAD_LETTERS_VALIDATE: 'arn:aws:sqs:us-east-1:123456789012:validate-dead',
        AWS_REGION: 'us-east-1',
        AWS_ENDPOINT_URL: endpoint,
      }),
    );
    const { code: exit, err } = await run(['redrive', '--deployment', deployment]);
    expect([exit, err]).toEqual([3, expect.stringContaining(`(${code})`)]);
    expect(err).toContain('sts:GetCallerIdentity');
    expect(asked.every((target) => target.includes('form-urlencoded'))).toBe(true);
  });
});
