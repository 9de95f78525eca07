// CAs made at random, most of them broken: whether istiod's own code starts with each as the library says, and whether peers
// accept what that code then signs.
import { spawnSync } from 'node:child_process';
import { Random } from '../../test/support/random/random';
import { type RandomCa, randomCas } from '../../test/support/random/random-cas';
import { libraryModule } from '../library';
import { goBinary } from '../node/go-binary';
import { AS_ENVOY, type Openssl } from '../node/openssl';

/** A CA in one of the forms that istiod reads. */
interface ShownCa {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
}

/** What istiod and openssl say of a CA. */
interface CaVerdict {
  /** Why istiod does not start. */
  readonly refused?: string;
  /** Why it signs nothing. */
  readonly unsigned?: string;
  /** Why Envoy rejects what it signs: by openssl, told to trust as Envoy does. */
  readonly rejected?: string;
  /** Why OpenSSL itself does. */
  readonly rejectedElsewhere?: string;
}

export interface JudgedCa {
  readonly ca: ShownCa;
  readonly verdict: CaVerdict;
}

/** What the library says of a CA, in the referees' terms. */
interface CaSaying {
  readonly refused?: string;
  readonly rejected?: string;
  readonly rejectedElsewhere?: string;
}

function shownOf({ broken, files }: RandomCa): readonly ShownCa[] {
  const tls = { 'tls.crt': files['ca-cert.pem'], 'tls.key': files['ca-key.pem'], 'ca.crt': files['root-cert.pem'] };
  const name = broken?.name ?? 'sound';
  return [
    { name, files },
    { name: `${name}, as a TLS Secret`, files: tls },
    { name: `${name}, as a TLS Secret without the last line's end`, files: { ...tls, 'tls.crt': tls['tls.crt'].trimEnd() } },
  ];
}

interface Answer {
  readonly refused?: string;
  readonly unsigned?: string;
  /** A workload's certificate, and what its proxy sends with it. */
  readonly signed?: string;
}

/** Files of DER have a character a byte, the others are text. */
function encoded({ files }: ShownCa): string {
  return JSON.stringify(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text, text.startsWith('0') ? 'latin1' : 'utf8').toString('base64')])));
}

const CERTIFICATE_END = '-----END CERTIFICATE-----\n';

/** Shows random CAs, each in every form, to istiod's code, and what it signs to openssl. */
export function judgedCas(seed: number, count: number, openssl: Openssl): readonly JudgedCa[] {
  const shown = randomCas(count, new Random(seed)).flatMap(shownOf);
  const { stdout, status, stderr } = spawnSync(goBinary('ca'), { input: shown.map(encoded).join('\n'), encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (status !== 0) throw new Error(`the referee failed: ${stderr}`);
  const answers = stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as Answer);
  if (answers.length !== shown.length) throw new Error(`${answers.length} answers to ${shown.length} CAs`);
  return shown.map((ca, index) => {
    const { signed, ...verdict } = answers[index];
    if (signed === undefined) return { ca, verdict };
    const end = signed.indexOf(CERTIFICATE_END) + CERTIFICATE_END.length;
    const { 'root-cert.pem': roots = ca.files['ca.crt'], 'ca-crl.pem': lists } = ca.files;
    const presented = { certificate: signed.slice(0, end), chain: signed.slice(end), roots, lists };
    const rejectedElsewhere = openssl.rejection(presented);
    const rejected = rejectedElsewhere && openssl.rejection(presented, AS_ENVOY);
    return { ca, verdict: { ...verdict, rejected, rejectedElsewhere } };
  });
}

/** What is unwise since others than Envoy reject it: a root that isn't signed by itself. */
const REJECTED_BY_OTHERS = 'MTLS709';

/** What the library says, asked anew each time: the self-test makes faults in it. */
function saidOf({ files }: ShownCa): CaSaying {
  const { judgeCa } = libraryModule('certificates/ca-checks');
  const { caFilesOf } = libraryModule('certificates/ca-files');
  const faults = judgeCa(caFilesOf(new Map(Object.entries(files)))!, { now: new Date(), horizonDays: 90, trustDomain: 'cluster.local', istiodNamespace: 'istio-system' });
  const codeOf = (consequence: string) => faults.find((fault) => fault.consequence === consequence)?.code;
  const rejected = codeOf('fails');
  return { refused: codeOf('refused'), rejected, rejectedElsewhere: rejected ?? faults.find(({ code, severity }) => code === REJECTED_BY_OTHERS && severity === 'warning')?.code };
}

/** How the library and the referees differ; undefined: they don't. */
export function differenceIn({ ca, verdict }: JudgedCa): string | undefined {
  const said = saidOf(ca);
  const differ = (ours: string | undefined, theirs: string | undefined, what: string): string | undefined =>
    ((ours === undefined) === (theirs === undefined) ? undefined : `${ca.name}: the library says that ${what} ${ours === undefined ? 'does' : `doesn't (${ours})`}; ${theirs ?? 'it does'}`);
  const start = differ(said.refused, verdict.refused, 'istiod starts');
  if (start !== undefined || verdict.refused !== undefined) return start;
  return verdict.unsigned ?? differ(said.rejected, verdict.rejected, 'Envoy accepts what it signs') ?? differ(said.rejectedElsewhere, verdict.rejectedElsewhere, 'OpenSSL accepts what it signs');
}
