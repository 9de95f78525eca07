import type { AdmissionContext } from '../../admission/admission';
import { withInstalled } from '../../configuration/installed';
import { Expectation, expectationText } from '../../expectations/expectation';
import { ExpectationsFile } from '../../expectations/expectations-file';
import { ExpectationJudge } from '../../expectations/judge';
import { exampleOf, exceptionOf, Failure, ExpectationVerdict, ExpectationWitness } from '../../expectations/verdict';
import { failureText } from '../../expectations/wording';
import { CalendarDate } from '../../findings/acknowledgement';
import { Condition } from '../../findings/condition';
import { redactedValue } from '../../findings/redacted-value';
import { redacted } from '../../findings/safe-text';
import { Position } from '../../manifests/source-text';
import { Mesh, MeshOptions } from '../../mesh/mesh';
import { NameContext } from '../../mesh/queries/names';
import { AdmissionElsewhere, admitted, objectedIn, refusedIn } from '../admission/admission';
import type { ConfigurationFile } from '../findings/configuration-file';
import { Note } from '../input/raw-sources';
import { Reading } from '../input/reading';

/** The result of a test. */
export interface ReportedTest extends Pick<ExpectationVerdict, 'expectation' | 'count' | 'excepted' | 'counts'> {
  /** The test in one line. */
  readonly title: string;
  readonly position: Position;
  /** Empty if the test passed. */
  readonly failures: readonly ReportedFailure[];
}

export interface ReportedFailure {
  readonly kind: Failure['kind'];
  readonly message: string;
  /** The place of the test, or of the exception at fault. */
  readonly position: Position;
  readonly witness?: ExpectationWitness;
  /** Of a conditional failure, the values of missing facts with which the example fails. */
  readonly if?: readonly Condition[];
}

/** The result of `test`. */
export interface TestReport {
  readonly reading: Reading;
  readonly configuration?: ConfigurationFile;
  /** The file of the tests. */
  readonly file: string;
  /** The number of objects that an API server or istiod would refuse; they aren't part of the mesh. */
  readonly refused: number;
  /** In the order of the file. */
  readonly tests: readonly ReportedTest[];
}

/** Tests the mesh of the manifests and facts against expectations. */
export async function testReport(
  reading: Reading, { file, expectations, positionOf }: ExpectationsFile,
  options: AdmissionContext & MeshOptions & NameContext & { readonly today: CalendarDate },
  elsewhere?: AdmissionElsewhere,
): Promise<TestReport> {
  const refusedObjects = refusedIn(await objectedIn(reading, options, elsewhere));
  const { judged, facts } = admitted(reading, refusedObjects);
  const mesh = Mesh.of(judged, { ...withInstalled(options, facts, judged), existing: facts.length > 0 ? facts : undefined });
  const judge = new ExpectationJudge(mesh, options.today, { namespace: options.namespace });
  const refused = [...refusedObjects].filter((index) => index < reading.documents.length).length;
  const notes = [...reading.notes, ...refusedNotes(refused),
    ...mesh.notes.map((text): Note => ({ about: 'control plane', text: redacted(text) }))];
  return { reading: { ...reading, notes }, file, refused, tests: expectations.map((one) => reportedTest(one, judge, positionOf)) };
}

function refusedNotes(refused: number): readonly Note[] {
  if (refused === 0) return [];
  const [objects, have] = refused === 1 ? ['1 object', 'is'] : [`${refused} objects`, 'are'];
  return [{ about: 'refused', text: `${objects} would be rejected and ${have} ignored here: see istio-mtls check` }];
}

function reportedTest(expectation: Expectation, judge: ExpectationJudge, positionOf: ExpectationsFile['positionOf']): ReportedTest {
  const verdict = judge.verdict(expectation);
  const { count, excepted, counts, failures, expectation: { except } } = verdict;
  const placeOf = (failure: Failure): Position => {
    const exception = exceptionOf(failure);
    return positionOf(exception ? [...expectation.path, 'except', except.indexOf(exception)] : expectation.path);
  };
  return {
    expectation,
    title: redacted(expectationText(expectation)),
    position: positionOf(expectation.path),
    count,
    excepted,
    counts,
    failures: failures.map((failure) => ({
      kind: failure.kind,
      message: redacted(failureText(failure, verdict)),
      position: placeOf(failure),
      witness: redactedExample(exampleOf(failure)),
      ...failure.kind === 'conditional' && { if: redactedValue(failure.if) },
    })),
  };
}

/** A mode is a word of the model, even beside a name that looks like the beginning of a key. */
function redactedExample(witness: ExpectationWitness | undefined): ExpectationWitness | undefined {
  const shown = redactedValue(witness);
  return shown && witness && 'mode' in shown && 'mode' in witness ? { ...shown, mode: witness.mode } : shown;
}

/** 0: all tests pass; 1: a test fails; 2: something could not be read. */
export function exitCodeOfTests({ reading: { unreadable }, tests }: TestReport): 0 | 1 | 2 {
  if (unreadable.length > 0) return 2;
  return tests.some(({ failures }) => failures.length > 0) ? 1 : 0;
}

/** How many tests passed, and how many failed. */
export function countsOfTests({ tests }: TestReport): Readonly<Record<'tests' | 'passed' | 'failed', number>> {
  const failed = tests.filter(({ failures }) => failures.length > 0).length;
  return { tests: tests.length, passed: tests.length - failed, failed };
}
