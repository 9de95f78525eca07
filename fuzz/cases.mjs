// A case: a text of manifests, and everything that is done with it.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
import { loadAll } from 'js-yaml';
import { faultOf } from './invariants.mjs';
import { leakedIn } from './nasty.mjs';
import { mutated } from './mutations.mjs';
import { answerOf, callOf, certificatesOf } from './other-inputs.mjs';
import { Random } from './random.mjs';
import { foreignCommandIn } from './shell.mjs';

const require = createRequire(import.meta.url);
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { run } = require('../lib/src/cli/main.js');
const { Progress } = require('../lib/src/cli/output/terminal.js');
const { readManifests } = require('../lib/src/manifests/manifests.js');
const { MtlsAnalysis, MtlsChange } = require('../lib/src/index.js');

/** What `diff` compares a case with, and `plan` comes from, or goes to. */
const FORMER = join(ROOT, 'test/analysis/rules/mtls101-plaintext-rule-strict-server/bad-application-tls.yaml');

/** What `test` holds a case to. */
const EXPECTATIONS = join(ROOT, 'fuzz/expectations.yaml');

/** Each verb with each of its formats. */
const COMMANDS = [
  ...['text', 'json', 'sarif', 'junit', 'github'].map((format) => ({ verb: 'check', format })),
  ...['text', 'json', 'sarif', 'junit', 'github'].map((format) => ({ verb: 'validate', format })),
  ...['table', 'json', 'csv'].map((format) => ({ verb: 'connections', format })),
  { verb: 'connections', format: 'json', version: 2 },
  ...['text', 'json', 'markdown', 'github'].map((format) => ({ verb: 'diff', format, first: FORMER })),
  ...['text', 'json', 'junit'].map((format) => ({ verb: 'test', format, first: EXPECTATIONS })),
  ...['text', 'json', 'markdown'].map((format) => ({ verb: 'plan', format, first: FORMER })),
  { verb: 'plan', format: 'text', last: FORMER },
  ...['text', 'json', 'markdown'].map((format) => ({ verb: 'plan', format, options: ['to-strict'] })),
  { verb: 'plan', format: 'text', options: ['to-disable', '--scope', 'shop', '--accept-possible'] },
  ...['text', 'json', 'markdown'].map((format) => ({ verb: 'plan', format, options: ['to-trust-domain', 'mesh.example'] })),
];

const TODAY = '2030-01-01';

const TERMINALS = [{}, { isTerminal: true, columns: 60 }, { isTerminal: true, columns: 200 }];

/** The texts of what went wrong with a case. */
export async function faultsOf(seed) {
  const text = mutated(new Random(seed));
  const faults = [];
  for (const command of COMMANDS) {
    const { verb, format, version, options = [], first = [], last = [] } = command;
    const args = [verb, ...options, first, '-o', format, ...version ? ['--format', `${version}`] : [], '-', last].flat();
    const outcome = await outcomeOf(args, text, TERMINALS[seed % TERMINALS.length]);
    const fault = faultOf({ ...command, ...outcome });
    if (fault) faults.push(`istio-mtls ${args.join(' ')}: ${fault}`);
  }
  const first = await outcomeOf(['check', '-'], text, {});
  if (first.out !== (await outcomeOf(['check', '-'], text, {})).out) faults.push('istio-mtls check -: two runs differ');
  return [...faults, ...await faultsOfCalls(text, seed), ...await faultsOfCertificates(seed), ...await faultsOfSnapshot(text), ...await faultsOfProgram(text), ...faultsOfLibrary(text)];
}

/** What is asked of single calls and workloads, or of the calls that were measured. */
async function faultsOfCalls(text, seed) {
  const random = new Random(seed);
  const connections = connectionsOf((await outcomeOf(['connections', '-o', 'json', '-'], text, {})).out);
  const [client, service] = callOf(random, connections);
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  try {
    const calls = join(folder, 'calls.json');
    writeFileSync(calls, answerOf(random, connections, Date.parse(TODAY) / 1000 - 3600));
    const runs = [
      ...['text', 'json'].map((format) => ({ verb: 'explain', format, args: ['-o', format, '--', client, service, '-'] })),
      { verb: 'runbook', format: 'text', args: ['-'] },
      { verb: 'runbook', format: 'text', args: [`--workload=${client}`, '-'] },
      { verb: 'report', format: 'page', args: ['-', '--base', FORMER] },
      ...['text', 'json'].map((format) => ({ verb: 'plan', options: ['to-strict'], format, args: ['to-strict', '--calls', calls, '-o', format, '-'] })),
    ];
    const faults = [];
    for (const { args, ...command } of runs) {
      const outcome = withoutMarkup(await outcomeOf([command.verb, ...args], text, {}));
      const foreign = command.verb === 'runbook' ? foreignCommandIn(outcome.out) : undefined;
      const fault = faultOf({ ...command, ...outcome }) ?? silenceOf(outcome) ?? (foreign === undefined ? undefined : `has a command of somebody else: ${foreign}`);
      if (fault) faults.push(`istio-mtls ${command.verb} ${args.join(' ')}: ${fault}`);
    }
    return faults;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Of a page, the data that it shows. */
function withoutMarkup(outcome) {
  const [, data] = /<script type="application\/json" id="data">([^<]*)</.exec(outcome.out) ?? [];
  return data === undefined ? outcome : { ...outcome, out: data };
}

/** None where the manifests can't be read. */
function connectionsOf(json) {
  try {
    return JSON.parse(json);
  } catch {
    return [];
  }
}

/** Exit code 2 without a word; JSON says itself what couldn't be read. */
function silenceOf({ exitCode, out, error }) {
  return exitCode === 2 && (out + error).trim() === '' ? 'says nothing of why it ends with 2' : undefined;
}

/** The program of manifests is TypeScript, and its synth has as many objects as it says. */
async function faultsOfProgram(text) {
  const outcome = await outcomeOf(['adopt', '-'], text, {});
  const fault = faultOf({ verb: 'adopt', format: 'text', ...outcome }) ?? silenceOf(outcome);
  if (fault) return [`istio-mtls adopt -: ${fault}`];
  if (outcome.out === '') return [];
  if (outcome.out !== (await outcomeOf(['adopt', '-'], text, {})).out) return ['istio-mtls adopt -: two runs differ'];
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  process.env.CDK8S_OUTDIR = folder;
  try {
    const { code } = transformSync(outcome.out, { loader: 'ts', format: 'cjs' });
    new Function('require', 'exports', code)((name) => require(name === 'cdk8s-istio-mtls' ? '../lib/src/index.js' : name), {});
    const [, byConstructs, raw] = /^([\d,]+) objects? by constructs.*?, ([\d,]+) ApiObjects?, /m.exec(outcome.error).map((count) => Number(count.replaceAll(',', '')));
    const written = readdirSync(folder).flatMap((file) => readManifests(readFileSync(join(folder, file), 'utf8'), file).documents).length;
    return written === byConstructs + raw ? [] : [`the program of istio-mtls adopt - writes ${written} objects; expected ${byConstructs + raw}`];
  } catch (error) {
    return [`the program of istio-mtls adopt - fails: ${error.message}`];
  } finally {
    delete process.env.CDK8S_OUTDIR;
    rmSync(folder, { recursive: true });
  }
}

async function faultsOfCertificates(seed) {
  const text = certificatesOf(new Random(seed));
  const faults = [];
  const runs = [
    ...['text', 'json'].map((format) => ({ verb: 'ca inspect', format, args: ['ca', 'inspect', '-', '-o', format] })),
    ...['text', 'markdown'].map((format) => ({ verb: 'ca rotate', format, args: ['ca', 'rotate', '--from', 'self-signed', '--to', '-', '-o', format] })),
  ];
  for (const { verb, format, args } of runs) {
    const outcome = await outcomeOf(args, text, {});
    const fault = faultOf({ verb, format, ...outcome }) ?? silenceOf(outcome);
    if (fault) faults.push(`istio-mtls ${args.join(' ')}: ${fault}\n${text}`);
  }
  return faults;
}

/** A snapshot of a cluster that holds the objects can be read, unless kubectl doesn't print objects. */
async function faultsOfSnapshot(text) {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  try {
    writeFileSync(join(folder, 'list.json'), listOf(text));
    writeFileSync(join(folder, 'kubectl'), `#!/bin/sh\n[ "$1" = get ] && exec /bin/cat '${folder}/list.json'\necho deployments.apps\n`, { mode: 0o755 });
    const taken = await outcomeOf(['snapshot'], '', { env: { PATH: folder } });
    const fault = faultOf({ verb: 'snapshot', format: 'json', ...taken });
    if (fault) return [`istio-mtls snapshot: ${fault}`];
    const checked = await outcomeOf(['check', '-'], taken.out, {});
    const faultThen = faultOf({ verb: 'check', format: 'text', ...checked });
    return faultThen ? [`istio-mtls check - of a snapshot: ${faultThen}`] : [];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What kubectl might print of such objects; Secrets aren't asked for. */
function listOf(text) {
  try {
    const items = loadAll(text).filter((object) => object?.kind !== 'Secret');
    // What js-yaml calls a key that is no text, and no API server has.
    return JSON.stringify({ apiVersion: 'v1', kind: 'List', items }).replaceAll('[object Object]', 'key');
  } catch {
    return text;
  }
}

async function outcomeOf(args, input, terminal) {
  let out = '';
  let error = '';
  async function* bytes() {
    yield Buffer.from(input);
  }
  try {
    const exitCode = await run(args, { root: ROOT, version: '1.2.3' }, {
      input: bytes, isTerminal: false, env: {}, today: () => TODAY, now: () => new Date(`${TODAY}T12:00:00Z`), ...terminal,
      out: (text) => { out += text; }, error: (text) => { error += text; }, progress: new Progress({ write: () => undefined }, () => 0),
    });
    return { exitCode, out, error };
  } catch (thrown) {
    return { exitCode: `none: it threw ${thrown.stack}`, out, error };
  }
}

/** The library may refuse a text, in a sentence. */
function faultsOfLibrary(text) {
  try {
    const analysis = MtlsAnalysis.ofYaml(text);
    const former = readFileSync(FORMER, 'utf8');
    const changes = [analysis.whatIf([MtlsChange.replaceAll(former)]), MtlsAnalysis.ofYaml(former).whatIf([MtlsChange.apply(text)])];
    const told = changes.map((next) => [next.refused, next.diff, next.plan()]);
    const secret = leakedIn(JSON.stringify([analysis.findings, analysis.connections(), told]));
    return secret ? [`MtlsAnalysis shows a secret: ${secret}`] : [];
  } catch (error) {
    if (error.constructor !== Error) return [`MtlsAnalysis threw ${error.stack}`];
    return leakedIn(error.message) ? ['MtlsAnalysis shows a secret in its error'] : [];
  }
}

/** The text of a case, for who looks into it. */
export function textOf(seed) {
  return mutated(new Random(seed));
}
