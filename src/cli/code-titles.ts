import { ADMISSION_CODES } from '../admission/catalogue';
import { CATALOGUE } from '../analysis/analysis';

/** What each code means, in a few words. */
export function codeTitles(): ReadonlyMap<string, string> {
  return new Map([...ADMISSION_CODES.map(({ code, what }) => [code, what] as const), ...CATALOGUE.map(({ code, title }) => [code, title] as const)]);
}
