// What the part needs of the machine.
import { spawnSync } from 'node:child_process';

const COMMANDS: readonly (readonly string[])[] = [['ip', '-V'], ['unshare', '--net', 'iptables', '-t', 'nat', '-S'], ['python3', '-m', 'pip', '--version']];

/** Why meshes can't run on this machine; undefined where they can. */
export function missing(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return `network namespaces and Envoy's binary need Linux on x86-64, and this is ${process.platform} on ${process.arch}`;
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const failing = COMMANDS.find(([name, ...args]) => spawnSync(name, args).status !== 0);
  return failing && `\`${failing.join(' ')}\` fails; Debian's iproute2, iptables and python3-pip have what is needed`;
}
