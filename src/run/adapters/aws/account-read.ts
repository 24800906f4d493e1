import { HeadgateError } from '../../../error.ts';
import { failureOf, translate } from './aws-error.ts';

/** One read of an account. What is not there is `undefined`; what could not be read is an error that names the action. */
export async function read<Value>(
  action: string,
  resource: string,
  ask: () => Promise<Value>,
  isAbsent: (name: string) => boolean = () => false,
): Promise<Value | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isAbsent(failureOf(error).name)) return undefined;
    const told = translate(error, { action, resource, isWrite: false });
    if (told.code === 'NOT_FOUND') return undefined;
    throw told;
  }
}

/** All pages of a listing, at most so many: an account with more is told as one that could not be read whole. */
export async function pages<Page, Item>(
  ask: (token: string | undefined) => Promise<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
  tokenOf: (page: Page) => string | undefined,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let token: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await ask(token);
    items.push(...(itemsOf(answer) ?? []));
    token = tokenOf(answer);
    if (!token) return items;
  }
  throw new HeadgateError('READ_FAILED', `a listing has more than ${MAX_PAGES} pages`);
}

const MAX_PAGES = 200;
