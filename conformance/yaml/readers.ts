// Who reads: the compiled library, and the referee for kubectl, for istiod, and for keys that stand twice.
import type { ManifestProblem } from '../../src/manifests/problems';
import { libraryModule, type LibraryModules } from '../library';
import { RefereeProcess } from '../node/referee-process';

/** What is compared of a problem. */
export type Problem = Pick<ManifestProblem, 'code' | 'actual'>;

/** What the library reads in a text. */
export interface Manifests {
  readonly objects: readonly unknown[];
  readonly problems: readonly Problem[];
}

/** The library threw what it never should. */
export interface Crash {
  readonly crash: string;
}

/** What the library reads in the text of a mesh config, or why it doesn't. */
export type MeshConfig = { readonly value: unknown; readonly error?: undefined } | { readonly error: string; readonly code?: string };

/** What kubectl reads: the JSON of internal/kubectl/reading.go. */
export interface KubectlReading {
  readonly documents?: readonly KubectlDocument[] | null;
  readonly error?: string;
  readonly panic?: string;
  /** How the referee contradicts itself. */
  readonly wrong?: string;
}

interface KubectlDocument {
  /** As JSON. */
  readonly value: string;
  /** What is sent, each as JSON. */
  readonly objects: readonly string[];
  readonly error?: string;
}

/** What istiod reads, as JSON. */
export interface IstiodReading {
  readonly value?: string;
  readonly error?: string;
  readonly panic?: string;
}

/** The library's two readers, from a compiled lib/: of manifests, and of a mesh config's text. */
export class Library {
  private readonly readManifests: LibraryModules['manifests/manifests']['readManifests'];
  private readonly readYaml: LibraryModules['manifests/yaml/read-yaml']['readYaml'];

  constructor() {
    this.readManifests = libraryModule('manifests/manifests').readManifests;
    this.readYaml = libraryModule('manifests/yaml/read-yaml').readYaml;
  }

  manifests(text: string): Manifests | Crash {
    try {
      const { documents, problems } = this.readManifests(text, 'text.yaml');
      return { objects: documents.map(({ object }) => object), problems };
    } catch (error) {
      return { crash: `${error instanceof Error ? error.stack : error}`.split('\n').slice(0, 3).join(' ') };
    }
  }

  meshConfig(text: string): MeshConfig {
    try {
      return { value: this.readYaml(text) ?? null };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return { error: error.message.split('\n')[0], code: 'code' in error && typeof error.code === 'string' ? error.code : undefined };
    }
  }
}

/** Who is asked about a text. */
export interface Readers {
  kubectl(text: string): Promise<KubectlReading>;
  istiod(text: string): Promise<IstiodReading>;
  /** Whether a mapping holds a key twice. */
  twice(text: string): Promise<boolean>;
  close(): void;
}

export class Referees implements Readers {
  private readonly asKubectl = new RefereeProcess<KubectlReading>('yaml');
  private readonly asIstiod = new RefereeProcess<IstiodReading>('yaml', ['-as', 'istiod']);
  private readonly forTwice = new RefereeProcess<boolean>('yaml', ['-as', 'twice']);

  kubectl(text: string): Promise<KubectlReading> {
    return this.asKubectl.judge(JSON.stringify(text));
  }

  istiod(text: string): Promise<IstiodReading> {
    return this.asIstiod.judge(JSON.stringify(text));
  }

  twice(text: string): Promise<boolean> {
    return this.forTwice.judge(JSON.stringify(text));
  }

  close(): void {
    for (const referee of [this.asKubectl, this.asIstiod, this.forTwice]) referee.close();
  }
}
