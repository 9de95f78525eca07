// The command lines that are run on an input.
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);

/** Each verb with the options for each of its formats, as the command under a root has them. */
export function formatsOf(root) {
  const folder = join(root, 'lib', 'src', 'cli');
  // Older commits have the lists of formats in several files, or one format of JSON.
  const modules = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /formats?\.js$/.test(name)).map((name) => require(join(folder, name)));
  const { REPORT_FORMATS, CONNECTION_FORMATS, JSON_FORMATS = [] } = Object.assign({}, ...modules);
  const reports = REPORT_FORMATS.map((format) => ['-o', format]);
  const connections = [...CONNECTION_FORMATS.map((format) => ['-o', format]), ...JSON_FORMATS.map((format) => ['-o', 'json', '--format', format])];
  return { check: reports, validate: reports, connections };
}

/** Those that a terminal shows in colours. */
const FOR_PEOPLE = ['text', 'table'];

/** Each verb in each format on each input; what people read on a terminal, too. */
export function runsOf(inputs, formats) {
  return inputs.flatMap((input) => (input.verbs ?? Object.keys(formats)).flatMap((verb) => formats[verb].flatMap((format) => {
    const args = [verb, ...format, ...optionsOf(input, verb), input.path];
    const run = { args, isTerminal: false };
    return FOR_PEOPLE.includes(format[1]) ? [run, { args, isTerminal: true }] : [run];
  })));
}

function optionsOf({ facts, istiodEnv = {}, clusterDomain, only = [] }, verb) {
  return [
    ...facts === undefined ? [] : ['--with', facts],
    ...clusterDomain === undefined ? [] : ['--cluster-domain', clusterDomain],
    ...verb === 'validate' ? [] : Object.entries(istiodEnv).flatMap(([name, value]) => ['--istiod-env', `${name}=${value}`]),
    ...verb === 'connections' ? only : [],
  ];
}
