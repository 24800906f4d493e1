import fc from 'fast-check';

/**
 * The same draws in each run, so that a red run says something about the change that it ran on. `DRAWS=day` draws anew each day, as
 * `npm run test:long` does, and `DRAWS=17` as that day did.
 */
export const DRAWS =
  process.env.DRAWS === 'day' ? Math.floor(Date.now() / 86_400_000) : Number(process.env.DRAWS ?? 20_788);

fc.configureGlobal({ seed: DRAWS });

export { fc };
