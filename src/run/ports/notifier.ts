/** One message to people about an incident. Every text in it is bounded and safe to show. */
export interface Notice {
  /** `open` pages; the others go to the same thread. */
  readonly kind: 'open' | 'update' | 'reopen' | 'resolve';
  /** The incident: messages with one key belong to one thread, and page once. */
  readonly dedupKey: string;
  /** Counts the messages of the thread from 1: a message that is sent twice is recognised by it. */
  readonly sequence: number;
  readonly title: string;
  readonly lines: readonly string[];
  /** What to run next, exactly. */
  readonly commands: readonly string[];
  readonly table: string;
  readonly team: string | undefined;
  readonly channels: readonly string[];
  /** ISO 8601, UTC. */
  readonly at: string;
}

export interface Notifier {
  /** Delivered when it returns. Sending a notice twice shows it once wherever the receiver can tell. */
  notify(notice: Notice): Promise<void>;
}
