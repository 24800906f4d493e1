import { stringify } from 'yaml';
import { eventDocument } from '../src/run/message/event-document.ts';

process.stdout.write(stringify(eventDocument('1.0.0'), { lineWidth: 110, aliasDuplicateObjects: false }));
