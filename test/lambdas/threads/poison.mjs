// What a poisonous message does to the thread that handles it, by the name of its record.
import { workerData } from 'node:worker_threads';

const kept = [];
switch (workerData.record.messageId) {
  case 'grows':
    for (;;) kept.push(new Array(100_000).fill(kept.length));
  case 'hangs':
    for (;;) kept.length = 0;
  case 'recurses': {
    const deeper = (depth) => deeper(depth + 1) + 1;
    deeper(0);
    break;
  }
  case 'exits':
    process.exit(7);
}
