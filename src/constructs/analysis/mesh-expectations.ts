import { IConstruct } from 'constructs';
import { AppExpectations, UnmetExpectation } from './app-expectations';
import { ConnectionExpectation, PortExpectation } from './expectation-props';
import type { Faults } from '../../configuration/settings-file';
import type { Expectation } from '../../expectations/expectation';
import { FieldPath, fieldText } from '../../findings/finding';
import { refusal, refusalMessage } from '../../findings/refusal';
import { MeshManifests } from '../../integration/app-manifests';
import { analysisModules, meshOfApp } from '../../integration/app-mesh';
import { IstioAdmission } from '../../integration/istio-admission';
import { MeshFacts } from '../../integration/mesh-facts';
import { outsideMessages } from '../../integration/mesh-scope';
import { MtlsAnalysisOptions } from '../../integration/mtls-analysis-options';
import { addJudge } from '../../integration/once-per-synth';

/** An expectation, and its file; undefined if it is in code. */
interface Expected {
  readonly expectation: Expectation;
  readonly file?: string;
}

/** The methods for the keys of a file: `is` can't be the name of a method in Python. */
const METHODS = { is: 'always', never: 'never', atLeast: 'atLeast', accepts: 'accepts' };

/**
 * Fails `app.synth()` unless connections in a mesh of the app have the expected outcome, and servers the expected mode.
 *
 * Emits no objects. Each expectation is evaluated on the manifests of the whole mesh and the facts, like those of a file with
 * `istio-mtls test`. It also fails if it matches nothing, if a matching connection is undecided, or if one of its exceptions
 * excludes nothing or has expired. One error lists all failures, before any file is written, each with one connection and
 * the objects that decide it, by the paths of their constructs.
 *
 * `from` and `server` are workloads (`shop/web`, `CronJob/shop/backup`, `shop/*`). `to` is a Service or ServiceEntry
 * (`shop/ratings:9080`, `payments/*`) or a host (`api.example.com:443`). `*` matches any characters of a name, or everything if alone.
 *
 * @see https://github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/blob/main/docs/test.md
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { ConnectionOutcome, MeshExpectations, MtlsMode, StrictMeshMtls } from 'cdk8s-istio-mtls';
 *
 * const app = new App();
 * new StrictMeshMtls(new Chart(app, 'mesh'), 'strict');
 *
 * MeshExpectations.attach(app)
 *   .always({ from: 'shop/web', to: 'shop/ratings:9080', outcome: ConnectionOutcome.MTLS })
 *   .never({ to: 'payments/*', outcome: ConnectionOutcome.PLAINTEXT })
 *   .accepts({
 *     server: 'payments/*',
 *     mode: MtlsMode.STRICT,
 *     except: [{ server: 'payments/metrics:9090', reason: 'scraped without a sidecar', until: '2099-12-31' }],
 *   });
 */
export class MeshExpectations {
  /**
   * Evaluates expectations at each synth of an app, in each mesh at or below the scope, otherwise in the one around it.
   *
   * Attaches IstioAdmission too, because no outcome is right for a policy with fields that the API server rejects.
   *
   * @param scope the app, or a construct that holds meshes or is in one: failures are reported with its path
   * @param options facts that the manifests don't contain; defaults to the options of the mesh's MtlsAnalysis
   */
  public static attach(scope: IConstruct, options: MtlsAnalysisOptions = {}): MeshExpectations {
    IstioAdmission.attach(scope);
    const made = new MeshExpectations(scope, options);
    addJudge(scope, () => (mesh) => (MeshFacts.owners(scope).isNamedBy(scope, mesh.facts) ? made.failures(mesh) : []));
    return made;
  }

  private readonly expected: Expected[] = [];

  private constructor(private readonly scope: IConstruct, private readonly options: MtlsAnalysisOptions) {}

  /**
   * Expects all of these connections to have this outcome.
   *
   * @throws if `from`, `to` and `server` are all missing, if one is invalid, if the outcome is UNDECIDED, or if an exception has no reason
   */
  public always(expectation: ConnectionExpectation): MeshExpectations {
    return this.expect('is', expectation.outcome, expectation);
  }

  /**
   * Expects none of these connections to have this outcome. A broken connection isn't plaintext.
   *
   * @throws as `always` does
   */
  public never(expectation: ConnectionExpectation): MeshExpectations {
    return this.expect('never', expectation.outcome, expectation);
  }

  /**
   * Expects none of these connections to have a worse outcome. From best to worst: MTLS, TLS, PLAINTEXT, BROKEN.
   *
   * @throws as `always` does, and if the outcome is BROKEN
   */
  public atLeast(expectation: ConnectionExpectation): MeshExpectations {
    return this.expect('atLeast', expectation.outcome, expectation);
  }

  /**
   * Expects all ports of these servers to have this mode, regardless of the caller, including ports that no manifest declares.
   *
   * @throws if the server is invalid, if the mode is UNSET, or if an exception has no reason
   */
  public accepts(expectation: PortExpectation): MeshExpectations {
    return this.expect('accepts', expectation.mode, expectation);
  }

  /**
   * Adds all tests of a file for `istio-mtls test`.
   *
   * @param path relative to the working directory
   * @throws if the file can't be read or is invalid
   */
  public addFile(path: string): MeshExpectations {
    for (const expectation of analysisModules().loadExpectations(path).expectations) this.expected.push({ expectation, file: path });
    return this;
  }

  private expect(
    word: keyof typeof METHODS, value: string, { from, to, server, except }: Partial<ConnectionExpectation>,
  ): MeshExpectations {
    const { EXPECTATION_FIELDS, SettingsFields, readExpectation } = analysisModules();
    const nameOf = (field: FieldPath): string => (field.length === 0 || field[0] === word ? METHODS[word] : fieldText(field));
    const faults: Faults = {
      fault: (field, fault) => { throw refusal({ ...fault, kind: 'MeshExpectations', path: this.scope.node.path, field: nameOf(field) }); },
    };
    const expectation = readExpectation(new SettingsFields(faults, { from, to, server, [word]: value, except }, [],
      EXPECTATION_FIELDS), faults);
    this.expected.push({ expectation: expectation! });
    return this;
  }

  private failures(manifests: MeshManifests): string[] {
    const { date, ...options } = this.options;
    const outside = outsideMessages(manifests.facts, 'MeshExpectations', this.scope);
    if (outside.length > 0) return outside;
    const mesh = meshOfApp(manifests, Object.keys(options).length > 0 ? options : undefined);
    if (mesh.contradictions.length > 0) return [...mesh.contradictions];
    const expectations = new AppExpectations(mesh, { date, kind: 'MeshExpectations' });
    return this.expected.flatMap(({ expectation, file }) => {
      const path = [MeshFacts.owners(this.scope).namedBy(this.scope).length > 1 ? manifests.facts.name : this.scope.node.path, file];
      return expectations.failures(expectation).map((failure) => message(failure, expectation, path.filter(Boolean).join(', ')));
    });
  }
}

/** @param path where the expectation stands */
function message({ actual, because, fix, kind }: UnmetExpectation, expectation: Expectation, path: string): string {
  const change = 'change the objects that decide, or the expectation';
  return refusalMessage({
    code: 'API082',
    kind: 'MeshExpectations',
    path: path || undefined,
    field: `"${analysisModules().expectationText(expectation)}"`,
    actual: `unmet: ${actual}`,
    expected: 'it to hold',
    because,
    fix: kind === 'conditional' ? `${fix}, or ${change}` : fix ?? change,
  });
}
