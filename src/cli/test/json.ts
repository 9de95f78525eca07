import { countsOfTests, ReportedFailure, ReportedTest, TestReport } from './report';
import { Expectation, nounOf } from '../../expectations/expectation';
import { ConnectionWitness, ExpectationVerdict, ExpectationWitness, PortWitness } from '../../expectations/verdict';
import { Condition } from '../../findings/condition';
import { redactedValue } from '../../findings/redacted-value';
import { Outcome } from '../../mesh/model/transport';
import { ServerMode } from '../../mesh/policies/peer-authentication';
import { json, placeJson, PrintedPlace, PrintedReading, PrintedState, readingJson, ReadCounts, runJson } from '../findings/json';

/** What istio-mtls test -o json prints */
export interface PrintedTestReport extends PrintedState, PrintedReading {
  /** Increases when a field changes its meaning or is removed. New fields may be added at any time. */
  readonly format: 2;
  /** The file of the tests. */
  readonly expectations: { readonly path: string };
  /** What was read, and how many tests passed. */
  readonly summary: TestCounts;
  /** In the order of the tests file. */
  readonly tests: readonly PrintedTest[];
}

/** What was read, and how many tests passed. */
interface TestCounts extends ReadCounts {
  readonly tests: number;
  readonly passed: number;
  readonly failed: number;
}

/** The result of a test, with its place in the file of the tests. */
interface PrintedTest extends Required<PrintedPlace>, Pick<ExpectationVerdict, 'count' | 'excepted' | 'counts'> {
  /** The test as written, without its exceptions: with one of `is`, `never`, `atLeast` and `accepts`. */
  readonly test: PrintedExpectation;
  readonly passed: boolean;
  /** What is counted: tests with `accepts` count `ports`, where all ports of a server that no manifest names count as one. */
  readonly about: 'connections' | 'ports';
  /** Empty: the test passed. */
  readonly failures: readonly PrintedFailure[];
}

/** A test without its exceptions. */
interface PrintedExpectation {
  readonly from?: string;
  readonly to?: string;
  readonly server?: string;
  readonly is?: Outcome;
  readonly never?: Outcome;
  readonly atLeast?: Outcome;
  readonly accepts?: ServerMode;
}

/** Why a test failed, with the place of the test, or of its exception that is at fault. */
interface PrintedFailure extends Required<PrintedPlace> {
  /**
   * `unmatched`: the test or an exception matches nothing or is ambiguous. `ended`: an exception has expired. `unmet`: some aren't as
   * expected. `undecided`: some are undecided. `conditional`: some aren't as expected in a case that the manifests leave open.
   */
  readonly kind: ReportedFailure['kind'];
  readonly message: string;
  /** The first of those that fail. */
  readonly witness?: ConnectionWitness | PrintedPortWitness;
  /** Of `conditional`, what holds where it fails: namespaces with sidecars or without, revisions that are installed or not. */
  readonly if?: readonly Condition[];
}

/** A port of a server. */
interface PrintedPortWitness extends Omit<PortWitness, 'port'> {
  /** Null stands for all ports that no manifest names. */
  readonly port: number | null;
}

/** The report as JSON. See docs/schemas/test.schema.json. */
export function testJson(report: TestReport): string {
  const { reading, configuration, file, refused, tests } = report;
  const { files, documents, facts, unreadable, skipped } = reading;
  const printed: PrintedTestReport = {
    format: 2,
    ...runJson(configuration),
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
  return json(printed);
}

function testOf({ expectation, position, count, excepted, counts, failures }: ReportedTest): PrintedTest {
  return {
    ...placeJson(position),
    test: expectationJson(expectation),
    passed: failures.length === 0,
    about: `${nounOf(expectation.demand)}s`,
    count,
    excepted,
    counts,
    failures: failures.map(failureJson),
  };
}

function expectationJson({ from, to, server, demand }: Expectation): PrintedExpectation {
  const wanted = demand.word === 'accepts' ? demand.mode : demand.outcome;
  return redactedValue({ from: from?.text, to: to?.text, server: server?.text, [demand.word]: wanted });
}

function failureJson({ kind, message, position, witness, if: conditions }: ReportedFailure): PrintedFailure {
  return { kind, message, ...placeJson(position), witness: witness && witnessJson(witness), ...conditions && { if: conditions } };
}

function witnessJson(witness: ExpectationWitness): ConnectionWitness | PrintedPortWitness {
  if ('connection' in witness) return witness;
  const { server, port = null, ...others } = witness;
  return { server, port, ...others };
}
