import net from 'node:net';

/** Nothing in a test may reach the world: every connection but to this machine is refused before it is made. */
const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function guarded(this: net.Socket, ...args: unknown[]) {
  const [first] = args.flat() as [unknown];
  const options = (typeof first === 'object' && first !== null ? first : { port: first, host: args[1] }) as {
    readonly host?: unknown;
    readonly path?: unknown;
  };
  // A local socket has a path and no host; HTTP's agents state both.
  const isLocalSocket = options.host === undefined && typeof options.path === 'string';
  const host = String(options.host ?? 'localhost');
  const isHere = isLocalSocket || /^(?:localhost|127(?:\.\d+){3}|::1|\[::1\])$/u.test(host);
  if (!isHere) throw new Error(`a test tried to reach ${host}`);
  return Reflect.apply(connect, this, args) as net.Socket;
} as typeof connect;

// Where a client has no credentials of its own it finds these, and asks no metadata service.
Object.assign(process.env, {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
});
