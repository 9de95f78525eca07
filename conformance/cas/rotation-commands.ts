// The commands of the plan from one CA to another: those of kubectl, with what they are piped into, are run in a cluster whose istiod
// hands out the old root; those of istioctl and those that need a kubelet are shown to the program's help.
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandEnvironment } from './commands';
import { libraryModule } from '../library';
import { type ServerConnection } from '../node/kube-client';
import { faultOf } from '../runbook/runbook';

/** What needs a kubelet, a controller or a proxy. */
const SHOWN = /^(?:kubectl (?:logs|rollout|get --raw)|istioctl) /;
const PLACEHOLDERS = /\s*\||\s2>|'[^']*'/;

/**
 * Where the commands of a plan do something else than its text says.
 *
 * @param oldRoot the root that the ConfigMaps of the cluster have, as PEM
 * @param newRoot another one
 * @param files a CA by the keys of the Secret, which the last command makes
 */
export function rotationCommandProblems(
  connection: ServerConnection, folder: string, oldRoot: string, newRoot: string, files: Readonly<Record<string, string>>,
): readonly string[] {
  const { FOUR_KEY_FORM } = libraryModule('certificates/ca-secret');
  const { rotationPlan } = libraryModule('certificates/rotation-plan');
  const { createCommand } = libraryModule('cli/ca/rotate/folder');
  const env = commandEnvironment(connection, folder);
  const problems: string[] = [];
  const expect = (line: string, expected: RegExp): void => {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { cwd: folder, env, encoding: 'utf8' });
    if (status !== 0 || !expected.test(stdout)) problems.push(`${line}: ended with ${status} and not as expected (${String(expected)}): ${stderr}`); // What it prints may be a key.
  };
  const plan = (fingerprints: { readonly newRoot: string; readonly oldRoot: string }): readonly (readonly string[])[] =>
    (['self-signed', 'plugged'] as const).flatMap((start) => [true, false].flatMap((isMultiRootMesh) =>
      rotationPlan({
        start, isSameRoot: false, namespace: 'istio-system', isMultiRootMesh, certificateHours: 24, fingerprints: { ...fingerprints, newSigner: fingerprints.newRoot },
      }).flatMap(({ steps }) => steps.flatMap(({ commands }) => (commands ? [commands] : [])))));
  const [old, next] = [oldRoot, newRoot].map((pem) => new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase());
  const blocks = [...new Map([...plan({ newRoot: next, oldRoot: old })].map((lines) => [lines.join('\n'), lines])).values()];
  for (const lines of blocks) {
    const [first] = lines;
    if (first.startsWith('kubectl get configmap ')) expect(lines.join('\n'), /istio-ca-root-cert/); // The new root is missing, and the old one still there.
    else if (first.startsWith('kubectl get secret ')) expect(first, /cacerts/);
    else for (const line of lines.filter((one) => SHOWN.test(one.trim()))) problems.push(...faults(line.trim()));
  }
  // What is safe prints nothing: the new root is that of the ConfigMaps, and the old one another.
  const safe = plan({ newRoot: old, oldRoot: next }).filter(([first]) => first.startsWith('kubectl get configmap '));
  for (const lines of safe) expect(lines.join('\n'), /^$/);
  if (safe.length === 0) problems.push('the plan has no command that asks the ConfigMaps');
  const scratch = join(folder, 'rotation');
  mkdirSync(scratch);
  for (const key of FOUR_KEY_FORM) writeFileSync(join(scratch, key), files[key]);
  expect(`cd rotation && ${createCommand(FOUR_KEY_FORM, 'istio-system')}`, /^secret\/cacerts serverside-applied$/m);
  expect('kubectl get secret cacerts -n istio-system -o yaml --show-managed-fields', /^(?![^]*last-applied-configuration)[^]*ca-key\.pem/);
  return problems;
}

/** What the real program has against a command. */
function faults(line: string): readonly string[] {
  const fault = faultOf(line.split(PLACEHOLDERS)[0].trim().split(' '));
  return fault === undefined ? [] : [`${line}: ${fault}`];
}
