import type { Configuration } from '../../configuration/configuration';

/** A configuration file of a run. */
export interface ConfigurationFile {
  readonly path: string;
  /** The mesh of the file whose settings hold. Missing if the run is about paths, and the command line names no mesh. */
  readonly mesh?: string;
}

export function fileOf(configuration: Pick<Configuration, 'file' | 'mesh'> | undefined): ConfigurationFile | undefined {
  return configuration && { path: configuration.file, mesh: configuration.mesh };
}

/** `istio-mtls.yaml, mesh prod`. */
export function fileText({ path, mesh }: ConfigurationFile): string {
  return mesh === undefined ? path : `${path}, mesh ${mesh}`;
}
