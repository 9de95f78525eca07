import { rotationMarkdown } from './markdown';
import { RotationReport, ShownCertificates } from './report';
import { RotationStage } from '../../../certificates/ca-rotation';
import { CA_SECRET_NAME, FOUR_KEY_FORM, ISTIO_GENERATED } from '../../../certificates/ca-secret';
import { Certificate } from '../../../certificates/certificate';
import { certificatePem } from '../../../certificates/pem';
import { RotationFacts, signedByNew, StagePlan, UNKNOWN } from '../../../certificates/rotation-plan';
import { yamlDocument } from '../../../manifests/yaml-text';
import { folderNumber, WrittenFile } from '../../output/numbered-folders';

const [CERT, KEY, ROOTS, CHAIN] = FOUR_KEY_FORM;

/** A rotation that has stages. */
interface Rotation extends Pick<RotationReport, 'stages' | 'certificates'> {
  readonly facts: RotationFacts;
}

/**
 * All files of a rotation: a folder for each stage that changes something,
 * `rollback/` with the way back, and the plan. No file holds a private key.
 */
export function rotationFiles(report: RotationReport & Rotation): readonly WrittenFile[] {
  const { facts, stages } = report;
  const changing = stages.filter(({ stage }) => !isAsBefore(stage, facts));
  const back = [...changing].reverse().map((_, index, all) => all[index + 1]);
  return [
    ...changing.flatMap((stage, index) => {
      const folder = folderNumber(index);
      return [...secretFiles(stage, folder, report), ...script(folder, checksOf(stage), facts)];
    }),
    ...back.flatMap((stage, index) => {
      const folder = `rollback/${folderNumber(index)}`;
      if (!stage) return [...formerFiles(folder, facts)];
      const checks = stage.stage === 'trust-both' ? [signedByNew(facts)] : checksOf(stages.find((one) => one.stage === 'trust-both')!);
      return [...secretFiles(stage, folder, report), ...script(folder, checks, facts)];
    }),
    { path: 'README.md', text: readme(report, changing.length) },
  ];
}

/** Under one shared root, the first stage leaves the current Secret as it is. */
function isAsBefore(stage: RotationStage, { isSameRoot }: RotationFacts): boolean {
  return stage === 'trust-both' && isSameRoot;
}

// ---------------------------------------------------------------------------------------------------- the Secret

/** The Secret of a stage. It is complete if it holds no key; otherwise its certificates and a note on who adds the key. */
function secretFiles({ stage, steps }: StagePlan, folder: string, { facts, certificates: { from, to } }: Rotation): readonly WrittenFile[] {
  const signer = stage === 'trust-both' ? from : to;
  const roots = rootsOf(stage, facts, from, to);
  if (facts.start === 'self-signed' && stage === 'trust-both' && roots) {
    return [{ path: `${folder}/apply.yaml`, text: yamlDocument(ownSecret(facts.namespace, pemOf(roots))) }];
  }
  const isOwn = facts.start === 'self-signed' && stage === 'trust-both';
  const known: readonly (readonly [string, readonly Certificate[] | undefined])[] = [
    [CERT, isOwn || !signer?.own ? undefined : [signer.own]],
    [CHAIN, isOwn || !signer?.own ? undefined : signer.chain],
    [ROOTS, roots],
  ];
  const files = known.flatMap(([name, held]) => (held && held.length > 0 ? [{ path: `${folder}/${name}`, text: pemOf(held) }] : []));
  const keys = steps.find(({ action }) => action === 'apply')?.keys ?? [];
  return [...files, { path: `${folder}/APPLY-YOURSELF.txt`, text: applyYourself(keys, files, facts) }];
}

/** Undefined if a root is unknown, or if the text must stay as it is because istiod compares it byte by byte. */
function rootsOf(
  stage: RotationStage, { isSameRoot }: RotationFacts, from: ShownCertificates | undefined, to: ShownCertificates,
): readonly Certificate[] | undefined {
  if (stage === 'trust-new') return to.roots;
  if (!from || isSameRoot) return undefined;
  return [...new Map([...from.roots, ...to.roots].map((root) => [root.fingerprint, root])).values()];
}

function pemOf(certificates: readonly Certificate[]): string {
  return certificates.map(({ der }) => certificatePem(der)).join('');
}

/** The Secret with which istiod keeps its own CA and trusts one more root: its key is empty. */
function ownSecret(namespace: string, roots: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace, name: CA_SECRET_NAME },
    stringData: { [CERT]: '', [KEY]: '', [CHAIN]: '', [ROOTS]: roots, [ISTIO_GENERATED]: '' },
  };
}

function applyYourself(
  keys: NonNullable<StagePlan['steps'][number]['keys']>, files: readonly WrittenFile[], { namespace }: RotationFacts,
): string {
  const here = new Set(files.map(({ path }) => path.split('/').at(-1)));
  const longest = Math.max(...keys.map(([key]) => key.length));
  return [
    `Secret ${namespace}/${CA_SECRET_NAME}, in every cluster that shares the root, each with its own intermediate:`,
    ...keys.map(([key, content]) => `  ${key.padEnd(longest)}  ${content}${here.has(key) ? '; beside this file' : ''}`),
    'Fill it as usual, such as with the construct CaRotation or from a vault. To create it by hand, from a folder with all of these files:',
    `  ${createCommand(keys.map(([key]) => key), namespace)}`,
    '',
  ].join('\n');
}

/** Server-side apply, since client-side apply would keep the key in an annotation. */
export function createCommand(keys: readonly string[], namespace: string): string {
  return `kubectl create secret generic ${CA_SECRET_NAME} -n ${namespace} ${keys.map((key) => `--from-file=${key}`).join(' ')} `
    + '--dry-run=client -o yaml | kubectl apply --server-side --force-conflicts -f -';
}

/** The files that undo the first stage. */
function formerFiles(folder: string, { start, namespace }: RotationFacts): readonly WrittenFile[] {
  if (start === 'self-signed') {
    return [{
      path: `${folder}/delete.yaml`,
      text: yamlDocument({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name: CA_SECRET_NAME } }),
    }];
  }
  return [{ path: `${folder}/APPLY-YOURSELF.txt`, text: `Secret ${namespace}/${CA_SECRET_NAME}: as it was before\n` }];
}

// --------------------------------------------------------------------------------------------------- what is asked

type Checks = readonly (readonly string[])[];

function checksOf({ steps }: StagePlan): Checks {
  return steps.flatMap(({ printsNothing, commands }) => (printsNothing && commands ? [commands] : []));
}

/** Exits with 1 as long as it isn't safe to go on. */
function script(folder: string, checks: Checks, { namespace }: RotationFacts): readonly WrittenFile[] {
  const unknown = Object.values(UNKNOWN).filter((name) => checks.flat().some((line) => line.includes(name)));
  const asked = unknown.length > 0
    ? [`echo '${unknown.join(' and ')} isn'"'"'t known: create the plan again with the files of both CAs' >&2`, 'exit 1']
    : [
      '# What answers nothing is no good sign.',
      'istioctl proxy-status | awk \'NR > 1\' | grep -q . || { echo "istiod has no connected proxy: istioctl proxy-status" >&2; exit 1; }',
      'kubectl get configmap -A --field-selector metadata.name=istio-ca-root-cert -o name | grep -q . '
      + '|| { echo "no namespace has the roots" >&2; exit 1; }',
      'lacking=$(',
      ...checks.flat().map((line) => `  ${line}`),
      ')',
      'if [ -n "$lacking" ]; then echo "$lacking" >&2; exit 1; fi',
      'echo "It is safe to continue if the number of proxies in istioctl proxy-status matches the pods with a proxy."',
    ];
  const head = ['#!/bin/sh', '# Asks whether every proxy has this stage, and changes nothing. Needs kubectl, istioctl, istio-mtls and jq; '
    + `istiod is in ${namespace}.`, 'set -eu'];
  return [{ path: `${folder}/verify.sh`, text: [...head, ...asked, ''].join('\n'), isProgram: true }];
}

function readme(report: RotationReport & Rotation, count: number): string {
  const starts = Array.from({ length: count },
    (_, index) => `\`rollback/${folderNumber(count - 1 - index)}\` after \`${folderNumber(index)}\``).join(', ');
  const skipped = report.stages.length - count;
  return [
    '# A plan of istio-mtls ca rotate\n',
    `${count} folder${count === 1 ? '' : 's'}, to be applied in `
      + `order${skipped > 0 ? '; the first stage is the existing Secret, and has no folder' : ''}. For each, `
      + 'follow the steps of its stage in the plan below. Apply `apply.yaml` if there is one; '
      + 'otherwise apply yourself what `APPLY-YOURSELF.txt` names: it holds a private key, which no file here contains. '
      + 'The certificates beside it are public. Then run `./verify.sh` before the next folder.\n',
    `\`rollback/\` rolls back, from the last stage to the first, with the same restarts and waits. Start with ${starts}.\n`,
    rotationMarkdown(report),
  ].join('\n');
}
