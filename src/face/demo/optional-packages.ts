import { HeadgateError } from '../../error.ts';

/** Loads a package that an installed Headgate need not have; says how to get it where it is missing. */
export async function loadOptional<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new HeadgateError(
      'MISSING_PACKAGE',
      `this command needs a package that is not installed: npm install ${name}`,
      {
        cause,
      },
    );
  }
}
