import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join, normalize, sep } from 'node:path';

export interface S3Folder {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Serves a folder as S3 on loopback, as far as a query engine needs it: GET with ranges, HEAD, PUT, DELETE, and the
 * second kind of listing. The bucket is the first folder of the path. No authentication, and nothing is locked.
 */
export async function serveFolder(root: string): Promise<S3Folder> {
  const server = createServer((request, response) => {
    answer(root, request, response).catch((error: unknown) => {
      const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
      reply(
        response,
        isAbsent ? 404 : 500,
        errorXml(isAbsent ? 'NoSuchKey' : 'InternalError', String(error)),
      );
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://s3');
  const path = decodeURIComponent(url.pathname);
  const bucket = path.split('/')[1] ?? '';
  const file = resolveKey(root, path);
  if (file === undefined) return reply(response, 400, errorXml('InvalidURI', path));
  const body = await readBody(request);
  const isBucket = path.replace(/\/$/u, '') === `/${bucket}`;
  switch (request.method) {
    case 'GET':
      if (isBucket) return reply(response, 200, await list(join(root, bucket), bucket, url.searchParams));
      return sendFile(file, request, response);
    case 'HEAD': {
      if (isBucket) return reply(response, 200, '');
      const found = await stat(file).catch(() => undefined);
      if (!found?.isFile()) return reply(response, 404, '');
      response.writeHead(200, objectHeaders(found.size, found.mtime));
      response.end();
      return;
    }
    case 'PUT': {
      await mkdir(dirname(file), { recursive: true });
      const content = decodeChunks(body, request);
      await writeFile(file, content);
      // The client compares this with the MD5 of what it sent.
      response.writeHead(200, { ETag: `"${createHash('md5').update(content).digest('hex')}"` }).end();
      return;
    }
    case 'DELETE':
      await rm(file, { force: true });
      response.writeHead(204).end();
      return;
    case 'POST': {
      const keys = [...body.toString('utf8').matchAll(/<Key>([^<]*)<\/Key>/gu)].map(
        (match) => match[1] ?? '',
      );
      for (const key of keys) await rm(join(root, bucket, key), { force: true });
      return reply(response, 200, '<DeleteResult/>');
    }
    default:
      return reply(response, 405, errorXml('MethodNotAllowed', String(request.method)));
  }
}

/** The file of a key, or nothing where the key would leave the folder. */
function resolveKey(root: string, path: string): string | undefined {
  const file = normalize(join(root, path));
  return file === root || file.startsWith(root + sep) ? file : undefined;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Takes the chunk headers of the SDK's streaming signature out of a body. */
function decodeChunks(body: Buffer, request: IncomingMessage): Buffer {
  const isChunked =
    String(request.headers['content-encoding'] ?? '').includes('aws-chunked') ||
    String(request.headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
  if (!isChunked) return body;
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const end = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.toString('latin1', at, end), 16);
    if (!(size > 0)) break;
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return Buffer.concat(parts);
}

async function sendFile(file: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const found = await stat(file);
  if (!found.isFile()) return reply(response, 404, errorXml('NoSuchKey', 'a folder'));
  const range = /^bytes=(\d*)-(\d*)$/u.exec(request.headers.range ?? '');
  const headers = objectHeaders(found.size, found.mtime);
  if (range === null) {
    response.writeHead(200, headers);
    response.end(await readFile(file));
    return;
  }
  const [start, end] =
    range[1] === ''
      ? [Math.max(0, found.size - Number(range[2])), found.size - 1]
      : [Number(range[1]), range[2] === '' ? found.size - 1 : Math.min(Number(range[2]), found.size - 1)];
  if (start >= found.size) return reply(response, 416, errorXml('InvalidRange', request.headers.range ?? ''));
  const handle = await open(file);
  try {
    const bytes = Buffer.alloc(end - start + 1);
    await handle.read(bytes, 0, bytes.length, start);
    response.writeHead(206, {
      ...headers,
      'Content-Length': bytes.length,
      'Content-Range': `bytes ${start}-${end}/${found.size}`,
    });
    response.end(bytes);
  } finally {
    await handle.close();
  }
}

function objectHeaders(size: number, modified: Date): Record<string, string | number> {
  return {
    'Content-Length': size,
    'Content-Type': 'binary/octet-stream',
    'Last-Modified': modified.toUTCString(),
    ETag: `"${size}-${modified.getTime()}"`,
    'Accept-Ranges': 'bytes',
  };
}

/** All keys that begin with the prefix, or, with a delimiter, the keys of one level and the folders below it. */
async function list(folder: string, bucket: string, query: URLSearchParams): Promise<string> {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const below = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  const keys = (await keysBelow(folder, below)).filter(({ key }) => key.startsWith(prefix));
  const folders = new Set<string>();
  const contents: string[] = [];
  for (const { key, size, modified } of keys) {
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    if (at >= 0) folders.add(key.slice(0, at + 1));
    else
      contents.push(
        `<Contents><Key>${escapeXml(key)}</Key><LastModified>${modified.toISOString()}</LastModified><ETag>"0"</ETag><Size>${size}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
      );
  }
  const limit = Number(query.get('max-keys') ?? 1_000_000);
  const prefixes = [...folders].map(
    (at) => `<CommonPrefixes><Prefix>${escapeXml(at)}</Prefix></CommonPrefixes>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Name>${bucket}</Name><Prefix>${escapeXml(prefix)}</Prefix><KeyCount>${contents.length}</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>${contents.slice(0, limit).join('')}${prefixes.join('')}</ListBucketResult>`;
}

interface Key {
  readonly key: string;
  readonly size: number;
  readonly modified: Date;
}

async function keysBelow(folder: string, below: string): Promise<readonly Key[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => []);
  const keys: Key[] = [];
  for (const entry of entries) {
    const key = below + entry.name;
    if (entry.isDirectory()) keys.push(...(await keysBelow(folder, `${key}/`)));
    else {
      const { size, mtime } = await stat(join(folder, key));
      keys.push({ key, size, modified: mtime });
    }
  }
  return keys.sort((a, b) => (a.key < b.key ? -1 : 1));
}

function reply(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'Content-Type': 'application/xml',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}

function errorXml(code: string, message: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`;
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"]/gu, (character) => `&#${character.charCodeAt(0)};`);
}
