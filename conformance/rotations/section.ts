// What docs/conformance.md says of rotations on sidecars that run.
import type { Jump, RotationRun } from './rotated';
import { STARTS, type Start } from './rotating-cas';
import type { RotationFacts } from './rotations';
import { sum } from '../connections/section';

const WORDS: Readonly<Record<Start, string>> = {
  'self-signed': 'istiod\'s self-signed CA', 'another root': 'a CA of one\'s own', 'the same root': 'a CA of one\'s own, to one below the same root',
};

export function section({ envoy, seed, sidecars, rotations, unsteady, rotationsWithoutReport }: RotationFacts): string {
  const jumps = rotations.flatMap((one) => one.jumps);
  const [inStages, meanwhile] = (['inStages', 'meanwhile'] as const).map((part) => rotations.map((one) => one[part]));
  const total = (all: readonly { readonly calls: number; readonly failed: number }[]) => `${add(all, 'failed')} of ${add(all, 'calls')}`;
  return `## Certificates that change on a data plane

The stages of [ca-rotation.md](ca-rotation.md) are carried out on the data plane above. A real istiod gets the Secret of each stage as \`CaRotation\` emits it, and signs for ${sidecars} workloads, with a key for each certificate. Where istiod takes a stage while it runs, it is left to; from the CA that it made itself it starts anew for the next two stages. Each sidecar, Envoy ${envoy} with istiod's configuration for a mesh that is STRICT, has what it would ask its agent for in two files that it watches: its certificate with chain and key, and the roots, as the agent hands them out. All else of its configuration is static. Another file takes the place of the former by a rename while calls are made; Envoy's statistics tell when a sidecar has it.

In a stage each sidecar gets its part at another time, in a random order: the certificate first, the roots first, or both at once. So old and new certificates meet old and new roots, on both sides. While a sidecar takes what it got, calls are made, one after the other; then every workload calls each other one, by HTTP and TCP, three times each. Each request has a connection of its own between the sidecars, and none is sent again. A call must arrive over mutual TLS, and both sidecars must log the other's SPIFFE identity, and the issuer of the certificate that the other has at that moment. The stages are made so, and taken back from the last to the first, in TLS 1.3 and, with servers that are limited to it, in TLS 1.2. ${rotations[0].kept.connections} connections are made before, and asked again after each step: of TCP, and of HTTP, for which the sidecars keep theirs, too, as their counters of handshakes say.

Then come ways over one stage or more, in both directions, one sidecar after the other. Which of these calls must fail, \`openssl verify\` says of certificates and roots: just these do, each time.

| | |
|---|---|
| seed | ${seed} |
| rotations carried out, and taken back | ${rotations.length} |
| times that a sidecar got a certificate, roots or both, in the stages | ${rotations.reduce((count, { renewals }) => count + renewals, 0)} |
| **calls that failed, once a sidecar had what it got** | **${total(inStages)}** |
| **calls that failed while it took that** | **${total(meanwhile)}** |
| **answers that connections no longer gave that were open before** | **${rotations.reduce((count, { kept }) => count + kept.lost, 0)} of ${rotations.reduce((count, { kept }) => count + kept.asked, 0)}** |
| calls that failed on a way over a stage | ${total(jumps)} |
| answers that open connections no longer gave on such a way | ${jumps.reduce((count, { lost }) => count + lost, 0)} of ${jumps.reduce((count, { asked }) => count + asked, 0)} |
| rotations in which something was wrong, and not when they were carried out again | ${unsteady} |
| rotations that couldn't be carried out | ${sum(rotationsWithoutReport)} |

| from | in TLS 1.3 | in TLS 1.2 | renewals | calls in stages | failed |
|---|---|---|---|---|---|
${STARTS.flatMap((start) => rowOf(start, rotations.filter((one) => one.start === start))).join('\n')}

| over a stage, from | from | to | calls | failed |
|---|---|---|---|---|
${STARTS.flatMap((start) => jumpRows(start, rotations.filter((one) => one.start === start))).join('\n')}

### What this leaves unproved

istiod's agent isn't run: what it would hand out is put into files, as its code makes it of istiod's answer, and when it would renew is up to the suite. Gateways, and sidecars of other clusters that share the root, take no part. A connection that stays open is not verified anew, so it says nothing of the certificates that came after it: it goes on over a stage, too, until it is made again. No certificate of a stage ends, nor is any revoked.
`;
}

function rowOf(start: Start, runs: readonly RotationRun[]): string[] {
  if (runs.length === 0) return [];
  const tallies = runs.flatMap(({ inStages, meanwhile }) => [inStages, meanwhile]);
  const [newer, older] = (['TLS 1.3', 'TLS 1.2'] as const).map((version) => runs.filter(({ tls }) => tls === version).length);
  return [`| ${[WORDS[start], newer, older, runs.reduce((count, { renewals }) => count + renewals, 0), add(tallies, 'calls'), add(tallies, 'failed')].join(' | ')} |`];
}

function jumpRows(start: Start, runs: readonly RotationRun[]): string[] {
  const ways = new Map<string, Jump[]>();
  for (const jump of runs.flatMap(({ jumps }) => jumps)) {
    const key = `${nameOf(jump.from)} | ${nameOf(jump.to)}`;
    ways.set(key, [...ways.get(key) ?? [], jump]);
  }
  return [...ways].map(([way, jumps]) => `| ${WORDS[start]} | ${way} | ${add(jumps, 'calls')} | ${add(jumps, 'failed')} |`);
}

const nameOf = (state: string): string => (state === 'before' ? 'before the first' : `\`${state.replaceAll('-', '_').toUpperCase()}\``);

function add(tallies: readonly { readonly calls: number; readonly failed: number }[], name: 'calls' | 'failed'): number {
  return tallies.reduce((total, one) => total + one[name], 0);
}
