// The commands of docs/custom-ca.md: those of kubectl are run in a cluster with a CA, those of istioctl shown to its help.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { goBinary } from '../node/go-binary';
import { kubeconfigOf } from '../node/istiod';
import { type ServerConnection } from '../node/kube-client';
import { faultOf } from '../runbook/runbook';

const ROOT = join(__dirname, '../..');
const PAGE = join(ROOT, 'docs/custom-ca.md');

/** The lines of the page's shell blocks that begin with a program. */
export function commandsOfPage(program: string, page = readFileSync(PAGE, 'utf8')): readonly string[] {
  const lines = [...page.matchAll(/^```\n([^`]*?)^```$/gm)].flatMap(([, text]) => text.trimEnd().split('\n'));
  return lines.filter((line) => line.startsWith(`${program} `));
}

/** In which kubectl is the real one and asks a cluster, and istio-mtls this one. */
export function commandEnvironment(connection: ServerConnection, folder: string): NodeJS.ProcessEnv {
  return { KUBECONFIG: kubeconfigOf(connection, folder), HOME: folder, PATH: [dirname(goBinary('kubectl')), join(ROOT, 'bin'), process.env.PATH].join(':') };
}

export interface RanCommands {
  readonly commands: readonly string[];
  readonly problems: readonly string[];
}

/**
 * Runs the page's commands of kubectl, and asks istioctl about its own.
 *
 * @param expected what each of kubectl must print
 */
export function ranCommands(connection: ServerConnection, folder: string, expected: RegExp): RanCommands {
  const env = commandEnvironment(connection, folder);
  const [kubectl, istioctl] = ['kubectl', 'istioctl'].map((program) => commandsOfPage(program));
  const problems = [
    ...kubectl.flatMap((line) => {
      const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { cwd: folder, env, encoding: 'utf8' });
      return status === 0 && expected.test(stdout) ? [] : [`${line}: ended with ${status}: ${stderr}${stdout}`];
    }),
    ...istioctl.flatMap((line) => {
      const fault = faultOf(line.split(' | ')[0].split(' '));
      return fault === undefined ? [] : [`${line}: ${fault}`];
    }),
  ];
  const commands = [...kubectl, ...istioctl];
  return { commands, problems: commands.length > 0 ? problems : [...problems, 'docs/custom-ca.md has no commands'] };
}
