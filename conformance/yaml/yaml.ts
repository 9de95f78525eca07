// Random texts as the library reads them, as kubectl does, and, for the text of a mesh config, as istiod does.
import { exoticCodes } from './exotic';
import type { PartOptions, PartResult, Print } from '../part';
import { Judge, type Verdicts } from './judging';
import { Library, Referees } from './readers';
import { shown, shrunk } from './shrink';
import { Tally, type YamlFacts } from './tally';
import type { Verdict } from './verdict';
import { textOf, type RandomText } from '../generators/yaml/texts';
import { inOrder } from '../node/in-order';

/** How many texts are judged at a time. */
const IN_FLIGHT = 64;
/** How often a run says how far it is. */
const TOLD_EACH = 100_000;
/** How many differences are made small; of those with the same words only the first. */
const SHOWN = 20;

/** Whom the library is held against. */
type Who = keyof Verdicts;

/** A difference, of which others may be alike. */
interface Differing extends RandomText, Verdict {
  readonly who: Who;
  times: number;
}

/** Judges `count` texts of `seed`, and prints each kind of difference at its smallest. */
export async function yaml({ seed, count = 50_000, print }: PartOptions): Promise<PartResult<YamlFacts>> {
  const referees = new Referees();
  try {
    const judge = new Judge(new Library(), referees, exoticCodes());
    const tally = new Tally(seed);
    const differing = new Map<string, Differing>();
    for await (const [one, verdicts] of inOrder(texts(seed, count), (text) => judge.judge(text), IN_FLIGHT)) {
      tally.add(one, verdicts);
      for (const who of ['kubectl', 'istiod'] as const) if (verdicts[who].outcome === 'difference') note(differing, one, who, verdicts[who]);
      if (tally.facts.texts % TOLD_EACH === 0) print(`${tally.facts.texts} texts, ${tally.differences} differences so far`);
    }
    await show(judge, differing, print);
    const over = tally.overBounds();
    over.forEach((words) => print(words));
    print(`${tally.facts.texts} texts: ${inWords('kubectl', tally.facts)}; ${inWords('istiod', tally.facts)}`);
    return { passed: 2 * tally.facts.texts - tally.differences, failed: tally.differences + over.length, facts: tally.facts };
  } finally {
    referees.close();
  }
}

function* texts(seed: number, count: number): Generator<RandomText> {
  for (let index = 0; index < count; index += 1) yield textOf(seed, index);
}

const inWords = (who: Who, facts: YamlFacts) => `${who} ${Object.entries(facts[who]).map(([outcome, number]) => `${number} ${outcome}`).join(', ')}`;

/** Differences of one kind are most likely one mistake. */
function note(differing: Map<string, Differing>, one: RandomText, who: Who, verdict: Verdict): void {
  const kind = `${who} ${kindOf(verdict)}`;
  const known = differing.get(kind);
  if (known) known.times += 1;
  else differing.set(kind, { ...one, ...verdict, who, times: 1 });
}

/** What differs, and of a refusal the reason, without names and places. */
function kindOf({ what = 'none', why = '', codes = [] }: Verdict): string {
  const isRefusal = codes.length > 0 || /refused/.test(what);
  return [what, ...codes, isRefusal ? why.replaceAll(/line \d+: |\(\d+:\d+\)/g, '').replaceAll(/\d+|'.*?'|".*?"|`.*?`|<.*>/g, '…') : ''].join(' ');
}

async function show(judge: Judge, differing: ReadonlyMap<string, Differing>, print: Print): Promise<void> {
  const most = [...differing.values()].sort((one, other) => other.times - one.times);
  const seen = new Set<string>();
  for (const found of most.slice(0, SHOWN)) {
    const { id, text, features, who, what, why, times } = found;
    const smallest = await shrunk(text, async (candidate) => kindOf((await judge.judge({ text: candidate, features }))[who]) === kindOf(found));
    if (seen.has(`${who} ${smallest}`)) continue;
    seen.add(`${who} ${smallest}`);
    const said = await judge.referees[who](smallest);
    print([`${who} ${id} (${times} like it): ${what}${why ? `: ${why}` : ''}`, `  ${shown(smallest)}`,
      `  ours:   ${shown(ourWords(judge.library, who, smallest))}`, `  theirs: ${shown(said)}`].join('\n'));
  }
  if (most.length > SHOWN) print(`and ${most.length - SHOWN} more kinds of difference`);
}

function ourWords(library: Library, who: Who, text: string): object {
  const ours = who === 'kubectl' ? library.manifests(text) : library.meshConfig(text);
  return 'problems' in ours ? { objects: ours.objects, problems: ours.problems.map(({ code, actual }) => `${code} ${actual}`) } : ours;
}
