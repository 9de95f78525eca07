// The command lines that are run on an input.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { REPORT_FORMATS } = require('../../lib/src/cli/report-format.js');
const { CONNECTION_FORMATS } = require('../../lib/src/cli/connection-format.js');

const FORMATS = { check: REPORT_FORMATS, validate: REPORT_FORMATS, connections: CONNECTION_FORMATS };

/** Those that a terminal shows in colours. */
const FOR_PEOPLE = ['text', 'table'];

/** Each verb in each of its formats on each input; what people read on a terminal, too. */
export function runsOf(inputs) {
  return inputs.flatMap((input) => (input.verbs ?? Object.keys(FORMATS)).flatMap((verb) => FORMATS[verb].flatMap((format) => {
    const args = [verb, '-o', format, ...optionsOf(input, verb), input.path];
    return FOR_PEOPLE.includes(format) ? [{ args, isTerminal: false }, { args, isTerminal: true }] : [{ args, isTerminal: false }];
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
