import { judgeCa } from '../../../certificates/ca-checks';
import { certificateText, CaFault } from '../../../certificates/ca-fault';
import { caFilesOf, readCertificates } from '../../../certificates/ca-files';
import { PathFinder } from '../../../certificates/ca-path';
import { rotationOf, sameCaFault } from '../../../certificates/ca-rotation';
import { FOUR_KEY_FORM, isLeftToIstiod, TLS_FORM } from '../../../certificates/ca-secret';
import { Certificate } from '../../../certificates/certificate';
import { LONGEST_PEM } from '../../../certificates/pem';
import { RotationFacts, rotationPlan, StagePlan } from '../../../certificates/rotation-plan';
import { leadsToRoots, PublicCa } from '../../../certificates/trusted-roots';
import { numeral } from '../../../findings/numeral';
import { refusalMessage } from '../../../findings/refusal';
import { mapping } from '../../../manifests/mapping';
import { ReadHolders, holdersAt, CertificateHolder } from '../../certificates/certificate-holders';
import { openProblem, Unreadable } from '../../input/read-text';
import { Terminal } from '../../output/terminal';

/** The word for istiod's own CA on the command line. */
const SELF_SIGNED = 'self-signed';

/** The Secret in which istiod keeps a CA that it generated itself. */
const OWN_SECRET = 'istio-ca-secret';

/** The options of a rotation plan. */
export interface RotationOptions {
  /** A path, or `self-signed`. */
  readonly from: string;
  readonly to: string;
  readonly istiodNamespace: string;
  readonly isMultiRootMesh: boolean;
  /** How long a workload's certificate lasts, in hours. */
  readonly certificateHours: number;
  readonly trustDomain: string;
}

/** The rotation plan, or why there is none. */
export interface RotationReport {
  /** `istiod's own CA`, `CN=istiod-ca below CN=root`. */
  readonly from: string;
  readonly to: string;
  /** Why there is no plan, in sentences; if there are any, there are no stages. */
  readonly faults: readonly string[];
  readonly stages: readonly StagePlan[];
  /** The facts that the stages were made from; undefined if there are no stages. */
  readonly facts?: RotationFacts;
  /** The certificates of both CAs, as far as they are given. */
  readonly certificates: { readonly from?: ShownCertificates; readonly to: ShownCertificates };
}

/** The certificates of a CA. */
export interface ShownCertificates {
  /** The certificate that istiod signs with. */
  readonly own?: Certificate;
  /** The certificates that workloads send after their own. */
  readonly chain: readonly Certificate[];
  readonly roots: readonly Certificate[];
}

/** A CA as the command line names it. */
interface ShownCa {
  readonly name: string;
  readonly text: string;
  readonly isOwn: boolean;
  /** Undefined for istiod's own CA if no file was given. */
  readonly ca?: PublicCa & ShownCertificates;
  readonly faults: readonly string[];
}

/** Reads both CAs and makes the plan. */
export async function rotationReport(
  options: RotationOptions, terminal: Pick<Terminal, 'input' | 'now'>,
): Promise<RotationReport | { readonly problem: Unreadable }> {
  const context = { now: terminal.now(), horizonDays: 0, trustDomain: options.trustDomain, istiodNamespace: options.istiodNamespace };
  const read = async (path: string): Promise<ShownCa | { readonly problem: Unreadable }> => {
    const held = await readHeld(path, terminal);
    return 'problem' in held ? held : shownCa(path, chosen(held.holders), context);
  };
  const from: ShownCa | { readonly problem: Unreadable } = options.from === SELF_SIGNED
    ? { name: SELF_SIGNED, text: 'the CA that istiod generated', isOwn: true, faults: [] }
    : await read(options.from);
  if ('problem' in from) return from;
  const to = await read(options.to);
  if ('problem' in to) return to;
  const rotation = rotationOf(from.isOwn ? 'self-signed' : 'plugged', from.ca, to.ca!);
  const faults = faultsOf(from, to);
  const facts: RotationFacts = {
    ...rotation,
    namespace: options.istiodNamespace,
    isMultiRootMesh: options.isMultiRootMesh,
    certificateHours: options.certificateHours,
    fingerprints: {
      newRoot: onlyIn(to.ca!.roots, from.ca?.roots),
      oldRoot: onlyIn(from.ca?.roots, to.ca!.roots),
      newSigner: to.ca!.own?.fingerprint,
    },
  };
  const certificates = { from: from.ca, to: to.ca! };
  if (faults.length > 0) return { from: from.text, to: to.text, faults, stages: [], certificates };
  return { from: from.text, to: to.text, faults, stages: rotationPlan(facts), facts, certificates };
}

function faultsOf(from: ShownCa, to: ShownCa): readonly string[] {
  const same = from.ca && sameCaFault(to.name, from.ca, to.ca!);
  return [
    ...from.faults, ...to.faults,
    ...to.isOwn ? [refusalMessage({
      code: 'API057',
      kind: 'CA',
      field: to.name,
      actual: `Secret ${OWN_SECRET}`,
      expected: 'a CA for Secret cacerts',
      because: 'istiod generates that one',
      fix: 'pass the new CA',
    })] : [],
    ...same ? [refusalMessage({ kind: 'CA', ...same })] : [],
  ];
}

async function readHeld(path: string, terminal: Pick<Terminal, 'input'>): Promise<ReadHolders> {
  try {
    return await holdersAt(path, terminal);
  } catch (error) {
    return { problem: openProblem(error, path) };
  }
}

/** The first holder that is a CA, or else the first holder. */
function chosen(holders: readonly CertificateHolder[]): CertificateHolder {
  return holders.find(({ kind }) => kind === 'ca') ?? holders[0];
}

/** The fingerprint of the first certificate that only the first list has. */
function onlyIn(these: readonly Certificate[] = [], others: readonly Certificate[] = []): string | undefined {
  const known = new Set(others.map(({ fingerprint }) => fingerprint));
  return these.find(({ fingerprint }) => !known.has(fingerprint))?.fingerprint;
}

// ------------------------------------------------------------------------------------------------- a CA that is given

type Context = Parameters<typeof judgeCa>[1];

function shownCa(path: string, holder: CertificateHolder, context: Context): ShownCa {
  if (holder.texts.some(({ text }) => text.length > LONGEST_PEM)) return tooLong(path);
  const texts = new Map(holder.texts.map(({ name, text }) => [name, text]));
  const isOwn = mapping(mapping(holder.secret).metadata).name === OWN_SECRET;
  const { roots, own, chain, rootCert } = partsOf(holder, texts);
  const ca = { rootCert, roots, own, chain };
  const name = own && roots.every(({ fingerprint }) => fingerprint !== own.fingerprint)
    ? `${certificateText(own)} below ${roots.map(certificateText).join(', ')}`
    : roots.map(certificateText).join(', ');
  return {
    name: path,
    text: isOwn ? `the CA that istiod generated, ${name}` : name,
    isOwn,
    ca,
    faults: [...contradictions(path, ca, chain), ...isOwn ? [] : refused(path, texts, context)],
  };
}

/** A CA with a file that is larger than any Secret can hold, and so isn't read. */
function tooLong(path: string): ShownCa {
  const expected = `at most ${numeral(LONGEST_PEM)} characters in each`;
  const fault = refusalMessage({
    code: 'API057',
    kind: 'CA',
    field: path,
    actual: 'with a larger file',
    expected,
    because: 'no Secret can hold more',
    fix: 'leave out what istiod doesn\'t need',
  });
  return { name: path, text: 'a CA that isn\'t read', isOwn: false, ca: { rootCert: '', roots: [], chain: [] }, faults: [fault] };
}

interface Parts {
  readonly rootCert: string;
  readonly roots: readonly Certificate[];
  readonly own?: Certificate;
  readonly chain: readonly Certificate[];
}

/** Assigns texts to the files of a CA by their names; for other texts, by the certificates: roots are self-signed. */
function partsOf({ kind, texts: held }: CertificateHolder, texts: ReadonlyMap<string, string>): Parts {
  const [signing, , root, chainKey] = texts.has(TLS_FORM[0]) ? [...TLS_FORM, TLS_FORM[0]] : FOUR_KEY_FORM;
  const read = (name: string): readonly Certificate[] => readCertificates(texts.get(name) ?? '').certificates;
  if (kind === 'ca' && texts.has(signing)) {
    const own = read(signing)[0];
    const roots = read(root);
    return {
      rootCert: texts.get(root) ?? '', roots: roots.length > 0 ? roots : own?.isSelfSigned ? [own] : [], own, chain: read(chainKey),
    };
  }
  const all = [...new Map(held.flatMap(({ text }) => readCertificates(text).certificates).map((one) => [one.fingerprint, one])).values()];
  const roots = all.filter(({ isSelfSigned }) => isSelfSigned);
  const own = all.find(({ isSelfSigned, isCa }) => isCa && !isSelfSigned) ?? (roots.length === 1 ? roots[0] : undefined);
  const [chain = all] = own ? new PathFinder(all, roots).paths(own) : [];
  return { rootCert: '', roots, own, chain };
}

function contradictions(path: string, ca: PublicCa, chain: readonly Certificate[]): readonly string[] {
  if (ca.roots.length === 0) {
    return [refusalMessage({
      code: 'API057',
      kind: 'CA',
      field: path,
      actual: 'without a root certificate',
      expected: 'the root of the CA',
      because: 'proxies must trust it',
      fix: 'add root-cert.pem',
    })];
  }
  if (leadsToRoots(ca, chain)) return [];
  return [refusalMessage({
    code: 'API057',
    kind: 'CA',
    field: path,
    actual: `${certificateText(ca.own!)}, which doesn't chain to its roots`,
    expected: 'the root of its chain',
    because: 'peers that trust these roots reject what it signs',
    fix: 'put the root of the chain into root-cert.pem, and the certificates between into cert-chain.pem',
  })];
}

/** Why istiod wouldn't start with a complete CA. */
function refused(path: string, texts: ReadonlyMap<string, string>, context: Context): readonly string[] {
  const files = isLeftToIstiod((key) => texts.get(key)) ? undefined : caFilesOf(texts);
  const faults: readonly CaFault[] = files ? judgeCa(files, context) : [];
  return faults.filter(({ consequence, code }) => consequence === 'refused' && code !== 'MTLS706')
    .map(({ code, role, actual, expected, because, fix }) => (
      refusalMessage({ code, kind: 'CA', name: path, field: files!.names[role], actual, expected, because, fix })));
}

