// Makes faults in the compiled reader, one at a time, and sees whether random texts tell it from kubectl.
import { READING_FAULTS } from './faults/reading';
import { loadAnew } from './load-anew';
import { textOf, type RandomText } from '../generators/yaml/texts';
import type { Counted, PartOptions } from '../part';
import { exoticCodes } from '../yaml/exotic';
import { Judge } from '../yaml/judging';
import { Library, Referees, type Readers } from '../yaml/readers';

/** How often they are asked. */
const ASKED = 8;

/** Prints which text shows each fault. */
export async function faultyReaders({ seed, count, print }: Required<PartOptions>): Promise<Counted> {
  const referees = new Remembering(new Referees());
  try {
    const texts = Array.from({ length: count }, (_, index) => textOf(seed, index));
    loadAnew();
    const differ = await differing(referees, texts);
    const whole = await differingEachTime(texts.filter(({ id }) => differ.has(id)));
    print(`the reader as it is: ${whole.size === 0 ? `none of ${count} texts differs` : `texts ${[...whole].slice(0, 5).join(', ')} differ, and none should`}`);
    let passed = whole.size === 0 ? 1 : 0;
    for (const fault of READING_FAULTS) {
      loadAnew(fault);
      const [text] = [...await differing(referees, texts)].filter((id) => !differ.has(id));
      print(`${text === undefined ? 'MISSED' : `caught by text ${text}`}: ${fault.name}`);
      passed += text === undefined ? 0 : 1;
    }
    return { passed, failed: READING_FAULTS.length + 1 - passed };
  } finally {
    referees.close();
  }
}

/** Those that differ however often the readers are asked, which go by the order of a Go map in some. */
async function differingEachTime(texts: readonly RandomText[]): Promise<Set<string>> {
  let left = texts;
  for (let time = 0; time < ASKED && left.length > 0; time += 1) {
    const referees = new Referees();
    try {
      const ids = await differing(referees, left);
      left = left.filter(({ id }) => ids.has(id));
    } finally {
      referees.close();
    }
  }
  return new Set(left.map(({ id }) => id));
}

/** Which texts the library reads otherwise than kubectl or istiod. */
async function differing(referees: Readers, texts: readonly RandomText[]): Promise<Set<string>> {
  const judge = new Judge(new Library(), referees, exoticCodes());
  const ids = new Set<string>();
  for (const one of texts) {
    if (Object.values(await judge.judge(one)).some(({ outcome }) => outcome === 'difference')) ids.add(one.id);
  }
  return ids;
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
