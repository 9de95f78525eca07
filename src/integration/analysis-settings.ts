import { Baseline, compared, Growth, UndecidedCounts, undecidedBeyond } from '../baseline/baseline';
import { loadBaseline } from '../baseline/baseline-file';
import { BrokenCalls } from '../baseline/broken-calls';
import { FindingKey, Keyable, baselineKey } from '../baseline/key';
import { acknowledgementPlace, AcknowledgementPlace, Configuration, loadConfiguration } from '../configuration/configuration';
import { installationFacts } from '../configuration/installation';
import { readWorkloadKinds } from '../configuration/mesh-facts';
import { settingsOfMesh } from '../configuration/meshes';
import type { MeshSources } from '../configuration/rendered-source';
import { Faults, SettingsFields } from '../configuration/settings-file';
import { graded } from '../configuration/severities';
import { StatedAcknowledgement } from '../findings/acknowledgement';
import { FailWords, FieldPath, fieldText, Finding } from '../findings/finding';
import { refusal } from '../findings/refusal';
import { shown } from '../findings/safe-text';
import { WorkloadKind } from '../manifests/kinds';
import { bothFacts, ControlPlaneFacts, MESH_MODES, MeshMode } from '../mesh/config/control-plane-facts';
import { Mesh, MeshOptions } from '../mesh/mesh';
import { statedBothWays } from '../mesh/workloads/injection-facts';

/** Facts of a mesh that both options and the configuration file may set. */
export type AnalysisFacts = Omit<MeshOptions, 'parseYaml' | 'existing' | 'assumed' | 'onlyDeclaredCalls'>;

/** The same facts, as options state them. */
interface SaidFacts extends Omit<AnalysisFacts, 'workloadKinds' | 'meshConfigs' | 'meshMode'> {
  readonly workloadKinds?: unknown;
  readonly meshMode?: string;
  /** Files with istiod's mesh config or with the input of its installer. */
  readonly meshConfigs?: readonly string[];
}

/** The settings that a configuration file and its baseline give an analysis. */
export class AnalysisSettings {
  /** @throws SettingsError if the file, or the baseline that it names, can't be read or isn't valid */
  public static of(configFile: string | undefined): AnalysisSettings {
    return configFile === undefined ? new AnalysisSettings() : AnalysisSettings.in(loadConfiguration(configFile));
  }

  /**
   * The settings for each mesh that a configuration file names, or for the only one if it names none.
   *
   * @throws SettingsError as `of`
   */
  public static ofMeshes(configFile: string | undefined): readonly AnalysisSettings[] {
    const configuration = configFile === undefined ? undefined : loadConfiguration(configFile);
    if (!configuration?.meshes) return [configuration ? AnalysisSettings.in(configuration) : new AnalysisSettings()];
    return [...configuration.meshes.keys()].map((name) => AnalysisSettings.in(settingsOfMesh(configuration, name)));
  }

  private static in(configuration: Configuration): AnalysisSettings {
    return new AnalysisSettings(configuration, configuration.baseline === undefined ? undefined : loadBaseline(configuration.baseline));
  }

  private constructor(private readonly configuration?: Configuration, private readonly baseline?: Baseline) {}

  /** The mesh of the configuration file whose settings these are, with its sources; undefined: the file names no meshes. */
  public get mesh(): (MeshSources & { readonly name: string; readonly configFile: string }) | undefined {
    const { mesh: name, paths = [], rendered, file } = this.configuration ?? {};
    return name === undefined ? undefined : { name, paths, rendered, configFile: file! };
  }

  public get namespace(): string | undefined {
    return this.configuration?.namespace;
  }

  public get caHorizon(): number | undefined {
    return this.configuration?.caHorizon;
  }

  public get allCalls(): boolean | undefined {
    return this.configuration?.allCalls;
  }

  public get failOn(): FailWords | undefined {
    return this.configuration?.failOn;
  }

  /**
   * The facts of the file and of options.
   *
   * @param owner the construct whose options they are, for errors
   * @throws if a workload kind isn't valid, or is already known; if a namespace is stated both ways; if a mode isn't one of a mesh
   */
  public facts(others: SaidFacts, owner: string): AnalysisFacts {
    const { injectedNamespaces, uninjectedNamespaces, installedRevisions, partialNamespaces, workloadKinds } = others;
    const stated = {
      injectedNamespaces: both(this.configuration?.injectedNamespaces, injectedNamespaces),
      uninjectedNamespaces: both(this.configuration?.uninjectedNamespaces, uninjectedNamespaces),
    };
    const twice = statedBothWays(stated);
    if (twice !== undefined) {
      throw refusal({
        code: 'API092',
        kind: owner,
        field: 'uninjectedNamespaces',
        actual: shown(twice),
        expected: 'namespaces that \'injectedNamespaces\' doesn\'t list',
        because: 'a namespace either has injection or not',
        fix: 'remove it from one of the two',
      });
    }
    return {
      ...this.controlPlane(others),
      meshMode: statedMode(others.meshMode, owner) ?? this.configuration?.meshMode,
      ...stated,
      installedRevisions: both(this.configuration?.installedRevisions, installedRevisions),
      partialNamespaces: both(this.configuration?.partialNamespaces, partialNamespaces),
      workloadKinds: both(this.configuration?.workloadKinds, saidKinds(workloadKinds, owner)),
    };
  }

  /**
   * Facts about the control plane. Options take precedence over the file, and both over the input of installers.
   *
   * @throws SettingsError if the input of an installer can't be read, or contains what istiod would reject or ignore
   */
  public controlPlane(said: SaidFacts): ControlPlaneFacts {
    const { istiodNamespace, rootNamespace, trustDomain, clusterDomain, istioVersion, istiodEnv, meshConfigs } = said;
    const { meshConfigs: files, ...ofFile }: Partial<Configuration> = this.configuration ?? {};
    const told = bothFacts({ istiodNamespace, rootNamespace, trustDomain, clusterDomain, istioVersion, istiodEnv }, ofFile);
    return bothFacts(told, installationFacts(both(files, meshConfigs) ?? [], told.istiodNamespace));
  }

  /** The acknowledgements of the file, followed by those of options. */
  public acknowledgements(others: readonly StatedAcknowledgement[] = []): readonly StatedAcknowledgement[] {
    return [...this.configuration?.acknowledgements ?? [], ...others];
  }

  public acknowledgementPlace(field: FieldPath): AcknowledgementPlace {
    return (this.configuration && acknowledgementPlace(field, this.configuration)) ?? { field };
  }

  /**
   * Findings with the file's severities: `held` are in the baseline, `open` are not.
   *
   * @param mesh what they are found in, with its broken calls
   */
  public settled<F extends Finding & Keyable>(findings: readonly F[], objectOf: (finding: F) => object | undefined, mesh: Mesh): {
    readonly open: readonly F[]; readonly held: readonly F[]; readonly grown?: ReadonlyMap<F, Growth>;
  } {
    const kept = this.configuration ? graded(findings, this.configuration.severities).findings : findings;
    if (!this.baseline) return { open: kept, held: [] };
    let broken: BrokenCalls | undefined;
    const callsOf = (finding: F): readonly string[] => (broken ??= BrokenCalls.of(mesh)).around(objectOf(finding));
    const { open, held, grown } = compared(kept, this.baseline, (finding): FindingKey => baselineKey(finding, objectOf(finding)), callsOf);
    return { open, held: [...held.keys()], grown };
  }

  /** The number of undecided connections beyond those in the baseline. */
  public undecidedBeyond(undecided: UndecidedCounts): number {
    return undecidedBeyond(undecided, this.baseline?.undecided);
  }
}

/** @param owner the construct whose option it is, for errors */
function statedMode(mode: string | undefined, owner: string): MeshMode | undefined {
  if (mode === undefined) return undefined;
  const known = MESH_MODES.find((one) => one === mode);
  if (known) return known;
  const expected = `one of ${MESH_MODES.join(', ')}`;
  throw refusal({ code: 'API092', kind: owner, field: 'meshMode', actual: shown(mode), expected, fix: 'write one of them' });
}

function saidKinds(workloadKinds: unknown, kind: string): readonly WorkloadKind[] | undefined {
  const faults: Faults = { fault: (field, fault) => { throw refusal({ ...fault, kind, field: fieldText(field) }); } };
  return readWorkloadKinds(new SettingsFields(faults, { workloadKinds }, []), faults);
}

function both<T>(one: readonly T[] | undefined, other: readonly T[] | undefined): readonly T[] | undefined {
  return one && other ? [...one, ...other] : one ?? other;
}
