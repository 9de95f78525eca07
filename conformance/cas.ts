// Whether istiod starts with CAs made at random, most of them broken, as the library says: node conformance cas [--count N]
// [--seed N]. istiod's own code is the referee; each CA is shown to it as four files, and as those of a TLS Secret, with and
// without the last line's end. Needs a compiled lib/, and Go.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { libraryModule } from './library';
import { goBinary } from './node/go-binary';
import { main } from './node/main';
import { Random } from '../test/support/random';
import { RandomCa, randomCas } from '../test/support/random-cas';

const { judgeCa } = libraryModule('certificates/ca-checks');
const { caFilesOf } = libraryModule('certificates/ca-files');

const { values } = parseArgs({ options: { count: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } } });

interface Shown {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
}

function shownOf({ broken, files }: RandomCa): readonly Shown[] {
  const tls = { 'tls.crt': files['ca-cert.pem'], 'tls.key': files['ca-key.pem'], 'ca.crt': files['root-cert.pem'] };
  const name = broken?.name ?? 'sound';
  return [
    { name, files },
    { name: `${name}, as a TLS Secret`, files: tls },
    { name: `${name}, as a TLS Secret without the last line's end`, files: { ...tls, 'tls.crt': tls['tls.crt'].trimEnd() } },
  ];
}

/** Why the library says that istiod does not start; undefined: it doesn't say so. */
function refusal({ files }: Shown): string | undefined {
  const faults = judgeCa(caFilesOf(new Map(Object.entries(files)))!, { now: new Date(), horizonDays: 90, trustDomain: 'cluster.local', istiodNamespace: 'istio-system' });
  return faults.find(({ consequence }) => consequence === 'refused')?.code;
}

interface Answer {
  readonly refused?: string;
  readonly unsigned?: string;
}

/** Files of DER have a character a byte, the others are text. */
function encoded({ files }: Shown): string {
  return JSON.stringify(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text, text.startsWith('0') ? 'latin1' : 'utf8').toString('base64')])));
}

void main(() => {
  const shown = randomCas(Number(values.count), new Random(Number(values.seed))).flatMap(shownOf);
  const { stdout, status, stderr } = spawnSync(goBinary('ca'), { input: shown.map(encoded).join('\n'), encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (status !== 0) throw new Error(`the referee failed: ${stderr}`);
  const answers = stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as Answer);
  const wrong = shown.flatMap((one, index) => {
    const [ours, { refused, unsigned }] = [refusal(one), answers[index]];
    return (ours !== undefined) === (refused !== undefined) && unsigned === undefined ? [] : [`${one.name}: the library says ${ours ?? 'that istiod starts'}, istiod ${refused ?? unsigned ?? 'starts'}`];
  });
  for (const line of wrong.slice(0, 20)) console.log(line);
  const refused = answers.filter((answer) => answer.refused !== undefined).length;
  console.log(`${shown.length - wrong.length} of ${shown.length} CAs are judged as istiod judges them; it does not start with ${refused} of them`);
  if (wrong.length > 0 || answers.length !== shown.length) process.exitCode = 1;
});
