// Objects of a mesh, as the generators write them and referees get them.

/** What a field holds goes by the object's kind; generators write what fits it, and what doesn't. */
export type Fields = Record<string, any>;

export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly creationTimestamp?: string;
}

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly spec?: any;
  readonly data?: any;
}

/** A mesh that is judged: its objects, and what is told of its control plane. */
export interface JudgedMesh {
  readonly id: string;
  readonly objects: readonly Manifest[];
  /** The objects that its servers are configured by, where they are those of another state of it. */
  readonly servers?: readonly Manifest[];
  /** Objects of the cluster that the manifests don't contain: only the referee is shown them. */
  readonly unseen?: readonly Manifest[];
  readonly istiodEnv?: Readonly<Record<string, string>>;
  readonly clusterDomain?: string;
}
