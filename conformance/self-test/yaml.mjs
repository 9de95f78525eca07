// Breaks a copy of the compiled reader in several places, one at a time, and sees whether random texts tell it from kubectl.
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { textOf } from '../generators/yaml/texts.mjs';
import { exoticCodes } from '../yaml/exotic.mjs';
import { Judge } from '../yaml/judging.mjs';
import { LIB, Library, Referees } from '../yaml/readers.mjs';
import { YAML_BREAKS } from './yaml-breaks.mjs';

/** `{ passed, failed }`, having printed which text shows each break. */
export async function brokenReaders({ seed, count, print }) {
  const referees = new Remembering(new Referees());
  const scratch = mkdtempSync(join(tmpdir(), 'self-test-yaml-'));
  try {
    symlinkSync(join(dirname(LIB), 'node_modules'), join(scratch, 'node_modules'));
    const texts = Array.from({ length: count }, (_, index) => textOf(seed, index));
    const whole = await differing(LIB, referees, texts);
    print(`the reader as it is: ${whole.size === 0 ? `none of ${count} texts differs` : `texts ${[...whole].slice(0, 5).join(', ')} differ, and none should`}`);
    let passed = whole.size === 0 ? 1 : 0;
    for (const broken of YAML_BREAKS) {
      const [text] = [...await differing(copy(scratch, broken), referees, texts)].filter((id) => !whole.has(id));
      print(`${text === undefined ? 'MISSED' : `caught by text ${text}`}: ${broken.name}`);
      passed += text === undefined ? 0 : 1;
    }
    return { passed, failed: YAML_BREAKS.length + 1 - passed };
  } finally {
    referees.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Which texts a library reads otherwise than kubectl or istiod. */
async function differing(lib, referees, texts) {
  const judge = new Judge(new Library(lib), referees, exoticCodes());
  const ids = new Set();
  for (const one of texts) {
    if (Object.values(await judge.judge(one)).some(({ outcome }) => outcome === 'difference')) ids.add(one.id);
  }
  return ids;
}

/** A lib/ folder with one break. */
function copy(scratch, { name, file, find, replace }) {
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
class Remembering {
  #answers = new Map();

  constructor(referees) {
    this.referees = referees;
  }

  kubectl(text) {
    return this.#answer('kubectl', text);
  }

  istiod(text) {
    return this.#answer('istiod', text);
  }

  twice(text) {
    return this.#answer('twice', text);
  }

  close() {
    this.referees.close();
  }

  #answer(who, text) {
    const question = `${who} ${text}`;
    if (!this.#answers.has(question)) this.#answers.set(question, this.referees[who](text));
    return this.#answers.get(question);
  }
}
