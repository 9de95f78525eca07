import type { Claims } from '../../analysis/acknowledgements';
import { judgementDay } from '../../findings/acknowledgement';
import { fieldText } from '../../findings/finding';
import { refusalMessage } from '../../findings/refusal';
import type { AnalysisSettings } from '../../integration/analysis-settings';
import type { MeshManifests } from '../../integration/app-manifests';
import { analysisModules, AppMesh, settingsOf } from '../../integration/app-mesh';
import { attachedTo } from '../../integration/attachments';
import type { ObjectName } from '../../mesh/inventory/object';

/** The acknowledgements of a synth's warnings: annotations of objects, and those of the mesh's MtlsAnalysis and configuration file. */
export class AcknowledgedWarnings {
  private readonly claims: Claims;
  private readonly settings: AnalysisSettings;

  /** @param codes those of the warnings */
  public constructor(codes: readonly string[], private readonly mesh: AppMesh, { facts }: MeshManifests) {
    const options = attachedTo(facts)?.options ?? {};
    this.settings = settingsOf(options);
    const ofRun = this.settings.acknowledgements(options.acknowledgements);
    this.claims = analysisModules().acknowledgementsOf(codes, mesh.mesh.objects, ofRun, judgementDay(options.date, 'MtlsAnalysis'));
  }

  /** Whether a warning of an object is acknowledged. Ask only of warnings that would be given. */
  public has(code: string, { kind, namespace, name }: ObjectName): boolean {
    return this.claims.claim({ code, object: { kind, namespace, name } }) !== undefined;
  }

  /** Warnings of the acknowledgements that match nothing or have expired. To be asked last. */
  public get faults(): string[] {
    return this.claims.faults().map(({ object: { kind, namespace, name }, source, field, ...fault }) => {
      if (source) {
        const path = this.mesh.pathOf.get(source);
        return refusalMessage({ kind, name: `${namespace}/${name}`, path, field: fieldText(field), ...fault });
      }
      const said = this.settings.acknowledgementPlace(field);
      const place = said.place && `${said.place.file}:${said.place.position.line}:${said.place.position.column}`;
      return refusalMessage({ kind: place ?? 'MtlsAnalysis', field: fieldText(said.field), ...fault });
    });
  }
}
