// A case: a text of manifests, and everything that is done with it.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faultOf } from './invariants.mjs';
import { leakedIn } from './nasty.mjs';
import { mutated } from './mutations.mjs';
import { Random } from './random.mjs';

const require = createRequire(import.meta.url);
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { run } = require('../lib/src/cli/main.js');
const { Progress } = require('../lib/src/cli/terminal.js');
const { MtlsAnalysis } = require('../lib/src/index.js');

/** What `diff` compares a case with, and `plan` comes from. */
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
];

const TODAY = '2030-01-01';

const TERMINALS = [{}, { isTerminal: true, columns: 60 }, { isTerminal: true, columns: 200 }];

/** The texts of what went wrong with a case. */
export async function faultsOf(seed) {
  const text = mutated(new Random(seed));
  const faults = [];
  for (const command of COMMANDS) {
    const args = [command.verb, ...command.first ? [command.first] : [], '-o', command.format, ...command.version ? ['--format', `${command.version}`] : [], '-'];
    const outcome = await outcomeOf(args, text, TERMINALS[seed % TERMINALS.length]);
    const fault = faultOf({ ...command, ...outcome });
    if (fault) faults.push(`istio-mtls ${args.join(' ')}: ${fault}`);
  }
  const first = await outcomeOf(['check', '-'], text, {});
  if (first.out !== (await outcomeOf(['check', '-'], text, {})).out) faults.push('istio-mtls check -: two runs differ');
  return [...faults, ...faultsOfLibrary(text)];
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
    const secret = leakedIn(JSON.stringify([analysis.findings, analysis.connections()]));
    return secret ? [`MtlsAnalysis.ofYaml shows a secret: ${secret}`] : [];
  } catch (error) {
    if (error.constructor !== Error) return [`MtlsAnalysis.ofYaml threw ${error.stack}`];
    return leakedIn(error.message) ? ['MtlsAnalysis.ofYaml shows a secret in its error'] : [];
  }
}

/** The text of a case, for who looks into it. */
export function textOf(seed) {
  return mutated(new Random(seed));
}
