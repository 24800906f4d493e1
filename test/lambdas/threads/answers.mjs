// A thread that answers by the name of its record.
import { parentPort, workerData } from 'node:worker_threads';

const { record, batchId } = workerData;
console.log(`thread of ${record.messageId} in ${batchId}`);
parentPort.postMessage(record.messageId.startsWith('bad') ? 'failed' : 'done');
