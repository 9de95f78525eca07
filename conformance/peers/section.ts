import type { PeerFacts } from './peers';
import { RIVALS, type Rivals } from './programs';

/** The section of docs/conformance.md, from the facts of one run. */
export function section({ node, cpus, turns, sizes, seed, meshes, withBroken, broken, told }: PeerFacts): string {
  const row = ({ resources, costs }: PeerFacts['sizes'][number], { ours, theirs }: Rivals) => {
    const [one, other] = [costs[ours], costs[theirs]];
    return `| ${resources} | ${ours} | ${one.seconds.toFixed(2)} s, ${one.megabytes} MB | ${theirs} | ${other.seconds.toFixed(2)} s, ${other.megabytes} MB | ${(one.seconds / other.seconds).toFixed(2)} |`;
  };
  return [
    '## Peers', '',
    `\`istioctl analyze\` and \`istioctl validate\`, built from the module that the referees are built from, beside ours on the same file: one generated mesh of services, workloads and policies. Each number is the best of ${turns} runs in turns (Node ${node}, ${cpus} CPUs).`, '',
    '| resources | ours | | Istio\'s | | time, ours to Istio\'s |', '|---|---|---|---|---|---|',
    ...RIVALS.flatMap((rivals) => sizes.map((size) => row(size, rivals))), '',
    ...RIVALS.filter(({ bound }) => bound).map(({ ours, theirs, bound }) => `At 11,000 resources ${ours} must take at most ${bound} of what ${theirs} takes.`), '',
    `In ${meshes} random meshes (seed ${seed}) ${broken} connections of ${withBroken} meshes are broken. Of how many a program has a message about an object that decides the connection, or that decides it or takes part in it (client, server, their namespaces, the service), whatever the message says:`, '',
    '| program | that decides it | that decides it or takes part | the same, as an error |', '|---|---|---|---|',
    ...Object.entries(told).map(([program, { deciding, any, errors }]) => `| ${program} | ${deciding} | ${any} | ${errors} |`), '',
    '`istioctl analyze` runs with `-A`: without it, it tells of namespace `default` only.',
  ].join('\n');
}
