/** What a user must know of how the manifests were read: it is no finding, and changes what a report is worth. */
export interface Note {
  readonly about: 'namespace' | 'mesh config' | 'chart' | 'kustomization';
  readonly path?: string;
  readonly text: string;
}
