import { Analysis } from './judgement';

/** What admission warns of on an object, where a finding of the analysis says the same and what comes of it. */
const IN_FULL: Readonly<Record<string, string>> = { MTLS206: 'ADMIT451' };

/** Whether the analysis tells of an object what admission warns of, so that nobody needs to read it twice. */
export function toldInFull({ findings, acknowledged }: Analysis): (source: object, code: string) => boolean {
  const told = new Map<object | undefined, Set<string>>();
  for (const { code, source } of [...findings, ...acknowledged.map(({ finding }) => finding)]) {
    if (code in IN_FULL) told.set(source, (told.get(source) ?? new Set()).add(IN_FULL[code]));
  }
  return (source, code) => told.get(source)?.has(code) ?? false;
}
