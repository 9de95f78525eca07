import type { Expectation } from '../../expectations/expectation';
import type { ExpectationJudge } from '../../expectations/judge';
import type { Failure } from '../../expectations/verdict';
import { judgementDay } from '../../findings/acknowledgement';
import { AppMesh, analysisModules } from '../../integration/app-mesh';
import { STATE_INJECTION } from '../../integration/synth-failures';
import type { TracedReason } from '../../mesh/calls/traced-connection';
import { objectText } from '../../mesh/inventory/object';

/** Why an expectation doesn't hold in an app's mesh, as the parts of an error. */
export interface UnmetExpectation {
  readonly kind: Failure['kind'];
  /** The outcomes, or accepted modes, that aren't as they should be; empty if that isn't why. */
  readonly outcomes: readonly string[];
  readonly actual: string;
  readonly because?: string;
  /** Undefined: the objects that decide, or the expectation, must change. */
  readonly fix?: string;
}

/** Evaluates expectations in an app's mesh. */
export class AppExpectations {
  private readonly judge: ExpectationJudge;
  private readonly paths: ReadonlyMap<string, string>;

  /** @param date the day on which exceptions may have expired; `kind` is what takes it, for errors */
  public constructor({ mesh, pathOf }: AppMesh, { date, kind }: { readonly date?: unknown; readonly kind: string }) {
    this.judge = new (analysisModules().ExpectationJudge)(mesh, judgementDay(date, kind), { paths: pathOf });
    this.paths = new Map([...mesh.objects.all()].flatMap((object) => {
      const path = pathOf.get(object.source);
      return path === undefined ? [] : [[objectText(object), path]];
    }));
  }

  /** Empty: it holds. */
  public failures(expectation: Expectation): readonly UnmetExpectation[] {
    const verdict = this.judge.verdict(expectation);
    return verdict.failures.map((failure) => {
      const { exampleOfFailure, failureParts, witnessName } = analysisModules();
      const { actual, fix = failure.kind === 'conditional' ? STATE_INJECTION : undefined } = failureParts(failure, verdict);
      const witness = exampleOfFailure(failure);
      const example = witness ? `, such as ${witnessName(witness)}` : '';
      const outcomes = failure.kind === 'unmet' ? Object.keys(failure.counts) : [];
      return { kind: failure.kind, outcomes, actual: `${actual}${example}`, because: this.because(failure), fix };
    });
  }

  private because(failure: Failure): string | undefined {
    const witness = analysisModules().exampleOfFailure(failure);
    const reasons = witness && ('connection' in witness ? witness.connection.transport : witness).because;
    return reasons?.map((reason) => this.reasonText(reason)).join('; ');
  }

  /** `PeerAuthentication shop/default (shop/strict) spec.mtls.mode: STRICT for the namespace`. */
  private reasonText({ object, field, effect }: TracedReason): string {
    const path = this.paths.get(objectText(object));
    return `${objectText(object)}${path === undefined ? '' : ` (${path})`} ${field}: ${effect}`;
  }
}
