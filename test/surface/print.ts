import { surface } from './surface.ts';

process.stdout.write(surface());
