import { countsOfTests, ReportedFailure, ReportedTest, TestReport } from './report';
import { Expectation, nounOf } from '../../expectations/expectation';
import { ExpectationWitness } from '../../expectations/verdict';
import { redactedValue } from '../../findings/redacted-value';
import { printableJson } from '../../findings/safe-text';
import { ISTIO_MINOR } from '../../mesh/config/istiods';
import { readingJson } from '../findings/json';

/** Counts up when a field changes its meaning or goes; new fields may come at any time. */
const FORMAT = 2;

/** The report as programs read it, see docs/schemas/test.schema.json. */
export function testJson(report: TestReport): string {
  const { reading, configuration, file, refused, tests } = report;
  const { files, documents, facts, unreadable, skipped } = reading;
  const value = {
    format: FORMAT,
    istio: ISTIO_MINOR,
    ...configuration !== undefined && { configuration: { path: configuration } },
    expectations: { path: file },
    summary: {
      files,
      objects: documents.length,
      facts: facts.documents.length,
      refused,
      unreadable: unreadable.length,
      skipped: skipped.length,
      ...countsOfTests(report),
    },
    tests: tests.map(testOf),
    ...readingJson(reading),
  };
  return `${printableJson(JSON.stringify(value, null, 2))}\n`;
}

function testOf({ expectation, position: { line, column }, count, excepted, counts, failures }: ReportedTest) {
  return { line, column, test: saidIn(expectation), passed: failures.length === 0, about: `${nounOf(expectation.demand)}s`, count, excepted, counts, failures: failures.map(failureOf) };
}

/** The test as it is written, without its exceptions. */
function saidIn({ from, to, server, demand }: Expectation) {
  return redactedValue({ from: from?.text, to: to?.text, server: server?.text, [demand.word]: demand.word === 'accepts' ? demand.mode : demand.outcome });
}

function failureOf({ kind, message, position: { line, column }, witness }: ReportedFailure) {
  return { kind, message, line, column, witness: witness && witnessOf(witness) };
}

function witnessOf(witness: ExpectationWitness) {
  if ('connection' in witness) return witness;
  const { server, port = null, mode, undecidedBecause, because } = witness;
  return { server, port, mode, undecidedBecause, because };
}
