// Breaks a copy of the compiled reader in several places, one at a time, and sees whether random texts tell it from kubectl.
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { textOf, type RandomText } from '../generators/yaml/texts';
import { LIB } from '../library';
import type { Counted, PartOptions } from '../part';
import { exoticCodes } from '../yaml/exotic';
import { Judge } from '../yaml/judging';
import { Library, Referees, type Readers } from '../yaml/readers';

/** A change of the compiled reader: `find` must be in the file once. */
interface Break {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Prints which text shows each break. */
export async function brokenReaders({ seed, count, print }: Required<PartOptions>): Promise<Counted> {
  const breaks: readonly Break[] = (await import('./yaml-breaks.mjs')).YAML_BREAKS;
  const referees = new Remembering(new Referees());
  const scratch = mkdtempSync(join(tmpdir(), 'self-test-yaml-'));
  try {
    symlinkSync(join(dirname(LIB), 'node_modules'), join(scratch, 'node_modules'));
    const texts = Array.from({ length: count }, (_, index) => textOf(seed, index));
    const whole = await differing(LIB, referees, texts);
    print(`the reader as it is: ${whole.size === 0 ? `none of ${count} texts differs` : `texts ${[...whole].slice(0, 5).join(', ')} differ, and none should`}`);
    let passed = whole.size === 0 ? 1 : 0;
    for (const broken of breaks) {
      const [text] = [...await differing(copy(scratch, broken), referees, texts)].filter((id) => !whole.has(id));
      print(`${text === undefined ? 'MISSED' : `caught by text ${text}`}: ${broken.name}`);
      passed += text === undefined ? 0 : 1;
    }
    return { passed, failed: breaks.length + 1 - passed };
  } finally {
    referees.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Which texts a library reads otherwise than kubectl or istiod. */
async function differing(lib: string, referees: Readers, texts: readonly RandomText[]): Promise<Set<string>> {
  const judge = new Judge(new Library(lib), referees, exoticCodes());
  const ids = new Set<string>();
  for (const one of texts) {
    if (Object.values(await judge.judge(one)).some(({ outcome }) => outcome === 'difference')) ids.add(one.id);
  }
  return ids;
}

/** A lib/ folder with one break. */
function copy(scratch: string, { name, file, find, replace }: Break): string {
  // A folder for each: Node loads a file once.
  const lib = mkdtempSync(join(scratch, 'lib-'));
  cpSync(LIB, lib, { recursive: true, filter: (source) => !source.endsWith('.d.ts') });
  const path = join(lib, 'src', file);
  const parts = readFileSync(path, 'utf8').split(find);
  if (parts.length !== 2) throw new Error(`break '${name}': ${file} holds '${find}' ${parts.length - 1} times; expected once. Fix: write the break anew.`);
  writeFileSync(path, parts.join(replace));
  return lib;
}

/** The same question has the same answer, whichever reader is judged. */
class Remembering implements Readers {
  readonly kubectl: Readers['kubectl'];
  readonly istiod: Readers['istiod'];
  readonly twice: Readers['twice'];

  constructor(private readonly referees: Readers) {
    this.kubectl = remembered((text) => referees.kubectl(text));
    this.istiod = remembered((text) => referees.istiod(text));
    this.twice = remembered((text) => referees.twice(text));
  }

  close(): void {
    this.referees.close();
  }
}

function remembered<Answer>(ask: (text: string) => Promise<Answer>): (text: string) => Promise<Answer> {
  const answers = new Map<string, Promise<Answer>>();
  return (text) => {
    const answer = answers.get(text) ?? ask(text);
    answers.set(text, answer);
    return answer;
  };
}
